//! People who sign in, and their sessions (N2).

use crate::database::statements::{Row, Session, all, execute, one, text, time};
use crate::error::StorageError;
use domain::value::{AccountId, EmailAddress, Language, Timestamp, WorkspaceId};
use domain::workspace::Role;

const TABLE: &str = "accounts";

/// A person who signs in to the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The workspace in which they work.
    pub workspace: WorkspaceId,
    /// Their id.
    pub id: AccountId,
    /// The address with which they sign in; unique on the server.
    pub email: EmailAddress,
    /// Their name.
    pub name: String,
    /// The hash of their password.
    pub password_hash: String,
    /// What they may do.
    pub role: Role,
    /// The language of their screens.
    pub language: Language,
}

/// Makes an account; `false` when the address is taken.
pub async fn create(on: &impl Session, account: &Account, now: Timestamp) -> Result<bool, StorageError> {
    let values = vec![
        text(account.workspace),
        text(account.id),
        text(&account.email),
        text(account.email.key()),
        text(&account.name),
        text(&account.password_hash),
        text(account.role.name()),
        text(account.language.tag()),
        time(now),
    ];
    let sql = "INSERT INTO accounts
        (workspace_id, account_id, email, email_key, name, password_hash, role, language, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (email_key) DO NOTHING";
    Ok(execute(on, sql, values).await? == 1)
}

/// The account that signs in with an address, in whichever workspace.
pub async fn find_by_email(on: &impl Session, email: &EmailAddress) -> Result<Option<Account>, StorageError> {
    let row = one(on, "SELECT * FROM accounts WHERE email_key = $1", vec![text(email.key())]).await?;
    row.as_ref().map(read).transpose()
}

/// An account of a workspace.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Option<Account>, StorageError> {
    let sql = "SELECT * FROM accounts WHERE workspace_id = $1 AND account_id = $2";
    one(on, sql, vec![text(workspace), text(account)]).await?.as_ref().map(read).transpose()
}

/// A workspace's accounts, by name.
pub async fn list(on: &impl Session, workspace: WorkspaceId) -> Result<Vec<Account>, StorageError> {
    let sql = "SELECT * FROM accounts WHERE workspace_id = $1 ORDER BY name, account_id";
    all(on, sql, vec![text(workspace)]).await?.iter().map(read).collect()
}

/// Saves name, role, language and password of an account.
pub async fn update(on: &impl Session, account: &Account) -> Result<(), StorageError> {
    let values = vec![
        text(account.workspace),
        text(account.id),
        text(&account.name),
        text(account.role.name()),
        text(account.language.tag()),
        text(&account.password_hash),
    ];
    let sql = "UPDATE accounts SET name = $3, role = $4, language = $5, password_hash = $6
        WHERE workspace_id = $1 AND account_id = $2";
    execute(on, sql, values).await.map(drop)
}

/// Removes an account and signs it out everywhere.
pub async fn remove(
    on: &impl Session,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<(), StorageError> {
    end_sessions(on, workspace, account).await?;
    let sql = "DELETE FROM accounts WHERE workspace_id = $1 AND account_id = $2";
    execute(on, sql, vec![text(workspace), text(account)]).await.map(drop)
}

/// Begins a session; only the hash of its token is kept.
pub async fn begin_session(
    on: &impl Session,
    account: &Account,
    token_hash: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StorageError> {
    let values =
        vec![text(account.workspace), text(account.id), text(token_hash), time(now), time(expires_at)];
    let sql = "INSERT INTO sessions (workspace_id, account_id, token_hash, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5)";
    execute(on, sql, values).await.map(drop)
}

/// Whose session a token is, unless it is over.
pub async fn find_by_session(
    on: &impl Session,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<Account>, StorageError> {
    let sql = "SELECT accounts.* FROM sessions JOIN accounts
        ON accounts.workspace_id = sessions.workspace_id AND accounts.account_id = sessions.account_id
        WHERE sessions.token_hash = $1 AND sessions.expires_at > $2";
    one(on, sql, vec![text(token_hash), time(now)]).await?.as_ref().map(read).transpose()
}

/// Ends one session.
pub async fn end_session(on: &impl Session, token_hash: &str) -> Result<(), StorageError> {
    execute(on, "DELETE FROM sessions WHERE token_hash = $1", vec![text(token_hash)]).await.map(drop)
}

/// Ends every session of an account.
pub async fn end_sessions(
    on: &impl Session,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM sessions WHERE workspace_id = $1 AND account_id = $2";
    execute(on, sql, vec![text(workspace), text(account)]).await.map(drop)
}

fn read(row: &Row) -> Result<Account, StorageError> {
    Ok(Account {
        workspace: row.parse(TABLE, "workspace_id")?,
        id: row.parse(TABLE, "account_id")?,
        email: row.word(TABLE, "email", |email| EmailAddress::parse(email).ok())?,
        name: row.get("name")?,
        password_hash: row.get("password_hash")?,
        role: row.word(TABLE, "role", Role::from_name)?,
        language: row.word(TABLE, "language", Language::from_tag)?,
    })
}
