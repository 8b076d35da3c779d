//! Keys for the REST API; only their hashes are kept (B6).

use crate::database::statements::{Session, all, execute, one, text, time};
use crate::error::StorageError;
use domain::value::{ApiKeyId, Timestamp, WorkspaceId};

/// A key as the console lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Keeps a new key.
pub async fn create(
    on: &impl Session,
    workspace: WorkspaceId,
    key: &ApiKey,
    key_hash: &str,
) -> Result<(), StorageError> {
    let values = vec![text(workspace), text(key.id), text(&key.name), text(key_hash), time(key.created_at)];
    let sql = "INSERT INTO api_keys (workspace_id, api_key_id, name, key_hash, created_at)
        VALUES ($1, $2, $3, $4, $5)";
    execute(on, sql, values).await.map(drop)
}

/// The workspace to which a key gives access.
pub async fn find_workspace(on: &impl Session, key_hash: &str) -> Result<Option<WorkspaceId>, StorageError> {
    let row = one(on, "SELECT workspace_id FROM api_keys WHERE key_hash = $1", vec![text(key_hash)]).await?;
    row.map(|row| row.parse("api_keys", "workspace_id")).transpose()
}

/// A workspace's keys, the newest first.
pub async fn list(on: &impl Session, workspace: WorkspaceId) -> Result<Vec<ApiKey>, StorageError> {
    let sql = "SELECT * FROM api_keys WHERE workspace_id = $1 ORDER BY created_at DESC, api_key_id";
    let rows = all(on, sql, vec![text(workspace)]).await?;
    rows.iter()
        .map(|row| {
            Ok(ApiKey {
                id: row.parse("api_keys", "api_key_id")?,
                name: row.get("name")?,
                created_at: row.time("created_at")?,
            })
        })
        .collect()
}

/// Takes a key out of use.
pub async fn remove(on: &impl Session, workspace: WorkspaceId, key: ApiKeyId) -> Result<(), StorageError> {
    let sql = "DELETE FROM api_keys WHERE workspace_id = $1 AND api_key_id = $2";
    execute(on, sql, vec![text(workspace), text(key)]).await.map(drop)
}
