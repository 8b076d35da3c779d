//! Leads and Contacts of the org as they were read last.

use crate::database::statements::{Row, Session, all, dialect, execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::people::person::names;
use domain::people::{PersonObject, RecordState, RemoteRecord};
use domain::value::{Timestamp, WorkspaceId};

const TABLE: &str = "people_records";

/// Keeps what was read of records; what is new of them waits to be merged if `is_pending`.
pub async fn save(
    on: &crate::Write,
    workspace: WorkspaceId,
    records: &[RemoteRecord],
    is_pending: bool,
) -> Result<(), StorageError> {
    if records.is_empty() {
        return Ok(());
    }
    let flag = |flag: bool| if flag { "1" } else { "0" }.to_owned();
    let mut rows = Vec::with_capacity(records.len());
    for record in records {
        let fields = serde_json::to_string(&record.values).map_err(|error| StorageError::Inconsistent {
            table: TABLE,
            column: "fields",
            reason: error.to_string(),
        })?;
        rows.push([
            record.id.clone(),
            record.object.name().to_owned(),
            record.state.name().to_owned(),
            record.follows.clone().unwrap_or_default(),
            record.email_key.clone(),
            record.stamp.microseconds().to_string(),
            record.modified_at.microseconds().to_string(),
            record.edited_at.microseconds().to_string(),
            record.read_at.microseconds().to_string(),
            flag(record.by_us),
            flag(record.opted_out),
            record.revision.to_string(),
            fields,
        ]);
    }
    let sql = format!(
        "INSERT INTO people_records (workspace_id, record_id, object, state, follows, email_key, stamp, modified_at,
            edited_at, read_at, by_us, opted_out, revision, fields, is_pending)
        SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
            CAST(value ->> 5 AS BIGINT), CAST(value ->> 6 AS BIGINT), CAST(value ->> 7 AS BIGINT),
            CAST(value ->> 8 AS BIGINT), value ->> 9 = '1', value ->> 10 = '1', CAST(value ->> 11 AS BIGINT),
            value ->> 12, $3
        FROM {} WHERE true
        ON CONFLICT (workspace_id, record_id) DO UPDATE SET object = excluded.object, state = excluded.state,
            follows = excluded.follows, email_key = excluded.email_key, stamp = excluded.stamp,
            modified_at = excluded.modified_at, edited_at = excluded.edited_at, read_at = excluded.read_at,
            by_us = excluded.by_us, opted_out = excluded.opted_out, revision = excluded.revision,
            fields = excluded.fields, is_pending = excluded.is_pending",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), to_json(&rows)?, is_pending.into()]).await.map(drop)
}

/// Takes note that records were read once more and say the same; they wait to be merged, as that settles attempts.
pub async fn set_read(
    on: &crate::Write,
    workspace: WorkspaceId,
    ids: &[String],
    read_at: Timestamp,
) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE people_records SET read_at = $3, is_pending = $4 WHERE workspace_id = $1
            AND record_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), names(ids)?, time(read_at), true.into()]).await.map(drop)
}

/// Takes note that records that wait to be merged were read once more and say the same.
pub async fn set_read_again(
    on: &crate::Write,
    workspace: WorkspaceId,
    ids: &[String],
    read_at: Timestamp,
) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE people_records SET read_at = $3 WHERE workspace_id = $1 AND is_pending
            AND record_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), names(ids)?, time(read_at)]).await.map(drop)
}

/// Takes note that nothing of some records waits to be merged.
pub async fn set_merged(
    on: &crate::Write,
    workspace: WorkspaceId,
    ids: &[String],
) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE people_records SET is_pending = $3 WHERE workspace_id = $1 AND is_pending
            AND record_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), names(ids)?, false.into()]).await.map(drop)
}

/// Has every record merged again: who is synced has changed, or the sync begins.
pub async fn set_all_pending(on: &crate::Write, workspace: WorkspaceId) -> Result<(), StorageError> {
    let sql = "UPDATE people_records SET is_pending = $2 WHERE workspace_id = $1";
    execute(on, sql, vec![text(workspace), true.into()]).await.map(drop)
}

