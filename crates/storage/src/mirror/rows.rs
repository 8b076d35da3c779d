//! Records of the org that are kept here, stream by stream: what is read, and what a run has staged beside it.
//!
//! Every row belongs to a generation of its stream, and is in that generation's partition. Readers see the one that
//! the stream's row in `mirrors` names; a run writes into the next one. Either that becomes what is read (everything
//! was fetched), or its rows are put in place of older ones (changes were fetched): in both cases in one transaction,
//! so that readers see all or nothing (D4).

use crate::database::statements::{Session, Value, all, execute, one, placeholders, text};
use crate::error::StorageError;
use crate::mirror::streams::Mirror;
use crate::mirror::{lookup_index, partitions, row_layouts};
use domain::list::Position;
use domain::mirror::{MirrorRow, RecordState};
use domain::value::WorkspaceId;
use std::collections::HashMap;

/// Ids that are asked for in one statement. SQLite looks every place up among all the others, so that twice as many
/// cost four times as much.
pub(crate) const ID_BATCH: usize = 512;
/// Rows deleted in one statement, so that other writers get their turn.
const DELETE_BATCH: i64 = 5_000;
/// Rows that a search by text looks at more closely in one go.
const SCAN_BATCH: u32 = 500;
/// The rows of these records, by id: staged ones before those that are read.
pub async fn find_many(
    on: &impl Session,
    workspace: WorkspaceId,
    mirror: &Mirror,
    record_ids: &[&str],
) -> Result<HashMap<String, MirrorRow>, StorageError> {
    let mut found = HashMap::with_capacity(record_ids.len());
    for some in record_ids.chunks(ID_BATCH) {
        find_some(on, workspace, mirror, some, &mut found).await?;
    }
    Ok(found)
}

async fn find_some(
    on: &impl Session,
    workspace: WorkspaceId,
    mirror: &Mirror,
    record_ids: &[&str],
    found: &mut HashMap<String, MirrorRow>,
) -> Result<(), StorageError> {
    let ids = padded(record_ids);
    // A list of places, and not a table to join with: no planner can take it the wrong way round.
    let sql = format!(
        "SELECT * FROM mirror_rows WHERE partition_id IN ({}, {}) AND record_id IN ({}) ORDER BY partition_id",
        partitions::of("$3"),
        partitions::of("$4"),
        placeholders(5, ids.len())
    );
    let mut values =
        vec![text(workspace), text(&mirror.stream), mirror.generation.into(), mirror.staged().into()];
    values.extend(ids.into_iter().map(text));
    let rows = row_layouts::read_all(on, workspace, &all(on, &sql, values).await?).await?;
    found.extend(rows.into_iter().map(|row| (row.record_id.clone(), row)));
    Ok(())
}

/// The ids, some of them repeated, so that there are only a few statements to prepare.
pub(crate) fn padded<'i>(record_ids: &[&'i str]) -> Vec<&'i str> {
    let enough = record_ids.len().next_power_of_two().max(16);
    record_ids.iter().copied().cycle().take(enough).collect()
}

/// Puts what a run has staged in place of what is read.
pub async fn merge_staged(
    on: &crate::Write,
    workspace: WorkspaceId,
    mirror: &Mirror,
) -> Result<(), StorageError> {
    let read = partitions::add(on, workspace, &mirror.stream, mirror.generation).await?;
    let of = |generation: i64| vec![text(workspace), text(&mirror.stream), generation.into()];
    lookup_index::apply(on, workspace, mirror, read).await?;
    let sql = format!(
        "INSERT INTO mirror_rows
            (partition_id, record_id, system_modstamp, match_key, state, successor_id, changed_at, body)
        SELECT $4, record_id, system_modstamp, match_key, state, successor_id, changed_at, body
            FROM mirror_rows WHERE partition_id = {}
        ON CONFLICT (partition_id, record_id) DO UPDATE SET system_modstamp = excluded.system_modstamp, match_key = excluded.match_key,
            state = excluded.state, successor_id = excluded.successor_id, changed_at = excluded.changed_at,
            body = excluded.body",
        partitions::of("$3")
    );
    let values = of(mirror.staged()).into_iter().chain([read.into()]).collect();
    execute(on, &sql, values).await?;
    let sql = format!("DELETE FROM mirror_rows WHERE partition_id = {}", partitions::of("$3"));
    execute(on, &sql, of(mirror.staged())).await?;
    partitions::remove(on, of(mirror.staged())).await
}

/// Updates the planner's statistics after many inserts. Without statistics it assumes few rows and scans all of them.
pub async fn analyze(on: &crate::Write) -> Result<(), StorageError> {
    match on.dialect.statistics_of_rows() {
        Some(sql) => execute(on, sql, Vec::new()).await.map(drop),
        None => Ok(()),
    }
}

/// Which unread generations are deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stale {
    /// Those that were read before.
    Older,
    /// What was staged and never published; only whoever works on the stream may say that no one else does.
    Staged,
}

/// Deletes some rows of unread generations; `true` while there may be more.
pub async fn delete_stale(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
    read_generation: i64,
    which: Stale,
) -> Result<bool, StorageError> {
    let values = |generation: i64| vec![text(workspace), text(stream), generation.into()];
    let sql = format!(
        "SELECT generation FROM mirror_partitions WHERE workspace_id = $1 AND stream = $2 AND generation {} $3 LIMIT 1",
        match which {
            Stale::Older => "<",
            Stale::Staged => ">",
        }
    );
    let Some(row) = one(on, &sql, values(read_generation)).await? else { return Ok(false) };
    let unread = values(row.get("generation")?);
    let deleted = delete_some(on, "mirror_keys", "bucket", &unread).await?;
    if deleted == 0 && delete_some(on, "mirror_rows", "record_id", &unread).await? == 0 {
        partitions::remove(on, unread).await?;
    }
    Ok(true)
}

