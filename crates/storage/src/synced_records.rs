//! Records of the org that are kept here, a whole generation of them at a time.
//!
//! A refresh writes its own generation beside the one that is read; what is read changes with one row of
//! `synced_tables`, so that readers see all of it or nothing (D4).

use crate::error::StorageError;
use crate::statements::{Session, all, execute, one, text, time, to_json};
use domain::id::{RunId, WorkspaceId};
use domain::synced_fields::SyncedObject;
use domain::timestamp::Timestamp;
use serde_json::{Map, Value as Json};

const TABLE: &str = "synced_records";
/// Rows deleted in one statement, so that other writers get their turn.
const SWEPT_AT_ONCE: i64 = 5_000;

/// One record on its way in.
#[derive(Clone, Debug, PartialEq)]
pub struct SyncedRow {
    /// Its id, 18 characters.
    pub record_id: String,
    /// The lower-case e-mail or domain that it is found by.
    pub match_key: Option<String>,
    /// The chosen fields by their paths.
    pub values: Map<String, Json>,
}

/// What is kept of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncedTable {
    /// Which object.
    pub object: SyncedObject,
    /// The run that brought it.
    pub generation: RunId,
    /// When it became visible.
    pub refreshed_at: Timestamp,
    /// How many records.
    pub rows: i64,
}

/// Writes rows of a generation that is not visible yet; a record that comes again replaces itself.
pub async fn stage(
    on: &crate::Write,
    workspace: WorkspaceId,
    object: SyncedObject,
    generation: RunId,
    rows: &[SyncedRow],
) -> Result<(), StorageError> {
    let list: Vec<(&str, Option<&str>, String)> = rows
        .iter()
        .map(|row| {
            let body = Json::Object(row.values.clone()).to_string();
            (row.record_id.as_str(), row.match_key.as_deref(), body)
        })
        .collect();
    let sql = format!(
        "INSERT INTO synced_records (workspace_id, object, generation, record_id, match_key, body)
        SELECT $1, $2, $3, value ->> 0, value ->> 1, value ->> 2 FROM {} WHERE true
        ON CONFLICT (workspace_id, object, generation, record_id)
        DO UPDATE SET match_key = excluded.match_key, body = excluded.body",
        on.dialect.json_rows("$4")
    );
    let values = vec![text(workspace), text(object.name()), text(generation), to_json(&list)?];
    execute(on, &sql, values).await.map(drop)
}

/// Makes a generation what is read of an object.
pub async fn publish(
    on: &crate::Write,
    workspace: WorkspaceId,
    table: &SyncedTable,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO synced_tables (workspace_id, object, generation, refreshed_at, row_count)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, object) DO UPDATE
        SET generation = excluded.generation, refreshed_at = excluded.refreshed_at, row_count = excluded.row_count";
    let values = vec![
        text(workspace),
        text(table.object.name()),
        text(table.generation),
        time(table.refreshed_at),
        table.rows.into(),
    ];
    execute(on, sql, values).await.map(drop)
}

/// Takes an object away from the readers: nothing of it is chosen any more.
pub async fn withdraw(
    on: &impl Session,
    workspace: WorkspaceId,
    object: SyncedObject,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM synced_tables WHERE workspace_id = $1 AND object = $2";
    execute(on, sql, vec![text(workspace), text(object.name())]).await.map(drop)
}

/// Deletes some rows that nobody can read: neither of the visible generation nor of `at_work`; `true` while
/// there may be more.
pub async fn sweep(
    on: &crate::Write,
    workspace: WorkspaceId,
    object: SyncedObject,
    at_work: Option<RunId>,
) -> Result<bool, StorageError> {
    let sql =
        "DELETE FROM synced_records WHERE workspace_id = $1 AND object = $2 AND (generation, record_id) IN (
            SELECT generation, record_id FROM synced_records WHERE workspace_id = $1 AND object = $2
            AND generation <> $3 AND generation <> COALESCE((SELECT generation FROM synced_tables
                WHERE workspace_id = $1 AND object = $2), '') LIMIT $4)";
    let at_work = at_work.map_or_else(String::new, |run| run.to_string());
    let values = vec![text(workspace), text(object.name()), text(at_work), SWEPT_AT_ONCE.into()];
    Ok(execute(on, sql, values).await? == u64::try_from(SWEPT_AT_ONCE).unwrap_or(0))
}

