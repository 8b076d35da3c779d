//! When the nightly runs of each workspace are due.

use crate::database::statements::{Session, all, execute, text, time};
use crate::error::StorageError;
use domain::run::RunKind;
use domain::value::{Timestamp, WorkspaceId};

/// Sets when the next run is due.
pub async fn set(
    on: &impl Session,
    workspace: WorkspaceId,
    kind: RunKind,
    next_at: Timestamp,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO schedules (workspace_id, kind, next_at) VALUES ($1, $2, $3)
        ON CONFLICT (workspace_id, kind) DO UPDATE SET next_at = excluded.next_at";
    execute(on, sql, vec![text(workspace), text(kind.name()), time(next_at)]).await.map(drop)
}

/// Takes a kind off the schedule.
pub async fn clear(on: &impl Session, workspace: WorkspaceId, kind: RunKind) -> Result<(), StorageError> {
    let sql = "DELETE FROM schedules WHERE workspace_id = $1 AND kind = $2";
    execute(on, sql, vec![text(workspace), text(kind.name())]).await.map(drop)
}

/// What is due.
pub async fn due(
    on: &impl Session,
    now: Timestamp,
) -> Result<Vec<(WorkspaceId, RunKind, Timestamp)>, StorageError> {
    let sql = "SELECT * FROM schedules WHERE next_at <= $1 ORDER BY next_at LIMIT 100";
    let rows = all(on, sql, vec![time(now)]).await?;
    rows.iter()
        .map(|row| {
            let kind = row.word("schedules", "kind", RunKind::parse)?;
            Ok((row.parse("schedules", "workspace_id")?, kind, row.time("next_at")?))
        })
        .collect()
}

/// Moves a due run to its next time; `false` when another node was faster.
pub async fn advance(
    on: &impl Session,
    workspace: WorkspaceId,
    kind: RunKind,
    from: Timestamp,
    to: Timestamp,
) -> Result<bool, StorageError> {
    let sql = "UPDATE schedules SET next_at = $4 WHERE workspace_id = $1 AND kind = $2 AND next_at = $3";
    let values = vec![text(workspace), text(kind.name()), time(from), time(to)];
    Ok(execute(on, sql, values).await? == 1)
}
