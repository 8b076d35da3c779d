//! Values that lost in a conflict, so that they can be put back (S12).

use crate::database::statements::{Row, Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::people::Conflict;
use domain::value::{PersonConflictId, PersonId, Timestamp, WorkspaceId};

const TABLE: &str = "people_conflicts";

/// A conflict that was settled by a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredConflict {
    /// Its ID.
    pub id: PersonConflictId,
    /// The person.
    pub person: PersonId,
    /// The record.
    pub record_id: String,
    /// Which values, and which of them stayed.
    pub conflict: Conflict,
    /// When it was settled.
    pub at: Timestamp,
    /// When the value that lost was put back.
    pub undone_at: Option<Timestamp>,
}

/// Adds a conflict.
pub async fn add(
    on: &crate::Write,
    workspace: WorkspaceId,
    stored: &StoredConflict,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO people_conflicts (workspace_id, conflict_id, person_id, record_id, field, body, at, undone_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0)";
    let values = vec![
        text(workspace),
        text(stored.id),
        text(stored.person),
        text(&stored.record_id),
        text(&stored.conflict.field),
        to_json(&stored.conflict)?,
        time(stored.at),
    ];
    execute(on, sql, values).await.map(drop)
}

/// A conflict.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    id: PersonConflictId,
) -> Result<Option<StoredConflict>, StorageError> {
    let sql = "SELECT * FROM people_conflicts WHERE workspace_id = $1 AND conflict_id = $2";
    one(on, sql, vec![text(workspace), text(id)]).await?.as_ref().map(read).transpose()
}

/// Takes note that the value that lost was put back; `false` if it was already.
pub async fn set_undone(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: PersonConflictId,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let sql = "UPDATE people_conflicts SET undone_at = $3
        WHERE workspace_id = $1 AND conflict_id = $2 AND undone_at = 0";
    Ok(execute(on, sql, vec![text(workspace), text(id), time(now)]).await? == 1)
}

/// The latest conflicts first, of one person or of all, from an ID on backwards.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    person: Option<PersonId>,
    before: Option<PersonConflictId>,
    limit: u32,
) -> Result<Vec<StoredConflict>, StorageError> {
    let sql = "SELECT * FROM people_conflicts WHERE workspace_id = $1 AND ($2 = '' OR person_id = $2)
            AND ($3 = '' OR conflict_id < $3)
        ORDER BY conflict_id DESC LIMIT $4";
    let person = person.map(|id| id.to_string()).unwrap_or_default();
    let before = before.map(|id| id.to_string()).unwrap_or_default();
    let values = vec![text(workspace), text(person), text(before), i64::from(limit).into()];
    all(on, sql, values).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<StoredConflict, StorageError> {
    let undone_at = row.time("undone_at")?;
    Ok(StoredConflict {
        id: row.parse(TABLE, "conflict_id")?,
        person: row.parse(TABLE, "person_id")?,
        record_id: row.get("record_id")?,
        conflict: row.json(TABLE, "body")?,
        at: row.time("at")?,
        undone_at: (undone_at.microseconds() > 0).then_some(undone_at),
    })
}
