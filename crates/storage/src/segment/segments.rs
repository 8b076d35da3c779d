//! Segments as they are kept.

use crate::database::statements::{Row, Session, Value, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::segment::Segment;
use domain::value::{SegmentId, WorkspaceId};

const TABLE: &str = "segments";

/// Keeps a new segment.
pub async fn create(
    on: &crate::Write,
    workspace: WorkspaceId,
    segment: &Segment,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO segments (workspace_id, segment_id, name, body, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = vec![
        text(workspace),
        text(segment.id),
        text(&segment.name),
        to_json(&segment.condition)?,
        version(segment.version),
        time(segment.created_at),
        time(segment.updated_at),
    ];
    execute(on, sql, values).await.map(drop)
}

/// Replaces the segment of version `seen`; `false` if it was changed since, or is gone.
pub async fn replace(
    on: &crate::Write,
    workspace: WorkspaceId,
    segment: &Segment,
    seen: u64,
) -> Result<bool, StorageError> {
    let sql = "UPDATE segments SET name = $4, body = $5, version = $6, updated_at = $7
        WHERE workspace_id = $1 AND segment_id = $2 AND version = $3";
    let values = vec![
        text(workspace),
        text(segment.id),
        version(seen),
        text(&segment.name),
        to_json(&segment.condition)?,
        version(segment.version),
        time(segment.updated_at),
    ];
    Ok(execute(on, sql, values).await? == 1)
}

/// Removes a segment; `false` when it isn't there.
pub async fn remove(on: &crate::Write, workspace: WorkspaceId, id: SegmentId) -> Result<bool, StorageError> {
    let sql = "DELETE FROM segments WHERE workspace_id = $1 AND segment_id = $2";
    Ok(execute(on, sql, vec![text(workspace), text(id)]).await? == 1)
}

/// A workspace's segments, by name.
pub async fn list(on: &impl Session, workspace: WorkspaceId) -> Result<Vec<Segment>, StorageError> {
    let sql = "SELECT * FROM segments WHERE workspace_id = $1 ORDER BY name, segment_id";
    all(on, sql, vec![text(workspace)]).await?.iter().map(read).collect()
}

/// A segment.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    id: SegmentId,
) -> Result<Option<Segment>, StorageError> {
    let sql = "SELECT * FROM segments WHERE workspace_id = $1 AND segment_id = $2";
    one(on, sql, vec![text(workspace), text(id)]).await?.as_ref().map(read).transpose()
}

fn version(version: u64) -> Value {
    i64::try_from(version).unwrap_or(i64::MAX).into()
}

fn read(row: &Row) -> Result<Segment, StorageError> {
    Ok(Segment {
        id: row.parse(TABLE, "segment_id")?,
        name: row.get("name")?,
        condition: row.json(TABLE, "body")?,
        version: row.get::<i64>("version")?.unsigned_abs(),
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