/// Deletes some rows of a generation that will never be visible; `true` while there may be more.
pub async fn discard(
    on: &crate::Write,
    workspace: WorkspaceId,
    generation: RunId,
) -> Result<bool, StorageError> {
    let mut more = false;
    for object in SyncedObject::ALL {
        let sql = "DELETE FROM synced_records WHERE workspace_id = $1 AND object = $2 AND generation = $3
            AND record_id IN (SELECT record_id FROM synced_records
                WHERE workspace_id = $1 AND object = $2 AND generation = $3 LIMIT $4)";
        let values = vec![text(workspace), text(object.name()), text(generation), SWEPT_AT_ONCE.into()];
        more |= execute(on, sql, values).await? > 0;
    }
    Ok(more)
}

/// What can be read, by object.
pub async fn tables(on: &impl Session, workspace: WorkspaceId) -> Result<Vec<SyncedTable>, StorageError> {
    let sql = "SELECT * FROM synced_tables WHERE workspace_id = $1 ORDER BY object";
    let rows = all(on, sql, vec![text(workspace)]).await?;
    rows.iter()
        .map(|row| {
            Ok(SyncedTable {
                object: row.word("synced_tables", "object", SyncedObject::parse)?,
                generation: row.parse("synced_tables", "generation")?,
                refreshed_at: row.time("refreshed_at")?,
                rows: row.get("row_count")?,
            })
        })
        .collect()
}

const VISIBLE: &str = "FROM synced_records JOIN synced_tables USING (workspace_id, object, generation)
    WHERE workspace_id = $1 AND object = $2";

/// The records with this e-mail or domain.
pub async fn find_by_key(
    on: &impl Session,
    workspace: WorkspaceId,
    object: SyncedObject,
    key: &str,
) -> Result<Vec<SyncedRow>, StorageError> {
    let sql = format!(
        "SELECT record_id, match_key, body {VISIBLE} AND match_key = $3 ORDER BY record_id LIMIT 100"
    );
    let rows = all(on, &sql, vec![text(workspace), text(object.name()), text(key)]).await?;
    rows.iter().map(read).collect()
}

/// A page of records in the order of their ids, after the one named.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    object: SyncedObject,
    after: &str,
    limit: u32,
) -> Result<Vec<SyncedRow>, StorageError> {
    let sql =
        format!("SELECT record_id, match_key, body {VISIBLE} AND record_id > $3 ORDER BY record_id LIMIT $4");
    let values = vec![text(workspace), text(object.name()), text(after), i64::from(limit).into()];
    let rows = all(on, &sql, values).await?;
    rows.iter().map(read).collect()
}

/// How many rows of a generation there are.
pub async fn count(
    on: &impl Session,
    workspace: WorkspaceId,
    object: SyncedObject,
    generation: RunId,
) -> Result<i64, StorageError> {
    let sql = "SELECT COUNT(*) AS n FROM synced_records
        WHERE workspace_id = $1 AND object = $2 AND generation = $3";
    let values = vec![text(workspace), text(object.name()), text(generation)];
    one(on, sql, values).await?.map_or(Ok(0), |row| row.get("n"))
}

fn read(row: &crate::statements::Row) -> Result<SyncedRow, StorageError> {
    Ok(SyncedRow {
        record_id: row.get("record_id")?,
        match_key: row.get("match_key")?,
        values: row.json(TABLE, "body")?,
    })
}