/// Deletes the first rows of a partition, in the order of a column.
///
/// By a range and not by a list that is looked up: a planner that has no statistics yet, right after the first
/// fetch, would search the whole table for every one of them.
async fn delete_some(
    on: &crate::Write,
    table: &str,
    column: &str,
    generation: &[Value],
) -> Result<u64, StorageError> {
    let partition = partitions::of("$3");
    let range = format!(
        "(SELECT {column} FROM {table} WHERE partition_id = {partition} ORDER BY {column} LIMIT 1 OFFSET {DELETE_BATCH})"
    );
    let last = format!("(SELECT MAX({column}) FROM {table} WHERE partition_id = {partition})");
    let sql = format!(
        "DELETE FROM {table} WHERE partition_id = {partition} AND {column} <= COALESCE({range}, {last})"
    );
    execute(on, &sql, generation.to_vec()).await
}

/// How many rows of a generation count as kept.
pub async fn count(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
    generation: i64,
) -> Result<i64, StorageError> {
    let sql = format!(
        "SELECT COUNT(*) AS n FROM mirror_rows WHERE partition_id = {} AND state IN ('present', 'converted', 'hidden')",
        partitions::of("$3")
    );
    let values = vec![text(workspace), text(stream), generation.into()];
    one(on, &sql, values).await?.map_or(Ok(0), |row| row.get("n"))
}

/// One record, however it stands.
pub async fn find_record(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
    record_id: &str,
) -> Result<Option<MirrorRow>, StorageError> {
    let sql =
        format!("SELECT * FROM mirror_rows WHERE partition_id = {} AND record_id = $3", partitions::READ);
    let rows = all(on, &sql, vec![text(workspace), text(stream), text(record_id)]).await?;
    Ok(row_layouts::read_all(on, workspace, &rows).await?.pop())
}

/// Records whose value of a field holds this text somewhere, in whatever case, in the order of their ids.
pub async fn find_by_text(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
    path: &str,
    wanted: &str,
    limit: u32,
) -> Result<Vec<MirrorRow>, StorageError> {
    let wanted = wanted.to_lowercase();
    let holds = |row: &MirrorRow| {
        let values = row.values();
        let value = values.get(path).and_then(serde_json::Value::as_str);
        value.is_some_and(|value| value.to_lowercase().contains(&wanted))
    };
    // The database looks into the whole row, and what it finds is looked at once more.
    let written = serde_json::Value::from(wanted.as_str()).to_string();
    let written = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
    let pattern = format!("%{}%", escaped(written));
    let sql = format!(
        "SELECT * FROM mirror_rows WHERE partition_id = {} AND record_id > $3
            AND (LOWER(body) LIKE $4 ESCAPE '!' OR match_key LIKE $4 ESCAPE '!' OR LOWER(record_id) LIKE $4 ESCAPE '!')
            ORDER BY record_id LIMIT $5",
        partitions::READ
    );
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let values =
            vec![text(workspace), text(stream), text(&after), text(&pattern), i64::from(SCAN_BATCH).into()];
        let rows = row_layouts::read_all(on, workspace, &all(on, &sql, values).await?).await?;
        let is_last = rows.len() < SCAN_BATCH as usize;
        if let Some(last) = rows.last() {
            after.clone_from(&last.record_id);
        }
        found.extend(rows.into_iter().filter(holds));
        if is_last || found.len() >= limit as usize {
            found.truncate(limit as usize);
            return Ok(found);
        }
    }
}

fn escaped(pattern: &str) -> String {
    pattern.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// A page of the records in these states in the order of their ids, after the one named.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
    states: &[RecordState],
    after: &str,
    limit: u32,
) -> Result<Vec<MirrorRow>, StorageError> {
    // The states are our own words, and not what someone typed.
    let states: Vec<String> = states.iter().map(|state| format!("'{}'", state.name())).collect();
    let sql = format!(
        "SELECT * FROM mirror_rows WHERE partition_id = {} AND record_id > $3 AND state IN ({}) ORDER BY record_id LIMIT $4",
        partitions::READ,
        states.join(", ")
    );
    let values = vec![text(workspace), text(stream), text(after), i64::from(limit).into()];
    row_layouts::read_all(on, workspace, &all(on, &sql, values).await?).await
}

/// A page of the records in these states in the order of their ids, forwards or backwards.
pub async fn page(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
    states: &[RecordState],
    position: &Position,
    limit: u32,
) -> Result<(Vec<MirrorRow>, bool, bool), StorageError> {
    let Position::Before(key) = position else {
        let after = if let Position::After(key) = position { key.id.as_str() } else { "" };
        let mut rows = list(on, workspace, stream, states, after, limit + 1).await?;
        let has_more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        return Ok((rows, !after.is_empty(), has_more));
    };
    let states: Vec<String> = states.iter().map(|state| format!("'{}'", state.name())).collect();
    let sql = format!(
        "SELECT * FROM mirror_rows WHERE partition_id = {} AND record_id < $3 AND state IN ({})
            ORDER BY record_id DESC LIMIT $4",
        partitions::READ,
        states.join(", ")
    );
    let values = vec![text(workspace), text(stream), text(&key.id), i64::from(limit + 1).into()];
    let mut rows = row_layouts::read_all(on, workspace, &all(on, &sql, values).await?).await?;
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    rows.reverse();
    Ok((rows, has_more, true))
}
