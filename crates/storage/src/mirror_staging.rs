//! Writing many rows of a generation at once, in the way that is fastest on each database.

use crate::copying::{self, Field};
use crate::error::StorageError;
use crate::mirror;
use crate::statements::sealed::Inner;
use crate::statements::{Session as _, execute, text, to_json};
use domain::id::WorkspaceId;
use domain::mirror::MirrorRow;
use sea_orm::Value;
use std::collections::HashMap;

const COLUMNS: &str = "mirror_rows
    (workspace_id, stream, generation, record_id, stamp, match_key, state, leads_to, changed_at, body,
    match_hash)";
/// Rows in one statement on SQLite: more are no faster, and their places have to be bound one by one.
const TOGETHER: usize = 100;

/// Whose rows they are.
#[derive(Clone, Copy)]
struct Target<'a> {
    workspace: WorkspaceId,
    stream: &'a str,
    generation: i64,
}

impl Target<'_> {
    fn hash(self, row: &MirrorRow) -> Option<i64> {
        row.match_key.as_deref().map(|key| mirror::match_hash(self.workspace, self.stream, key))
    }
}

/// Writes rows of a generation and tells how many records are new in it; one that comes again replaces itself.
pub async fn stage(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
    generation: i64,
    rows: &[MirrorRow],
) -> Result<u64, StorageError> {
    let target = Target { workspace, stream, generation };
    let (many, few) = rows.split_at(rows.len() - rows.len() % TOGETHER);
    let new = match on.connection() {
        Inner::Copying(transaction) => {
            let key = workspace.to_string();
            if copying::copy(transaction, COLUMNS, many.iter().map(|row| fields(&key, target, row))).await? {
                many.len() as u64
            } else {
                add(on, target, many).await?
            }
        }
        Inner::Pool(_) | Inner::Transaction(_) => insert(on, target, many).await?,
    };
    let new = new + add(on, target, few).await?;
    if new < rows.len() as u64 {
        replace(on, target, rows).await?;
    }
    Ok(new)
}

fn fields<'r>(workspace: &'r str, target: Target<'r>, row: &'r MirrorRow) -> [Field<'r>; 11] {
    let text = |text: &'r Option<String>| text.as_deref().map_or(Field::Null, Field::Text);
    [
        Field::Text(workspace),
        Field::Text(target.stream),
        Field::Number(target.generation),
        Field::Text(&row.record_id),
        Field::Number(row.stamp.microseconds()),
        text(&row.match_key),
        Field::Text(row.state.name()),
        text(&row.leads_to),
        Field::Number(row.changed_at.microseconds()),
        Field::Text(&row.body),
        target.hash(row).map_or(Field::Null, Field::Number),
    ]
}

/// Adds those rows that are not there, as many to a statement as were asked for with every one before.
async fn insert(on: &crate::Write, target: Target<'_>, rows: &[MirrorRow]) -> Result<u64, StorageError> {
    // Places without numbers: SQLite looks a number up among all the others, and there are hundreds.
    let places = vec!["(?, ?, ?, ?, ?, ?, ?, ?)"; TOGETHER].join(", ");
    let sql = format!(
        "INSERT INTO {COLUMNS} SELECT ?, ?, ?, * FROM (VALUES {places}) WHERE true ON CONFLICT DO NOTHING"
    );
    // In the order of the index of keys: each of its pages is then changed once a batch, and not written out and read
    // back again and again.
    let mut rows: Vec<(Option<i64>, &MirrorRow)> = rows.iter().map(|row| (target.hash(row), row)).collect();
    rows.sort_by_key(|(hash, _)| *hash);
    let mut new = 0;
    for some in rows.chunks_exact(TOGETHER) {
        let mut values = Vec::with_capacity(3 + 8 * TOGETHER);
        values.extend([text(target.workspace), text(target.stream), target.generation.into()]);
        for (hash, row) in some {
            values.extend([
                Value::from(row.record_id.as_str()),
                row.stamp.microseconds().into(),
                row.match_key.clone().into(),
                row.state.name().into(),
                row.leads_to.clone().into(),
                row.changed_at.microseconds().into(),
                row.body.as_str().into(),
                (*hash).into(),
            ]);
        }
        new += execute(on, &sql, values).await?;
    }
    Ok(new)
}

/// Adds those rows that are not there.
async fn add(on: &crate::Write, target: Target<'_>, rows: &[MirrorRow]) -> Result<u64, StorageError> {
    write(on, target, rows.iter(), "DO NOTHING").await
}

/// Puts rows in place of those that are there; of a record that comes twice, the latter row.
async fn replace(on: &crate::Write, target: Target<'_>, rows: &[MirrorRow]) -> Result<(), StorageError> {
    let last: HashMap<&str, &MirrorRow> = rows.iter().map(|row| (row.record_id.as_str(), row)).collect();
    let end = "(workspace_id, stream, generation, record_id) DO UPDATE SET stamp = excluded.stamp,
        match_key = excluded.match_key, state = excluded.state, leads_to = excluded.leads_to,
        changed_at = excluded.changed_at, body = excluded.body, match_hash = excluded.match_hash";
    write(on, target, last.into_values(), end).await.map(drop)
}

async fn write<'r>(
    on: &crate::Write,
    target: Target<'_>,
    rows: impl ExactSizeIterator<Item = &'r MirrorRow>,
    on_conflict: &str,
) -> Result<u64, StorageError> {
    if rows.len() == 0 {
        return Ok(0);
    }
    let list: Vec<_> = rows
        .map(|row| {
            let times = (row.stamp.microseconds(), row.changed_at.microseconds());
            let hash = target.hash(row);
            (
                &row.record_id,
                times.0,
                &row.match_key,
                row.state.name(),
                &row.leads_to,
                times.1,
                &row.body,
                hash,
            )
        })
        .collect();
    let sql = format!(
        "INSERT INTO {COLUMNS}
        SELECT $1, $2, $3, value ->> 0, CAST(value ->> 1 AS BIGINT), value ->> 2, value ->> 3, value ->> 4,
            CAST(value ->> 5 AS BIGINT), value ->> 6, CAST(value ->> 7 AS BIGINT) FROM {} WHERE true ON CONFLICT {on_conflict}",
        on.dialect.json_rows("$4")
    );
    let values = vec![text(target.workspace), text(target.stream), target.generation.into(), to_json(&list)?];
    execute(on, &sql, values).await
}
