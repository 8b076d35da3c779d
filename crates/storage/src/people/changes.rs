//! Every change of a person, field by field.

use crate::database::statements::{Session, all, execute, text, time};
use crate::error::StorageError;
use domain::people::ChangeOrigin;
use domain::value::{PersonChangeId, PersonId, Timestamp, WorkspaceId};

const TABLE: &str = "people_changes";

/// A change of one field of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonChange {
    /// Its ID.
    pub id: PersonChangeId,
    /// The person.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// The field; `opted_out` for the refusal of mail.
    pub field: String,
    /// The value before.
    pub old_value: String,
    /// The value after.
    pub new_value: String,
    /// What made it.
    pub origin: ChangeOrigin,
    /// Which one: the record's ID, the account's, the booking's.
    pub origin_id: String,
}

/// Adds a change.
pub async fn add(
    on: &crate::Write,
    workspace: WorkspaceId,
    change: &PersonChange,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO people_changes (workspace_id, change_id, person_id, at, field, old_value, new_value, origin,
            origin_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = vec![
        text(workspace),
        text(change.id),
        text(change.person),
        time(change.at),
        text(&change.field),
        text(&change.old_value),
        text(&change.new_value),
        text(change.origin.name()),
        text(&change.origin_id),
    ];
    execute(on, sql, values).await.map(drop)
}

/// A person's changes, the latest first.
pub async fn of_person(
    on: &impl Session,
    workspace: WorkspaceId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<PersonChange>, StorageError> {
    let sql = "SELECT * FROM people_changes WHERE workspace_id = $1 AND person_id = $2
        ORDER BY change_id DESC LIMIT $3";
    let rows = all(on, sql, vec![text(workspace), text(person), i64::from(limit).into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(PersonChange {
                id: row.parse(TABLE, "change_id")?,
                person: row.parse(TABLE, "person_id")?,
                at: row.time("at")?,
                field: row.get("field")?,
                old_value: row.get("old_value")?,
                new_value: row.get("new_value")?,
                origin: row.word(TABLE, "origin", ChangeOrigin::parse)?,
                origin_id: row.get("origin_id")?,
            })
        })
        .collect()
}
