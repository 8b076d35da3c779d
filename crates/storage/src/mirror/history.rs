//! What became of kept records: the history of each, for streams that keep one (Y).

use crate::database::statements::{Session, all, execute, text, time, to_json};
use crate::error::StorageError;
use crate::mirror::streams::Mirror;
use domain::mirror::RecordChange;
use domain::value::{Timestamp, WorkspaceId};

const TABLE: &str = "mirror_changes";

/// Writes changes that can be seen when the run's rows can.
pub async fn stage(
    on: &crate::Write,
    workspace: WorkspaceId,
    mirror: &Mirror,
    changes: &[(String, RecordChange)],
    now: Timestamp,
) -> Result<(), StorageError> {
    if changes.is_empty() {
        return Ok(());
    }
    let list: Vec<(&str, String)> = changes
        .iter()
        .map(|(id, change)| (id.as_str(), serde_json::to_string(change).unwrap_or_default()))
        .collect();
    let sql = format!(
        "INSERT INTO mirror_changes (workspace_id, stream, record_id, changed_at, generation, body)
        SELECT $1, $2, value ->> 0, $3, $4, value ->> 1 FROM {} WHERE true
        ON CONFLICT (workspace_id, stream, record_id, changed_at) DO UPDATE SET body = excluded.body",
        on.dialect.json_rows("$5")
    );
    let values =
        vec![text(workspace), text(&mirror.stream), time(now), mirror.staged().into(), to_json(&list)?];
    execute(on, &sql, values).await.map(drop)
}

/// Lets staged changes be seen, under the generation that is read now.
pub async fn publish(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
    staged: i64,
    read: i64,
) -> Result<(), StorageError> {
    let sql = "UPDATE mirror_changes SET generation = $4
        WHERE workspace_id = $1 AND stream = $2 AND generation = $3";
    let values = vec![text(workspace), text(stream), staged.into(), read.into()];
    execute(on, sql, values).await.map(drop)
}

/// Deletes changes that were never seen.
pub async fn discard(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
    read: i64,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM mirror_changes WHERE workspace_id = $1 AND stream = $2 AND generation > $3";
    execute(on, sql, vec![text(workspace), text(stream), read.into()]).await.map(drop)
}

/// The latest changes of a record, the newest first.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
    record_id: &str,
    limit: u32,
) -> Result<Vec<(Timestamp, RecordChange)>, StorageError> {
    let sql = "SELECT mirror_changes.* FROM mirror_changes JOIN mirrors USING (workspace_id, stream)
        WHERE workspace_id = $1 AND stream = $2 AND record_id = $3
            AND mirror_changes.generation <= mirrors.generation ORDER BY changed_at DESC LIMIT $4";
    let values = vec![text(workspace), text(stream), text(record_id), i64::from(limit).into()];
    let rows = all(on, sql, values).await?;
    rows.iter().map(|row| Ok((row.time("changed_at")?, row.json(TABLE, "body")?))).collect()
}
