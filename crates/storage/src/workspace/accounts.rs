//! People who sign in, and their sessions (N2).

use crate::database::statements::{Row, Session, all, execute, one, text, time};
use crate::error::StorageError;
use crate::workspace::workspaces;
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

/// What became of a change to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountChange {
    /// It was made.
    Saved,
    /// The account is gone.
    NotFound,
    /// It would leave the workspace without an owner.
    LastOwner,
}

/// Saves an account's name and role. Checked and written under one lock, so that two owners who demote each other at
/// the same time can't leave none.
pub async fn set_name_and_role(
    on: &crate::Write,
    workspace: WorkspaceId,
    account: AccountId,
    name: &str,
    role: Role,
) -> Result<AccountChange, StorageError> {
    let Some(found) = find_locked(on, workspace, account).await? else { return Ok(AccountChange::NotFound) };
    if role != Role::Owner && is_last_owner(on, &found).await? {
        return Ok(AccountChange::LastOwner);
    }
    let sql = "UPDATE accounts SET name = $3, role = $4 WHERE workspace_id = $1 AND account_id = $2";
    execute(on, sql, vec![text(workspace), text(account), text(name), text(role.name())]).await?;
    Ok(AccountChange::Saved)
}

/// Saves the hash of a new password; `false` when the account is gone.
pub async fn set_password(
    on: &crate::Write,
    workspace: WorkspaceId,
    account: AccountId,
    password_hash: &str,
) -> Result<bool, StorageError> {
    let sql = "UPDATE accounts SET password_hash = $3 WHERE workspace_id = $1 AND account_id = $2";
    Ok(execute(on, sql, vec![text(workspace), text(account), text(password_hash)]).await? == 1)
}

/// Saves the language of someone's screens.
pub async fn set_language(
    on: &crate::Write,
    workspace: WorkspaceId,
    account: AccountId,
    language: Language,
) -> Result<(), StorageError> {
    let sql = "UPDATE accounts SET language = $3 WHERE workspace_id = $1 AND account_id = $2";
    execute(on, sql, vec![text(workspace), text(account), text(language.tag())]).await.map(drop)
}

/// Removes an account and signs it out everywhere, unless it is the last owner's.
pub async fn remove(
    on: &crate::Write,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<AccountChange, StorageError> {
    let Some(found) = find_locked(on, workspace, account).await? else { return Ok(AccountChange::NotFound) };
    if is_last_owner(on, &found).await? {
        return Ok(AccountChange::LastOwner);
    }
    end_sessions(on, workspace, account).await?;
    let sql = "DELETE FROM accounts WHERE workspace_id = $1 AND account_id = $2";
    execute(on, sql, vec![text(workspace), text(account)]).await?;
    Ok(AccountChange::Saved)
}

/// The account as it is now, while no one else can change the accounts of its workspace.
async fn find_locked(
    on: &crate::Write,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Option<Account>, StorageError> {
    workspaces::lock(on, workspace).await?;
    find(on, workspace, account).await
}

async fn is_last_owner(on: &crate::Write, account: &Account) -> Result<bool, StorageError> {
    if account.role != Role::Owner {
        return Ok(false);
    }
    let sql =
        "SELECT 1 AS n FROM accounts WHERE workspace_id = $1 AND account_id <> $2 AND role = $3 LIMIT 1";
    let values = vec![text(account.workspace), text(account.id), text(Role::Owner.name())];
    Ok(one(on, sql, values).await?.is_none())
}

/// Removes sessions that are over.
pub async fn forget_sessions_before(on: &crate::Write, now: Timestamp) -> Result<u64, StorageError> {
    execute(on, "DELETE FROM sessions WHERE expires_at <= $1", vec![time(now)]).await
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
