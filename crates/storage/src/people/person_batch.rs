//! Writing many people in one statement, as a run of the sync does it.

use crate::database::statements::{all, text, time, to_json};
use crate::error::StorageError;
use crate::people::person::searched;
use crate::segment::values as segment_values;
use domain::people::{Person, PersonSnapshot};
use domain::value::{PersonId, Timestamp, WorkspaceId};
use std::collections::BTreeSet;

const TABLE: &str = "people";

/// A person whose values are replaced, guarded by the version on which that was decided.
#[derive(Clone, Debug)]
pub struct SavedValues {
    /// The person.
    pub id: PersonId,
    /// The version that it must still have.
    pub seen: u64,
    /// As it is to be.
    pub snapshot: PersonSnapshot,
    /// The key of its address then.
    pub email_key: String,
    /// It still waits for something.
    pub is_pending: bool,
}

/// Adds people; gives those that were added. Others have the address of somebody who is there already.
pub async fn add_many(
    on: &crate::Write,
    workspace: WorkspaceId,
    people: &[Person],
) -> Result<BTreeSet<PersonId>, StorageError> {
    if people.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut rows = Vec::with_capacity(people.len());
    for person in people {
        let snapshot = &person.snapshot;
        rows.push([
            person.id.to_string(),
            person.email_key(),
            searched(&snapshot.values),
            json(&snapshot.values)?,
            json(&snapshot.edited_at)?,
            snapshot.version.to_string(),
            flag(person.opted_out),
            flag(person.opt_out_pending),
            flag(person.is_pending),
            person.created_at.microseconds().to_string(),
        ]);
    }
    let sql = format!(
        "INSERT INTO people (workspace_id, person_id, email_key, search_key, fields, edited_at, version, opted_out,
            opt_out_pending, is_pending, create_over_at, created_at, updated_at)
        SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, CAST(value ->> 5 AS BIGINT),
            value ->> 6 = '1', value ->> 7 = '1', value ->> 8 = '1', 0, CAST(value ->> 9 AS BIGINT),
            CAST(value ->> 9 AS BIGINT)
        FROM {} WHERE true ON CONFLICT DO NOTHING RETURNING person_id",
        on.dialect.json_rows("$2")
    );
    let added = ids(on, &sql, vec![text(workspace), to_json(&rows)?]).await?;
    segment_values::keep_many(on, workspace, &added).await?;
    Ok(added)
}

/// Replaces values of people; gives those whose values were replaced. Others have changed since they were seen.
///
/// Addresses that change hands are given up first ([`give_up_keys`](crate::people::person::give_up_keys)).
pub async fn save_many(
    on: &crate::Write,
    workspace: WorkspaceId,
    saved: &[SavedValues],
    now: Timestamp,
) -> Result<BTreeSet<PersonId>, StorageError> {
    if saved.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut rows = Vec::with_capacity(saved.len());
    for one in saved {
        rows.push([
            one.id.to_string(),
            one.seen.to_string(),
            json(&one.snapshot.values)?,
            json(&one.snapshot.edited_at)?,
            one.snapshot.version.to_string(),
            one.email_key.clone(),
            searched(&one.snapshot.values),
            flag(one.is_pending),
        ]);
    }
    let sql = format!(
        "UPDATE people SET fields = given.value ->> 2, edited_at = given.value ->> 3,
            version = CAST(given.value ->> 4 AS BIGINT), email_key = given.value ->> 5,
            search_key = given.value ->> 6, is_pending = (given.value ->> 7 = '1'), updated_at = $3
        FROM {} AS given
        WHERE people.workspace_id = $1 AND people.person_id = given.value ->> 0
            AND people.version = CAST(given.value ->> 1 AS BIGINT)
        RETURNING people.person_id",
        on.dialect.json_rows("$2")
    );
    let replaced = ids(on, &sql, vec![text(workspace), to_json(&rows)?, time(now)]).await?;
    segment_values::keep_many(on, workspace, &replaced).await?;
    Ok(replaced)
}

/// Takes note that nothing of people waits to be synced; gives those who have not changed since they were seen.
pub async fn set_synced_many(
    on: &crate::Write,
    workspace: WorkspaceId,
    seen: &[(PersonId, u64)],
) -> Result<BTreeSet<PersonId>, StorageError> {
    let sql = format!(
        "UPDATE people SET is_pending = $3 FROM {} AS given
        WHERE people.workspace_id = $1 AND people.person_id = given.value ->> 0
            AND people.version = CAST(given.value ->> 1 AS BIGINT)
        RETURNING people.person_id",
        on.dialect.json_rows("$2")
    );
    if seen.is_empty() {
        return Ok(BTreeSet::new());
    }
    ids(on, &sql, vec![text(workspace), versions(seen)?, false.into()]).await
}

/// Those who are the same as when they were seen; holds them until the transaction ends.
pub async fn hold_unchanged(
    on: &crate::Write,
    workspace: WorkspaceId,
    seen: &[(PersonId, u64)],
) -> Result<BTreeSet<PersonId>, StorageError> {
    if seen.is_empty() {
        return Ok(BTreeSet::new());
    }
    let sql = format!(
        "UPDATE people SET version = version FROM {} AS given
        WHERE people.workspace_id = $1 AND people.person_id = given.value ->> 0
            AND people.version = CAST(given.value ->> 1 AS BIGINT)
        RETURNING people.person_id",
        on.dialect.json_rows("$2")
    );
    ids(on, &sql, vec![text(workspace), versions(seen)?]).await
}

fn versions(seen: &[(PersonId, u64)]) -> Result<crate::database::statements::Value, StorageError> {
    to_json(&seen.iter().map(|(id, version)| [id.to_string(), version.to_string()]).collect::<Vec<_>>())
}

async fn ids(
    on: &crate::Write,
    sql: &str,
    values: Vec<crate::database::statements::Value>,
) -> Result<BTreeSet<PersonId>, StorageError> {
    all(on, sql, values).await?.iter().map(|row| row.parse(TABLE, "person_id")).collect()
}

fn json(value: &impl serde::Serialize) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|error| StorageError::Inconsistent {
        table: TABLE,
        column: "fields",
        reason: error.to_string(),
    })
}

fn flag(flag: bool) -> String {
    if flag { "1" } else { "0" }.to_owned()
}
