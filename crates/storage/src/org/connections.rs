//! The connection of a workspace to its org: what is known of it, its secrets, and who refreshes (C1–C7).

use crate::database::pool::Write;
use crate::database::statements::{Row, Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::queue::lease;
use crate::secret::vault::Vault;
use domain::value::{AccountId, Timestamp, WorkspaceId};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How the connection gets its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Login and consent in a browser (C1).
    WebServer,
    /// The app's own user (C10).
    ClientCredentials,
    /// A signed assertion for a user (C10).
    JwtBearer,
}

/// What is known of a connection; shown in the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// How it gets its tokens.
    pub flow: Flow,
    /// `production`, `sandbox` or a My Domain address.
    pub environment: String,
    /// The host that logs in.
    pub login_url: String,
    /// The consumer key (コンシューマ鍵).
    pub consumer_key: String,
    /// The user whom a JWT names.
    #[serde(default)]
    pub jwt_username: String,
    /// The host that is called.
    pub instance_url: String,
    /// The org's 18-character id.
    pub org_id: String,
    /// The org's name.
    pub org_name: String,
    /// The connected user's id.
    pub user_id: String,
    /// The connected user's name.
    pub username: String,
    /// What was granted.
    pub scopes: Vec<String>,
    /// When it was made.
    pub connected_at: Timestamp,
    /// When a call last succeeded, and how many calls the org counted then, of how many (C9).
    #[serde(default)]
    pub api_usage: Option<ApiUsage>,
}

/// What the org said of its daily API calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiUsage {
    /// Used in the last 24 hours.
    pub used: i64,
    /// Allowed in 24 hours.
    pub allowed: i64,
    /// When it said so.
    pub at: Timestamp,
}

/// A connection's secrets, decrypted.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// コンシューマの秘密; empty for JWT.
    pub consumer_secret: SecretString,
    /// The PEM key for JWT; empty otherwise.
    pub private_key: SecretString,
    /// The current access token.
    pub access_token: SecretString,
    /// The refresh token; empty for flows without one.
    pub refresh_token: SecretString,
}

/// A connection with its secrets.
#[derive(Clone, Debug)]
pub struct ConnectionWithSecrets {
    /// What is known of it.
    pub connection: Connection,
    /// Its secrets.
    pub secrets: Secrets,
    /// Grows with each new access token, so that a refresh is not done twice (C7).
    pub token_version: i64,
}

#[derive(Serialize, Deserialize)]
struct SealedSecrets {
    consumer_secret: String,
    private_key: String,
    access_token: String,
    refresh_token: String,
}

fn seal(vault: &Vault, workspace: WorkspaceId, secrets: &Secrets) -> Result<SealedSecrets, StorageError> {
    let sealed = |name: &str, secret: &SecretString| {
        vault.seal(&secret_context(workspace, name), secret.expose_secret())
    };
    Ok(SealedSecrets {
        consumer_secret: sealed("consumer_secret", &secrets.consumer_secret)?,
        private_key: sealed("private_key", &secrets.private_key)?,
        access_token: sealed("access_token", &secrets.access_token)?,
        refresh_token: sealed("refresh_token", &secrets.refresh_token)?,
    })
}

fn secret_context(workspace: WorkspaceId, name: &str) -> String {
    format!("connections/{workspace}/{name}")
}

/// Why a connection was not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveResult {
    /// It was.
    Yes,
    /// Another workspace uses the consumer key (C4).
    KeyInUse,
}

/// Keeps a new connection in place of an older one.
pub async fn save(
    on: &Write,
    workspace: WorkspaceId,
    connection: &Connection,
    secrets: &Secrets,
) -> Result<SaveResult, StorageError> {
    if is_key_in_use(on, workspace, &connection.consumer_key).await? {
        return Ok(SaveResult::KeyInUse);
    }
    let sql = "INSERT INTO connections
            (workspace_id, consumer_key, body, secrets, token_version, refresh_lease_until, connected_at)
        VALUES ($1, $2, $3, $4, 1, 0, $5) ON CONFLICT (workspace_id) DO UPDATE
        SET consumer_key = excluded.consumer_key, body = excluded.body, secrets = excluded.secrets,
            token_version = connections.token_version + 1, refresh_lease_until = 0,
            connected_at = excluded.connected_at";
    let values = vec![
        text(workspace),
        text(&connection.consumer_key),
        to_json(connection)?,
        to_json(&seal(on.vault(), workspace, secrets)?)?,
        time(connection.connected_at),
    ];
    execute(on, sql, values).await?;
    Ok(SaveResult::Yes)
}

