//! Files with people that were imported, and what it takes to undo that.

use crate::database::statements::{Row, Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::people::{ImportCounts, ImportedPerson, PeopleImport};
use domain::value::{PeopleImportId, Timestamp, WorkspaceId};

const TABLE: &str = "people_imports";

/// Keeps an import.
pub async fn add(
    on: &crate::Write,
    workspace: WorkspaceId,
    import: &PeopleImport,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO people_imports (workspace_id, import_id, at, actor, counts, undone_at)
        VALUES ($1, $2, $3, $4, $5, 0)";
    let values = vec![
        text(workspace),
        text(import.id),
        time(import.at),
        text(&import.actor),
        to_json(&import.counts)?,
    ];
    execute(on, sql, values).await.map(drop)
}

/// Keeps what an import did to people.
pub async fn add_people(
    on: &crate::Write,
    workspace: WorkspaceId,
    import: PeopleImportId,
    people: &[ImportedPerson],
) -> Result<(), StorageError> {
    if people.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(people.len());
    for person in people {
        let json = |values| {
            serde_json::to_string(values).map_err(|error| StorageError::Inconsistent {
                table: "people_import_rows",
                column: "before_values",
                reason: error.to_string(),
            })
        };
        let is_new = if person.is_new { "1" } else { "0" }.to_owned();
        rows.push([person.person.to_string(), is_new, json(&person.before)?, json(&person.after)?]);
    }
    let sql = format!(
        "INSERT INTO people_import_rows (workspace_id, import_id, person_id, is_new, before_values, after_values)
        SELECT $1, $3, value ->> 0, value ->> 1 = '1', value ->> 2, value ->> 3 FROM {} WHERE true",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), to_json(&rows)?, text(import)]).await.map(drop)
}

/// The latest imports first.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<PeopleImport>, StorageError> {
    let sql = "SELECT * FROM people_imports WHERE workspace_id = $1 ORDER BY import_id DESC LIMIT $2";
    all(on, sql, vec![text(workspace), i64::from(limit).into()]).await?.iter().map(read).collect()
}

/// Takes note that an import is undone; `None` if there is none, or it was undone already.
pub async fn begin_undo(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: PeopleImportId,
    now: Timestamp,
) -> Result<Option<PeopleImport>, StorageError> {
    let sql = "UPDATE people_imports SET undone_at = $3
        WHERE workspace_id = $1 AND import_id = $2 AND undone_at = 0 RETURNING *";
    one(on, sql, vec![text(workspace), text(id), time(now)]).await?.as_ref().map(read).transpose()
}

/// What an import did to people, from a person on.
pub async fn people(
    on: &impl Session,
    workspace: WorkspaceId,
    id: PeopleImportId,
    after: &str,
    limit: u32,
) -> Result<Vec<ImportedPerson>, StorageError> {
    let sql = "SELECT * FROM people_import_rows WHERE workspace_id = $1 AND import_id = $2 AND person_id > $3
        ORDER BY person_id LIMIT $4";
    let values = vec![text(workspace), text(id), text(after), i64::from(limit).into()];
    let read = |row: &Row| {
        Ok(ImportedPerson {
            person: row.parse("people_import_rows", "person_id")?,
            is_new: row.get("is_new")?,
            before: row.json("people_import_rows", "before_values")?,
            after: row.json("people_import_rows", "after_values")?,
        })
    };
    all(on, sql, values).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<PeopleImport, StorageError> {
    let undone_at = row.time("undone_at")?;
    let counts: ImportCounts = row.json(TABLE, "counts")?;
    Ok(PeopleImport {
        id: row.parse(TABLE, "import_id")?,
        at: row.time("at")?,
        actor: row.get("actor")?,
        counts,
        undone_at: (undone_at.microseconds() > 0).then_some(undone_at),
    })
}
