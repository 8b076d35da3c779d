//! What keeps people, or single values of theirs, from being synced (S11).

use crate::database::statements::{Row, Session, all, execute, text, time, to_json};
use crate::error::StorageError;
use crate::people::person::names;
use domain::value::{PersonId, Step, Timestamp, WorkspaceId};

const TABLE: &str = "people_errors";

/// What keeps a person, or a value of it, from being synced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncFault {
    /// The person.
    pub person: PersonId,
    /// The field; empty if it is about the whole person.
    pub field: String,
    /// The record; empty if there is none.
    pub record_id: String,
    /// The reason, as a step for people.
    pub reason: Step,
    /// Since when.
    pub at: Timestamp,
}

/// Says what keeps a person from being synced now, instead of what did before.
pub async fn replace(
    on: &crate::Write,
    workspace: WorkspaceId,
    person: PersonId,
    faults: &[SyncFault],
) -> Result<(), StorageError> {
    replace_many(on, workspace, &[person], faults).await
}

/// Says what keeps people from being synced now, instead of what did before; `faults` are of these people.
pub async fn replace_many(
    on: &crate::Write,
    workspace: WorkspaceId,
    people: &[PersonId],
    faults: &[SyncFault],
) -> Result<(), StorageError> {
    if people.is_empty() {
        return Ok(());
    }
    let known = if faults.is_empty() { Vec::new() } else { of_people(on, workspace, people).await? };
    let sql = format!(
        "DELETE FROM people_errors WHERE workspace_id = $1 AND person_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), names(people)?]).await?;
    for fault in faults {
        let is_same = |one: &&SyncFault| {
            one.person == fault.person && one.field == fault.field && one.reason.code == fault.reason.code
        };
        let since = known.iter().find(is_same).map_or(fault.at, |one| one.at);
        let sql = "INSERT INTO people_errors (workspace_id, person_id, field, record_id, code, body, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let values = vec![
            text(workspace),
            text(fault.person),
            text(&fault.field),
            text(&fault.record_id),
            text(&fault.reason.code),
            to_json(&fault.reason)?,
            time(since),
        ];
        execute(on, sql, values).await?;
    }
    Ok(())
}

/// What keeps people from being synced, from a person and a field on.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    code: &str,
    after: (&str, &str),
    limit: u32,
) -> Result<Vec<SyncFault>, StorageError> {
    let sql = "SELECT * FROM people_errors WHERE workspace_id = $1 AND ($2 = '' OR code = $2)
            AND (person_id > $3 OR (person_id = $3 AND field > $4))
        ORDER BY person_id, field LIMIT $5";
    let values = vec![text(workspace), text(code), text(after.0), text(after.1), i64::from(limit).into()];
    all(on, sql, values).await?.iter().map(read).collect()
}

/// What keeps some people from being synced.
pub async fn of_people(
    on: &impl Session,
    workspace: WorkspaceId,
    people: &[PersonId],
) -> Result<Vec<SyncFault>, StorageError> {
    let sql = format!(
        "SELECT * FROM people_errors WHERE workspace_id = $1 AND person_id IN (SELECT value ->> 0 FROM {})
        ORDER BY person_id, field",
        crate::database::statements::dialect(on).json_rows("$2")
    );
    all(on, &sql, vec![text(workspace), names(people)?]).await?.iter().map(read).collect()
}

/// How many people there are errors of since a moment, by cause, the most frequent first.
pub async fn since(
    on: &impl Session,
    workspace: WorkspaceId,
    since: Timestamp,
) -> Result<Vec<(String, u64)>, StorageError> {
    let sql = "SELECT code, CAST(COUNT(*) AS BIGINT) AS n FROM people_errors
        WHERE workspace_id = $1 AND at >= $2 GROUP BY code ORDER BY n DESC, code";
    let rows = all(on, sql, vec![text(workspace), time(since)]).await?;
    rows.iter().map(|row| Ok((row.get("code")?, row.get::<i64>("n")?.unsigned_abs()))).collect()
}

/// How many people each cause keeps from being synced, the most frequent first.
pub async fn count_by_code(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<Vec<(String, u64)>, StorageError> {
    let sql = "SELECT code, CAST(COUNT(*) AS BIGINT) AS n FROM people_errors
        WHERE workspace_id = $1 GROUP BY code ORDER BY n DESC, code";
    let rows = all(on, sql, vec![text(workspace)]).await?;
    rows.iter().map(|row| Ok((row.get("code")?, row.get::<i64>("n")?.unsigned_abs()))).collect()
}

fn read(row: &Row) -> Result<SyncFault, StorageError> {
    Ok(SyncFault {
        person: row.parse(TABLE, "person_id")?,
        field: row.get("field")?,
        record_id: row.get("record_id")?,
        reason: row.json(TABLE, "body")?,
        at: row.time("at")?,
    })
}
