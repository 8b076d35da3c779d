//! People, each with one e-mail address of its own.

use crate::database::statements::{Row, Session, Value, all, dialect, execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::list::{Conditions, Page, Select, Sort, contains};
use crate::segment::values as segment_values;
use domain::list::{Direction, Position};
use domain::people::{Person, PersonSnapshot, Values};
use domain::value::{PersonId, Timestamp, WorkspaceId, search_key};
use std::collections::BTreeMap;

const TABLE: &str = "people";

/// Adds a person; `false` if another one has its e-mail address.
pub async fn add(on: &crate::Write, workspace: WorkspaceId, person: &Person) -> Result<bool, StorageError> {
    let sql = "INSERT INTO people (workspace_id, person_id, email_key, search_key, fields, edited_at, version, opted_out,
            opt_out_pending, is_pending, create_over_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING";
    let values = vec![
        text(workspace),
        text(person.id),
        text(person.email_key()),
        text(searched(&person.snapshot.values)),
        to_json(&person.snapshot.values)?,
        to_json(&person.snapshot.edited_at)?,
        version(person.snapshot.version),
        person.opted_out.into(),
        person.opt_out_pending.into(),
        person.is_pending.into(),
        time(person.create_over_at.unwrap_or(Timestamp::from_seconds(0))),
        time(person.created_at),
        time(person.updated_at),
    ];
    let is_added = execute(on, sql, values).await? == 1;
    if is_added {
        let email_key = person.email_key();
        segment_values::keep(on, workspace, person.id, &person.snapshot.values, &email_key).await?;
    }
    Ok(is_added)
}

/// Replaces a person's values, guarded by the version that they were decided on; `false` if it has changed since.
///
/// `email_key` may be that of no other person when the transaction ends; two who swap theirs give them up first
/// ([`give_up_keys`]).
pub async fn save_values(
    on: &crate::Write,
    workspace: WorkspaceId,
    (id, seen): (PersonId, u64),
    snapshot: &PersonSnapshot,
    email_key: &str,
    is_pending: bool,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let sql = "UPDATE people SET fields = $4, edited_at = $5, version = $6, email_key = $7, search_key = $8,
            is_pending = $9, updated_at = $10
        WHERE workspace_id = $1 AND person_id = $2 AND version = $3";
    let values = vec![
        text(workspace),
        text(id),
        version(seen),
        to_json(&snapshot.values)?,
        to_json(&snapshot.edited_at)?,
        version(snapshot.version),
        text(email_key),
        text(searched(&snapshot.values)),
        is_pending.into(),
        time(now),
    ];
    let is_saved = execute(on, sql, values).await? == 1;
    if is_saved {
        segment_values::keep(on, workspace, id, &snapshot.values, email_key).await?;
    }
    Ok(is_saved)
}

/// Takes note that nothing of a person waits to be synced, unless it was edited since; `false` if it was.
pub async fn set_synced(
    on: &crate::Write,
    workspace: WorkspaceId,
    (id, seen): (PersonId, u64),
) -> Result<bool, StorageError> {
    let sql = "UPDATE people SET is_pending = $4 WHERE workspace_id = $1 AND person_id = $2 AND version = $3";
    let values = vec![text(workspace), text(id), version(seen), false.into()];
    Ok(execute(on, sql, values).await? == 1)
}

/// Whether a person is the same as when it was read; holds it until the transaction ends.
pub async fn is_unchanged(
    on: &crate::Write,
    workspace: WorkspaceId,
    (id, seen): (PersonId, u64),
) -> Result<bool, StorageError> {
    let sql =
        "UPDATE people SET version = version WHERE workspace_id = $1 AND person_id = $2 AND version = $3";
    Ok(execute(on, sql, vec![text(workspace), text(id), version(seen)]).await? == 1)
}

/// Has people synced again, whatever is known of them.
pub async fn set_pending(
    on: &crate::Write,
    workspace: WorkspaceId,
    ids: &[PersonId],
) -> Result<u64, StorageError> {
    let sql = format!(
        "UPDATE people SET is_pending = $3 WHERE workspace_id = $1 AND person_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), names(ids)?, true.into()]).await
}

/// Has every person synced again: a mapping has changed, or the sync begins.
pub async fn set_all_pending(on: &crate::Write, workspace: WorkspaceId) -> Result<(), StorageError> {
    let sql = "UPDATE people SET is_pending = $2 WHERE workspace_id = $1";
    execute(on, sql, vec![text(workspace), true.into()]).await.map(drop)
}

/// Takes the addresses' keys from people for the rest of the transaction, so that two can swap theirs.
pub async fn give_up_keys(
    on: &crate::Write,
    workspace: WorkspaceId,
    ids: &[PersonId],
) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE people SET email_key = '' WHERE workspace_id = $1 AND person_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), names(ids)?]).await?;
    segment_values::give_up_keys(on, workspace, ids).await
}

