//! What the org's describe said last, per object.

use crate::database::statements::{Session, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::org::ObjectDescription;
use domain::value::{Timestamp, WorkspaceId};

/// A describe, with the org's date of its last change for asking again conditionally.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// What the org said.
    pub description: ObjectDescription,
    /// The answer's Last-Modified header, as it came.
    pub last_modified: String,
    /// When it was fetched.
    pub fetched_at: Timestamp,
}

/// The last describe of an object.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    object: &str,
) -> Result<Option<Described>, StorageError> {
    let sql = "SELECT * FROM object_descriptions WHERE workspace_id = $1 AND object = $2";
    let row = one(on, sql, vec![text(workspace), text(object)]).await?;
    row.map(|row| {
        Ok(Described {
            description: row.json("object_descriptions", "body")?,
            last_modified: row.get("last_modified")?,
            fetched_at: row.time("fetched_at")?,
        })
    })
    .transpose()
}

/// Keeps several describes, always in one order: two savers must not wait for each other.
pub async fn save_all(
    on: &impl Session,
    workspace: WorkspaceId,
    described: &[Described],
) -> Result<(), StorageError> {
    let mut ordered: Vec<&Described> = described.iter().collect();
    ordered.sort_by(|a, b| a.description.name.cmp(&b.description.name));
    for one in ordered {
        save(on, workspace, one).await?;
    }
    Ok(())
}

/// Forgets the org's dates, so that every object is described again before it is relied on.
pub async fn forget_dates(on: &impl Session, workspace: WorkspaceId) -> Result<(), StorageError> {
    let sql = "UPDATE object_descriptions SET last_modified = '' WHERE workspace_id = $1";
    execute(on, sql, vec![text(workspace)]).await.map(drop)
}

/// Keeps a describe.
pub async fn save(
    on: &impl Session,
    workspace: WorkspaceId,
    described: &Described,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO object_descriptions (workspace_id, object, body, last_modified, fetched_at)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, object) DO UPDATE
        SET body = excluded.body, last_modified = excluded.last_modified, fetched_at = excluded.fetched_at";
    let values = vec![
        text(workspace),
        text(&described.description.name),
        to_json(&described.description)?,
        text(&described.last_modified),
        time(described.fetched_at),
    ];
    execute(on, sql, values).await.map(drop)
}

/// Forgets every describe of a workspace; another org may be connected next.
pub async fn forget(on: &impl Session, workspace: WorkspaceId) -> Result<(), StorageError> {
    execute(on, "DELETE FROM object_descriptions WHERE workspace_id = $1", vec![text(workspace)])
        .await
        .map(drop)
}