/// Whether another workspace uses a consumer key (C4).
pub async fn is_key_in_use(
    on: &impl Session,
    workspace: WorkspaceId,
    consumer_key: &str,
) -> Result<bool, StorageError> {
    let sql = "SELECT workspace_id FROM connections WHERE consumer_key = $1 AND workspace_id <> $2";
    Ok(one(on, sql, vec![text(consumer_key), text(workspace)]).await?.is_some())
}

/// What is known of a workspace's connection, without its secrets.
pub async fn find(on: &impl Session, workspace: WorkspaceId) -> Result<Option<Connection>, StorageError> {
    let row = one(on, "SELECT body FROM connections WHERE workspace_id = $1", vec![text(workspace)]).await?;
    row.map(|row| row.json("connections", "body")).transpose()
}

/// A workspace's connection with its secrets.
pub async fn find_with_secrets(
    on: crate::Read<'_>,
    workspace: WorkspaceId,
) -> Result<Option<ConnectionWithSecrets>, StorageError> {
    let row = one(&on, "SELECT * FROM connections WHERE workspace_id = $1", vec![text(workspace)]).await?;
    row.map(|row| open(on.vault(), workspace, &row)).transpose()
}

fn open(vault: &Vault, workspace: WorkspaceId, row: &Row) -> Result<ConnectionWithSecrets, StorageError> {
    let sealed: SealedSecrets = row.json("connections", "secrets")?;
    let opened = |name: &str, sealed: &str| vault.open(&secret_context(workspace, name), sealed);
    Ok(ConnectionWithSecrets {
        connection: row.json("connections", "body")?,
        secrets: Secrets {
            consumer_secret: opened("consumer_secret", &sealed.consumer_secret)?,
            private_key: opened("private_key", &sealed.private_key)?,
            access_token: opened("access_token", &sealed.access_token)?,
            refresh_token: opened("refresh_token", &sealed.refresh_token)?,
        },
        token_version: row.get("token_version")?,
    })
}

/// Asks to be the one who refreshes; `false` when another does, or the token is newer already (C7).
pub async fn begin_refresh(
    on: &Write,
    workspace: WorkspaceId,
    seen_version: i64,
    lease: Duration,
) -> Result<bool, StorageError> {
    let sql = format!(
        "UPDATE connections SET refresh_lease_until = {}
        WHERE workspace_id = $1 AND token_version = $2 AND refresh_{}",
        lease::until(on.dialect, "$3"),
        lease::is_over(on.dialect)
    );
    let values = vec![text(workspace), seen_version.into(), lease::length(lease)];
    Ok(execute(on, &sql, values).await? == 1)
}

/// Gives the refresh of a token back undone, so that the next caller may try.
pub async fn abandon_refresh(
    on: &impl Session,
    workspace: WorkspaceId,
    version: i64,
) -> Result<(), StorageError> {
    let sql = "UPDATE connections SET refresh_lease_until = 0 WHERE workspace_id = $1 AND token_version = $2";
    execute(on, sql, vec![text(workspace), version.into()]).await.map(drop)
}

/// Keeps a refreshed token in place of the one of `version`; `false` when someone has connected again meanwhile.
///
/// The refresh token may have been rotated, the instance may have moved.
pub async fn finish_refresh(
    on: &Write,
    workspace: WorkspaceId,
    version: i64,
    connection: &Connection,
    secrets: &Secrets,
) -> Result<bool, StorageError> {
    let sql = "UPDATE connections SET body = $2, secrets = $3, token_version = token_version + 1,
        refresh_lease_until = 0 WHERE workspace_id = $1 AND token_version = $4";
    let sealed = to_json(&seal(on.vault(), workspace, secrets)?)?;
    let values = vec![text(workspace), to_json(connection)?, sealed, version.into()];
    Ok(execute(on, sql, values).await? == 1)
}

