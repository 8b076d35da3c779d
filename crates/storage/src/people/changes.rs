//! Every change of a person, field by field.

use crate::database::statements::{Session, all, execute, text, to_json};
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
    add_many(on, workspace, std::slice::from_ref(change)).await
}

/// Adds changes.
pub async fn add_many(
    on: &crate::Write,
    workspace: WorkspaceId,
    changes: &[PersonChange],
) -> Result<(), StorageError> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows: Vec<[String; 8]> = changes
        .iter()
        .map(|change| {
            [
                change.id.to_string(),
                change.person.to_string(),
                change.at.microseconds().to_string(),
                change.field.clone(),
                change.old_value.clone(),
                change.new_value.clone(),
                change.origin.name().to_owned(),
                change.origin_id.clone(),
            ]
        })
        .collect();
    let sql = format!(
        "INSERT INTO people_changes (workspace_id, change_id, person_id, at, field, old_value, new_value, origin,
            origin_id)
        SELECT $1, value ->> 0, value ->> 1, CAST(value ->> 2 AS BIGINT), value ->> 3, value ->> 4, value ->> 5,
            value ->> 6, value ->> 7
        FROM {} WHERE true",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), to_json(&rows)?]).await.map(drop)
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
