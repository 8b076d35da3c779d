//! Writing many rows of a generation at once.

use crate::error::StorageError;
use crate::many_rows::{self, Field, TOGETHER};
use crate::mirror_layouts::Packed;
use crate::mirror_shelves;
use crate::statements::{execute, to_json};
use domain::id::WorkspaceId;
use domain::mirror::MirrorRow;
use std::collections::HashMap;

const COLUMNS: &str = "mirror_rows
    (shelf, record_id, stamp, match_key, state, leads_to, changed_at, body)";

/// A row with its body as it is stored.
type Stored<'r> = (&'r MirrorRow, &'r str);

/// Where rows of a generation are written.
#[derive(Clone, Copy, Debug)]
pub struct Shelf(i64);

/// Makes the place for rows of a generation, or finds it.
///
/// While the one that makes it is not committed, others that need it wait; reading it blocks no one.
pub async fn shelf(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
    generation: i64,
) -> Result<Shelf, StorageError> {
    Ok(Shelf(mirror_shelves::add(on, workspace, stream, generation).await?))
}

/// Writes rows of a generation and tells how many records are new in it; one that comes again replaces itself.
pub async fn stage(on: &crate::Write, shelf: Shelf, rows: &Packed<'_>) -> Result<u64, StorageError> {
    let Shelf(shelf) = shelf;
    let rows: Vec<Stored<'_>> = rows.iter().collect();
    // What is left is written with one statement, whatever its number: there are only a few statements to prepare.
    let (many, few) = rows.split_at(rows.len() - rows.len() % TOGETHER);
    let new = match many_rows::add(on, COLUMNS, many.iter().map(|row| fields(shelf, *row))).await? {
        Some(new) => new,
        None => add(on, shelf, many).await?,
    };
    let new = new + add(on, shelf, few).await?;
    if new < rows.len() as u64 {
        replace(on, shelf, &rows).await?;
    }
    Ok(new)
}

fn fields<'r>(shelf: i64, (row, body): Stored<'r>) -> [Field<'r>; 8] {
    let text = |text: &'r Option<String>| text.as_deref().map_or(Field::Null, Field::Text);
    [
        Field::Number(shelf),
        Field::Text(&row.record_id),
        Field::Number(row.stamp.microseconds()),
        text(&row.match_key),
        Field::Text(row.state.name()),
        text(&row.leads_to),
        Field::Number(row.changed_at.microseconds()),
        Field::Text(body),
    ]
}

/// Adds those rows that are not there.
async fn add(on: &crate::Write, shelf: i64, rows: &[Stored<'_>]) -> Result<u64, StorageError> {
    write(on, shelf, rows.iter().copied(), "DO NOTHING").await
}

/// Puts rows in place of those that are there; of a record that comes twice, the latter row.
async fn replace(on: &crate::Write, shelf: i64, rows: &[Stored<'_>]) -> Result<(), StorageError> {
    let last: HashMap<&str, Stored<'_>> = rows.iter().map(|row| (row.0.record_id.as_str(), *row)).collect();
    let end = "(shelf, record_id) DO UPDATE SET stamp = excluded.stamp,
        match_key = excluded.match_key, state = excluded.state, leads_to = excluded.leads_to,
        changed_at = excluded.changed_at, body = excluded.body";
    write(on, shelf, last.into_values(), end).await.map(drop)
}

async fn write<'r>(
    on: &crate::Write,
    shelf: i64,
    rows: impl ExactSizeIterator<Item = Stored<'r>>,
    on_conflict: &str,
) -> Result<u64, StorageError> {
    if rows.len() == 0 {
        return Ok(0);
    }
    let list: Vec<_> = rows
        .map(|(row, body)| {
            let (stamp, changed_at) = (row.stamp.microseconds(), row.changed_at.microseconds());
            let (id, key, leads_to) = (&row.record_id, &row.match_key, &row.leads_to);
            (id, stamp, key, row.state.name(), leads_to, changed_at, body)
        })
        .collect();
    let sql = format!(
        "INSERT INTO {COLUMNS}
        SELECT $1, value ->> 0, CAST(value ->> 1 AS BIGINT), value ->> 2, value ->> 3, value ->> 4,
            CAST(value ->> 5 AS BIGINT), value ->> 6 FROM {} WHERE true ON CONFLICT {on_conflict}",
        on.dialect.json_rows("$2")
    );
    let values = vec![shelf.into(), to_json(&list)?];
    execute(on, &sql, values).await
}