/// Takes note that nothing of any record waits to be merged: the sync begins with what changes from now on.
pub async fn set_none_pending(on: &crate::Write, workspace: WorkspaceId) -> Result<(), StorageError> {
    let sql = "UPDATE people_records SET is_pending = $2 WHERE workspace_id = $1 AND is_pending";
    execute(on, sql, vec![text(workspace), false.into()]).await.map(drop)
}

/// How many records wait to be merged; the count goes no further than `limit`.
pub async fn count_pending(
    on: &impl Session,
    workspace: WorkspaceId,
    limit: u64,
) -> Result<u64, StorageError> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM
        (SELECT 1 FROM people_records WHERE workspace_id = $1 AND is_pending LIMIT $2) AS waiting";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let row = one(on, sql, vec![text(workspace), limit.into()]).await?;
    row.map_or(Ok(0), |row| Ok(row.get::<i64>("n")?.unsigned_abs()))
}

/// Takes note that the connected user can't see some records any more; they wait to be merged.
pub async fn set_hidden(
    on: &crate::Write,
    workspace: WorkspaceId,
    ids: &[String],
) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE people_records SET state = 'hidden', is_pending = $3 WHERE workspace_id = $1
            AND record_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), names(ids)?, true.into()]).await.map(drop)
}

/// Takes note of what records say about mail after it was written to them.
pub async fn set_opted_out(
    on: &crate::Write,
    workspace: WorkspaceId,
    ids: &[String],
    opted_out: bool,
) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE people_records SET opted_out = $3 WHERE workspace_id = $1
            AND record_id IN (SELECT value ->> 0 FROM {})",
        on.dialect.json_rows("$2")
    );
    execute(on, &sql, vec![text(workspace), names(ids)?, opted_out.into()]).await.map(drop)
}

/// Records of which something waits to be merged, from an ID on.
pub async fn pending(
    on: &impl Session,
    workspace: WorkspaceId,
    after: &str,
    limit: u32,
) -> Result<Vec<RemoteRecord>, StorageError> {
    let sql = "SELECT * FROM people_records WHERE workspace_id = $1 AND is_pending AND record_id > $2
        ORDER BY record_id LIMIT $3";
    read_all(&all(on, sql, vec![text(workspace), text(after), i64::from(limit).into()]).await?)
}

/// Records by their IDs.
pub async fn find_many(
    on: &impl Session,
    workspace: WorkspaceId,
    ids: &[String],
) -> Result<Vec<RemoteRecord>, StorageError> {
    let sql = format!(
        "SELECT * FROM people_records WHERE workspace_id = $1 AND record_id IN (SELECT value ->> 0 FROM {})",
        dialect(on).json_rows("$2")
    );
    read_all(&all(on, &sql, vec![text(workspace), names(ids)?]).await?)
}

/// Records by the keys of their e-mail addresses.
pub async fn by_email(
    on: &impl Session,
    workspace: WorkspaceId,
    email_keys: &[String],
) -> Result<Vec<RemoteRecord>, StorageError> {
    let sql = format!(
        "SELECT * FROM people_records WHERE workspace_id = $1 AND email_key <> ''
            AND email_key IN (SELECT value ->> 0 FROM {})",
        dialect(on).json_rows("$2")
    );
    read_all(&all(on, &sql, vec![text(workspace), names(email_keys)?]).await?)
}

fn read_all(rows: &[Row]) -> Result<Vec<RemoteRecord>, StorageError> {
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<RemoteRecord, StorageError> {
    let follows: String = row.get("follows")?;
    Ok(RemoteRecord {
        id: row.get("record_id")?,
        object: row.word(TABLE, "object", PersonObject::parse)?,
        state: row.word(TABLE, "state", RecordState::parse)?,
        follows: (!follows.is_empty()).then_some(follows),
        email_key: row.get("email_key")?,
        stamp: row.time("stamp")?,
        modified_at: row.time("modified_at")?,
        edited_at: row.time("edited_at")?,
        by_us: row.get("by_us")?,
        opted_out: row.get("opted_out")?,
        values: row.json(TABLE, "fields")?,
        revision: row.get::<i64>("revision")?.unsigned_abs(),
        read_at: row.time("read_at")?,
    })
}