/// Says that a record is being created for people, which is over at that moment.
pub async fn begin_create(
    on: &crate::Write,
    workspace: WorkspaceId,
    ids: &[PersonId],
    over_at: Timestamp,
) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE people SET create_over_at = $3 WHERE workspace_id = $1
            AND person_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), names(ids)?, time(over_at)]).await.map(drop)
}

/// Takes over a refusal of mail that the org's records tell, by their addresses; gives those for whom it is new (S6).
pub async fn refuse_mail(
    on: &crate::Write,
    workspace: WorkspaceId,
    email_keys: &[String],
    now: Timestamp,
) -> Result<Vec<PersonId>, StorageError> {
    let sql = format!(
        "UPDATE people SET opted_out = $3, opt_out_pending = $3, version = version + 1, updated_at = $4
        WHERE workspace_id = $1 AND NOT opted_out AND email_key <> ''
            AND email_key IN (SELECT value ->> 0 FROM {}) RETURNING person_id",
        on.dialect.json_rows("$2")
    );
    let rows = all(on, &sql, vec![text(workspace), names(email_keys)?, true.into(), time(now)]).await?;
    let refused = rows.iter().map(|row| row.parse(TABLE, "person_id")).collect::<Result<Vec<_>, _>>()?;
    segment_values::keep_opted_out(on, workspace, &refused, true).await?;
    Ok(refused)
}

/// Sets by an act of the person, or of somebody here, whether mail is refused; it is written to the org next.
pub async fn set_opted_out(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: PersonId,
    opted_out: bool,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let sql = "UPDATE people SET opted_out = $3, opt_out_pending = $4, version = version + 1, updated_at = $5
        WHERE workspace_id = $1 AND person_id = $2";
    let values = vec![text(workspace), text(id), opted_out.into(), true.into(), time(now)];
    let is_set = execute(on, sql, values).await? == 1;
    segment_values::keep_opted_out(on, workspace, &[id], opted_out).await?;
    Ok(is_set)
}

/// Takes note that the org's records say what people said about mail, unless they have changed since.
pub async fn opt_out_written(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: PersonId,
    opted_out: bool,
) -> Result<(), StorageError> {
    let sql = "UPDATE people SET opt_out_pending = $4 WHERE workspace_id = $1 AND person_id = $2 AND opted_out = $3";
    execute(on, sql, vec![text(workspace), text(id), opted_out.into(), false.into()]).await.map(drop)
}

/// People whose refusal of mail is yet to be written to the org.
pub async fn with_opt_out_pending(
    on: &impl Session,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<Person>, StorageError> {
    let sql = "SELECT * FROM people WHERE workspace_id = $1 AND opt_out_pending ORDER BY person_id LIMIT $2";
    read_all(all(on, sql, vec![text(workspace), i64::from(limit).into()]).await?)
}

/// A person.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    id: PersonId,
) -> Result<Option<Person>, StorageError> {
    let sql = "SELECT * FROM people WHERE workspace_id = $1 AND person_id = $2";
    one(on, sql, vec![text(workspace), text(id)]).await?.as_ref().map(read).transpose()
}

/// A person that is edited next; on PostgreSQL nobody else can edit it before the transaction ends.
pub async fn find_to_edit(
    on: &crate::Write,
    workspace: WorkspaceId,
    id: PersonId,
) -> Result<Option<Person>, StorageError> {
    let sql = "UPDATE people SET version = version WHERE workspace_id = $1 AND person_id = $2 RETURNING *";
    one(on, sql, vec![text(workspace), text(id)]).await?.as_ref().map(read).transpose()
}

/// People by their IDs; those that are gone are left out.
pub async fn find_many(
    on: &impl Session,
    workspace: WorkspaceId,
    ids: &[PersonId],
) -> Result<Vec<Person>, StorageError> {
    let sql = format!(
        "SELECT * FROM people WHERE workspace_id = $1 AND person_id IN (SELECT value ->> 0 FROM {})",
        dialect(on).json_rows("$2")
    );
    read_all(all(on, &sql, vec![text(workspace), names(ids)?]).await?)
}

