//! Layouts: the order of a row's values, stored once and not in every row.
//!
//! A layout has a number within its workspace, and is never deleted. It is committed before the first row that uses it.

use crate::database::statements::{Row, Session, all, execute, text};
use crate::error::StorageError;
use crate::mirror::row_codec::RowLayout;
use domain::mirror::{MirrorRow, RecordState};
use domain::value::WorkspaceId;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

const TABLE: &str = "mirror_rows";

/// The layouts that this process has met.
#[derive(Debug, Default)]
pub struct LayoutCache {
    known: RwLock<HashMap<WorkspaceId, Known>>,
}

type Known = Vec<(i64, Arc<RowLayout>)>;

impl LayoutCache {
    fn find<T>(&self, workspace: WorkspaceId, find: impl Fn(&Known) -> Option<T>) -> Option<T> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(&workspace).and_then(find)
    }

    fn with_number(&self, workspace: WorkspaceId, number: i64) -> Option<Arc<RowLayout>> {
        let find = |known: &Known| {
            known.iter().find(|(one, _)| *one == number).map(|(_, layout)| Arc::clone(layout))
        };
        self.find(workspace, find)
    }

    fn number_of(&self, workspace: WorkspaceId, layout: &RowLayout) -> Option<i64> {
        self.find(workspace, |known| {
            known.iter().find(|(_, one)| **one == *layout).map(|(number, _)| *number)
        })
    }

    fn store(&self, workspace: WorkspaceId, known: Known) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(workspace, known);
    }
}

/// Rows with their bodies as they are stored.
pub struct EncodedRows<'r> {
    rows: &'r [MirrorRow],
    bodies: String,
    /// Where each body stands among the packed ones; nowhere when it is stored as it is.
    places: Vec<Option<Range<usize>>>,
}

impl<'r> EncodedRows<'r> {
    /// Each row with its body.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&'r MirrorRow, &str)> {
        self.rows.iter().zip(&self.places).map(|(row, place)| match place {
            Some(place) => (row, &self.bodies[place.clone()]),
            None => (row, row.body.as_str()),
        })
    }
}

/// Packs rows for a transaction that begins later: those with the values of the first one, in the same order.
pub async fn encode<'r>(
    database: &crate::Database,
    workspace: WorkspaceId,
    rows: &'r [MirrorRow],
) -> Result<EncodedRows<'r>, StorageError> {
    let mut packed = EncodedRows { rows, bodies: String::new(), places: vec![None; rows.len()] };
    let Some(layout) = rows.first().and_then(|row| RowLayout::of(&row.body)) else { return Ok(packed) };
    let number = register(database, workspace, &layout).await?;
    for (row, place) in rows.iter().zip(&mut packed.places) {
        let start = packed.bodies.len();
        let is_packed = layout.encode(number, row, &mut packed.bodies);
        *place = is_packed.then_some(start..packed.bodies.len());
    }
    Ok(packed)
}

/// The number of a layout, which gets one now if it has none.
async fn register(
    database: &crate::Database,
    workspace: WorkspaceId,
    layout: &RowLayout,
) -> Result<i64, StorageError> {
    let layouts = database.read().cache::<LayoutCache>();
    loop {
        if let Some(number) = layouts.number_of(workspace, layout) {
            return Ok(number);
        }
        let write = database.write().await?;
        // When someone else takes the number at the same moment, the next one is tried.
        let sql = "INSERT INTO mirror_layouts (workspace_id, number, names)
            SELECT $1, COALESCE(MAX(number), 0) + 1, $2 FROM mirror_layouts WHERE workspace_id = $1
            ON CONFLICT DO NOTHING";
        execute(&write, sql, vec![text(workspace), text(layout.names())]).await?;
        write.commit().await?;
        read_known(&database.read(), &layouts, workspace).await?;
    }
}

async fn read_known(
    on: &impl Session,
    layouts: &LayoutCache,
    workspace: WorkspaceId,
) -> Result<(), StorageError> {
    let sql = "SELECT number, names FROM mirror_layouts WHERE workspace_id = $1";
    let rows = all(on, sql, vec![text(workspace)]).await?;
    let known = rows.iter().map(|row| {
        let names: Vec<String> = row.json("mirror_layouts", "names")?;
        Ok((row.get("number")?, Arc::new(RowLayout::of_names(names))))
    });
    layouts.store(workspace, known.collect::<Result<_, StorageError>>()?);
    Ok(())
}

/// Rows of `mirror_rows` as they were before they were stored.
pub(crate) async fn read_all(
    on: &impl Session,
    workspace: WorkspaceId,
    rows: &[Row],
) -> Result<Vec<MirrorRow>, StorageError> {
    let mut read = Vec::with_capacity(rows.len());
    let layouts = on.cache::<LayoutCache>();
    for row in rows {
        let mut row = read_one(row)?;
        if let Some((number, lines)) = row.body.split_once('\n') {
            let key = row.match_key.as_deref();
            let layout = known(on, &layouts, workspace, number).await?;
            let body = layout.and_then(|layout| layout.decode(lines, &row.record_id, key));
            row.body = body.ok_or_else(|| StorageError::Inconsistent {
                table: TABLE,
                column: "body",
                reason: format!("{} is not of layout {number}", row.record_id),
            })?;
        }
        read.push(row);
    }
    Ok(read)
}

async fn known(
    on: &impl Session,
    layouts: &LayoutCache,
    workspace: WorkspaceId,
    number: &str,
) -> Result<Option<Arc<RowLayout>>, StorageError> {
    let Ok(number) = number.parse() else { return Ok(None) };
    if let Some(layout) = layouts.with_number(workspace, number) {
        return Ok(Some(layout));
    }
    // Another node has learned it.
    read_known(on, layouts, workspace).await?;
    Ok(layouts.with_number(workspace, number))
}

fn read_one(row: &Row) -> Result<MirrorRow, StorageError> {
    Ok(MirrorRow {
        record_id: row.get("record_id")?,
        system_modstamp: row.time("system_modstamp")?,
        match_key: row.get("match_key")?,
        state: row.word(TABLE, "state", RecordState::parse)?,
        successor_id: row.get("successor_id")?,
        changed_at: row.time("changed_at")?,
        body: row.get("body")?,
    })
}