/// Deletes a connection whose token of `version` is refused; `false` when someone has connected again meanwhile.
pub async fn remove_refused(on: &Write, workspace: WorkspaceId, version: i64) -> Result<bool, StorageError> {
    let sql = "DELETE FROM connections WHERE workspace_id = $1 AND token_version = $2";
    Ok(execute(on, sql, vec![text(workspace), version.into()]).await? == 1)
}

/// Keeps what the org said of its API calls.
pub async fn note_api_usage(on: &Write, workspace: WorkspaceId, usage: ApiUsage) -> Result<(), StorageError> {
    let Some(mut connection) = find(on, workspace).await? else { return Ok(()) };
    connection.api_usage = Some(usage);
    let sql = "UPDATE connections SET body = $2 WHERE workspace_id = $1";
    execute(on, sql, vec![text(workspace), to_json(&connection)?]).await.map(drop)
}

/// Deletes a connection and its secrets (C5).
pub async fn remove(on: &Write, workspace: WorkspaceId) -> Result<(), StorageError> {
    execute(on, "DELETE FROM connections WHERE workspace_id = $1", vec![text(workspace)]).await.map(drop)
}

/// Workspaces that are connected.
pub async fn list(on: &impl Session) -> Result<Vec<WorkspaceId>, StorageError> {
    let rows = all(on, "SELECT workspace_id FROM connections ORDER BY workspace_id", Vec::new()).await?;
    rows.iter().map(|row| row.parse("connections", "workspace_id")).collect()
}

/// A connection that was begun in a browser and has not come back from Salesforce yet (C1).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OAuthAttempt {
    /// Who began it.
    pub account: AccountId,
    /// `production`, `sandbox` or a My Domain address.
    pub environment: String,
    /// コンシューマ鍵
    pub consumer_key: String,
    /// コンシューマの秘密; encrypted with the rest of the attempt.
    pub consumer_secret: String,
    /// The PKCE verifier.
    pub code_verifier: String,
}

/// Keeps an attempt under its `state`, encrypted.
pub async fn begin_oauth_attempt(
    on: &Write,
    workspace: WorkspaceId,
    state: &str,
    attempt: &OAuthAttempt,
    now: Timestamp,
) -> Result<(), StorageError> {
    // Whoever began and never came back leaves nothing for longer than an hour.
    let sql = "DELETE FROM connection_attempts WHERE workspace_id = $1 AND created_at < $2";
    execute(on, sql, vec![text(workspace), time(now.plus_minutes(-60))]).await?;
    let plain = serde_json::to_string(attempt).map_err(|_| StorageError::Secret)?;
    let sealed = on.vault().seal(&secret_context(workspace, "attempt"), &plain)?;
    let sql = "INSERT INTO connection_attempts (workspace_id, state_hash, account_id, secrets, created_at)
        VALUES ($1, $2, $3, $4, $5)";
    let hash = crate::secret::token_hash::of_token(state);
    let values = vec![text(workspace), text(hash), text(attempt.account), text(sealed), time(now)];
    execute(on, sql, values).await.map(drop)
}

/// Takes an attempt back by its `state`, once; `None` when it is unknown, used, or older than `not_before`.
pub async fn take_oauth_attempt(
    on: &Write,
    workspace: WorkspaceId,
    state: &str,
    not_before: Timestamp,
) -> Result<Option<OAuthAttempt>, StorageError> {
    let sql = "DELETE FROM connection_attempts WHERE workspace_id = $1 AND state_hash = $2
        RETURNING secrets, created_at";
    let hash = crate::secret::token_hash::of_token(state);
    let Some(row) = one(on, sql, vec![text(workspace), text(hash)]).await? else { return Ok(None) };
    if row.time("created_at")? < not_before {
        return Ok(None);
    }
    let plain = on.vault().open(&secret_context(workspace, "attempt"), &row.get::<String>("secrets")?)?;
    serde_json::from_str(plain.expose_secret()).map(Some).map_err(|_| StorageError::Secret)
}
