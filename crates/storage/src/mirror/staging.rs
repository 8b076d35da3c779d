//! Writing many rows of a generation at once.

use crate::database::bulk_insert;
use crate::database::bulk_insert::BATCH;
use crate::database::statements::{BulkValue, execute, to_json};
use crate::error::StorageError;
use crate::mirror::partitions;
use crate::mirror::row_layouts::EncodedRows;
use domain::mirror::MirrorRow;
use domain::value::WorkspaceId;
use std::collections::HashMap;

const COLUMNS: &str = "mirror_rows
    (partition_id, record_id, system_modstamp, match_key, state, successor_id, changed_at, body)";

/// A row with its body as it is stored.
type Stored<'r> = (&'r MirrorRow, &'r str);

/// Where rows of a generation are written.
#[derive(Clone, Copy, Debug)]
pub struct PartitionId(i64);

/// Makes the place for rows of a generation, or finds it.
///
/// While the one that makes it is not committed, others that need it wait; a transaction that only reads it blocks no one.
pub async fn partition(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
    generation: i64,
) -> Result<PartitionId, StorageError> {
    Ok(PartitionId(partitions::add(on, workspace, stream, generation).await?))
}

/// Writes rows of a generation and tells how many records are new in it; one that comes again replaces itself.
pub async fn stage(
    on: &crate::Write,
    partition: PartitionId,
    rows: &EncodedRows<'_>,
) -> Result<u64, StorageError> {
    let PartitionId(partition) = partition;
    let rows: Vec<Stored<'_>> = rows.iter().collect();
    // What is left is written with one statement, whatever its number: there are only a few statements to prepare.
    let (many, few) = rows.split_at(rows.len() - rows.len() % BATCH);
    let new = match bulk_insert::add(on, COLUMNS, many.iter().map(|row| fields(partition, *row))).await? {
        Some(new) => new,
        None => add(on, partition, many).await?,
    };
    let new = new + add(on, partition, few).await?;
    if new < rows.len() as u64 {
        replace(on, partition, &rows).await?;
    }
    Ok(new)
}

fn fields<'r>(partition: i64, (row, body): Stored<'r>) -> [BulkValue<'r>; 8] {
    let text = |text: &'r Option<String>| text.as_deref().map_or(BulkValue::Null, BulkValue::Text);
    [
        BulkValue::Number(partition),
        BulkValue::Text(&row.record_id),
        BulkValue::Number(row.system_modstamp.microseconds()),
        text(&row.match_key),
        BulkValue::Text(row.state.name()),
        text(&row.successor_id),
        BulkValue::Number(row.changed_at.microseconds()),
        BulkValue::Text(body),
    ]
}

/// Adds those rows that are not there.
async fn add(on: &crate::Write, partition: i64, rows: &[Stored<'_>]) -> Result<u64, StorageError> {
    write(on, partition, rows.iter().copied(), "DO NOTHING").await
}

/// Puts rows in place of those that are there; of a record that comes twice, the latter row.
async fn replace(on: &crate::Write, partition: i64, rows: &[Stored<'_>]) -> Result<(), StorageError> {
    let last: HashMap<&str, Stored<'_>> = rows.iter().map(|row| (row.0.record_id.as_str(), *row)).collect();
    let end = "(partition_id, record_id) DO UPDATE SET system_modstamp = excluded.system_modstamp,
        match_key = excluded.match_key, state = excluded.state, successor_id = excluded.successor_id,
        changed_at = excluded.changed_at, body = excluded.body";
    write(on, partition, last.into_values(), end).await.map(drop)
}

async fn write<'r>(
    on: &crate::Write,
    partition: i64,
    rows: impl ExactSizeIterator<Item = Stored<'r>>,
    on_conflict: &str,
) -> Result<u64, StorageError> {
    if rows.len() == 0 {
        return Ok(0);
    }
    let list: Vec<_> = rows
        .map(|(row, body)| {
            let (system_modstamp, changed_at) =
                (row.system_modstamp.microseconds(), row.changed_at.microseconds());
            let (id, key, successor_id) = (&row.record_id, &row.match_key, &row.successor_id);
            (id, system_modstamp, key, row.state.name(), successor_id, changed_at, body)
        })
        .collect();
    let sql = format!(
        "INSERT INTO {COLUMNS}
        SELECT $1, value ->> 0, CAST(value ->> 1 AS BIGINT), value ->> 2, value ->> 3, value ->> 4,
            CAST(value ->> 5 AS BIGINT), value ->> 6 FROM {} WHERE true ON CONFLICT {on_conflict}",
        on.dialect.json_rows("$2")
    );
    let values = vec![partition.into(), to_json(&list)?];
    execute(on, &sql, values).await
}
