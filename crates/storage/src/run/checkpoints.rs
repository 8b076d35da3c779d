//! How far a run is with a stream, kept together with the rows it has brought, so that a kill loses nothing.

use crate::database::statements::{Session, all, execute, text, to_json};
use crate::error::StorageError;
use crate::mirror::seen_ids;
use domain::value::{RunId, WorkspaceId};
use serde::Serialize;
use serde::de::DeserializeOwned;

const TABLE: &str = "run_checkpoints";

/// Keeps how far a run is with a stream.
pub async fn save(
    on: &crate::Write,
    workspace: WorkspaceId,
    run: RunId,
    stream: &str,
    work: &impl Serialize,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO run_checkpoints (workspace_id, run_id, stream, body) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, run_id, stream) DO UPDATE SET body = excluded.body";
    execute(on, sql, vec![text(workspace), text(run), text(stream), to_json(work)?]).await.map(drop)
}

/// How far a run is, by stream; nothing before it has begun.
pub async fn all_of<T: DeserializeOwned>(
    on: &impl Session,
    workspace: WorkspaceId,
    run: RunId,
) -> Result<Vec<(String, T)>, StorageError> {
    let sql = "SELECT * FROM run_checkpoints WHERE workspace_id = $1 AND run_id = $2 ORDER BY stream";
    let rows = all(on, sql, vec![text(workspace), text(run)]).await?;
    rows.iter().map(|row| Ok((row.get("stream")?, row.json(TABLE, "body")?))).collect()
}

/// Forgets how far any run was with a stream, and the ids it had noted.
pub async fn end(on: &crate::Write, workspace: WorkspaceId, stream: &str) -> Result<(), StorageError> {
    let sql = "DELETE FROM run_checkpoints WHERE workspace_id = $1 AND stream = $2";
    execute(on, sql, vec![text(workspace), text(stream)]).await?;
    seen_ids::forget(on, workspace, stream).await
}