/// People by the keys of their e-mail addresses.
pub async fn by_email(
    on: &impl Session,
    workspace: WorkspaceId,
    email_keys: &[String],
) -> Result<Vec<Person>, StorageError> {
    let sql = format!(
        "SELECT * FROM people WHERE workspace_id = $1 AND email_key <> ''
            AND email_key IN (SELECT value ->> 0 FROM {})",
        dialect(on).json_rows("$2")
    );
    read_all(all(on, &sql, vec![text(workspace), names(email_keys)?]).await?)
}

/// People of whom something waits to be synced, from an ID on.
pub async fn pending(
    on: &impl Session,
    workspace: WorkspaceId,
    after: Option<PersonId>,
    limit: u32,
) -> Result<Vec<Person>, StorageError> {
    let sql = "SELECT * FROM people WHERE workspace_id = $1 AND is_pending AND person_id > $2
        ORDER BY person_id LIMIT $3";
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    read_all(all(on, sql, vec![text(workspace), text(after), i64::from(limit).into()]).await?)
}

/// How many people wait to be synced; the count goes no further than `limit`.
pub async fn count_pending(
    on: &impl Session,
    workspace: WorkspaceId,
    limit: u64,
) -> Result<u64, StorageError> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM
        (SELECT 1 FROM people WHERE workspace_id = $1 AND is_pending LIMIT $2) AS waiting";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let row = one(on, sql, vec![text(workspace), limit.into()]).await?;
    row.map_or(Ok(0), |row| Ok(row.get::<i64>("n")?.unsigned_abs()))
}

/// How many people there are, and how many of them wait to be synced.
pub async fn count(on: &impl Session, workspace: WorkspaceId) -> Result<(u64, u64), StorageError> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n,
            CAST(COALESCE(SUM(CASE WHEN is_pending THEN 1 ELSE 0 END), 0) AS BIGINT) AS pending
        FROM people WHERE workspace_id = $1";
    let Some(row) = one(on, sql, vec![text(workspace)]).await? else { return Ok((0, 0)) };
    Ok((row.get::<i64>("n")?.unsigned_abs(), row.get::<i64>("pending")?.unsigned_abs()))
}

/// A page of the people in whose values a text is found, those that changed last first.
pub async fn select(
    on: &impl Session,
    workspace: WorkspaceId,
    search: &str,
    position: &Position,
    limit: u32,
) -> Result<Page<Person>, StorageError> {
    let mut conditions = Conditions::of(workspace);
    if !search.is_empty() {
        conditions.and("search_key LIKE ? ESCAPE '!'", [contains(search)]);
    }
    let (sort, direction) = (Sort::Number("updated_at"), Direction::Descending);
    let select = Select { table: TABLE, id: "person_id", sort, direction };
    select.page(on, &conditions, position, limit, read).await
}

/// What the search looks through.
pub(crate) fn searched(values: &Values) -> String {
    let all: Vec<&str> = values.values().map(String::as_str).filter(|value| !value.is_empty()).collect();
    search_key(&all.join(" "))
}

fn version(version: u64) -> Value {
    i64::try_from(version).unwrap_or(i64::MAX).into()
}

/// Texts as rows of a statement.
pub(crate) fn names(names: &[impl ToString]) -> Result<Value, StorageError> {
    to_json(&names.iter().map(|name| [name.to_string()]).collect::<Vec<_>>())
}

fn read_all(rows: Vec<Row>) -> Result<Vec<Person>, StorageError> {
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Person, StorageError> {
    let edited_at: BTreeMap<String, Timestamp> = row.json(TABLE, "edited_at")?;
    let create_over_at = row.time("create_over_at")?;
    Ok(Person {
        id: row.parse(TABLE, "person_id")?,
        snapshot: PersonSnapshot {
            version: row.get::<i64>("version")?.unsigned_abs(),
            values: row.json(TABLE, "fields")?,
            edited_at,
        },
        opted_out: row.get("opted_out")?,
        opt_out_pending: row.get("opt_out_pending")?,
        is_pending: row.get("is_pending")?,
        create_over_at: (create_over_at.microseconds() > 0).then_some(create_over_at),
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
