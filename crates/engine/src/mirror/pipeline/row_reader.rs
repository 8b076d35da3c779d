//! From the values of a record to the row that is kept.

use crate::mirror::model::stream::{MatchBy, Stream, VisibleFields};
use crate::org::cell_type::cell_type;
use domain::mirror::{MirrorRow, RecordState};
use domain::org::FieldType;
use domain::value::Timestamp;
use salesforce::cells::{Cell, CellType, Column, Columns};
use serde_json::{Map, Number, Value};
use std::fmt;
use std::fmt::Write as _;

/// Which columns are asked for, and how their values become a row.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    columns: Columns,
    /// The chosen paths in order, each as the start of a JSON member, with its place among the columns.
    chosen: Vec<(String, String, usize)>,
    match_by: Option<(MatchBy, usize)>,
    deleted: Option<usize>,
    merged: Option<usize>,
    converted: Option<(usize, usize)>,
}

/// A record as one look has found it.
#[derive(Clone, Debug)]
pub(crate) struct PartialRow {
    pub(crate) record_id: String,
    pub(crate) system_modstamp: Timestamp,
    pub(crate) values: Map<String, Value>,
}

struct RowBuilder {
    columns: Vec<Column>,
}

impl RowBuilder {
    /// The place of a column; one that is asked for anyway comes once.
    fn add_column(&mut self, path: &str, cell_type: CellType) -> usize {
        let known = self.columns.iter().position(|column| column.path().eq_ignore_ascii_case(path));
        known.unwrap_or_else(|| {
            self.columns.push(Column::new(path, cell_type));
            self.columns.len() - 1
        })
    }
}

impl Reader {
    /// Reads everything that is wanted of a record; `gone` asks too whether it was deleted or merged.
    pub(crate) fn of_rows(stream: &Stream, shown: &VisibleFields, gone: bool) -> Self {
        let mut making = RowBuilder { columns: begin() };
        let match_by = stream.match_by.filter(|_| shown.match_field);
        let match_by = match_by.map(|by| (by, making.add_column(by.field(), CellType::Text)));
        let deleted = gone.then(|| making.add_column("IsDeleted", CellType::Boolean));
        let merged = (gone && shown.merges).then(|| making.add_column("MasterRecordId", CellType::Id));
        let converted = shown.converts.then(|| {
            let flag = making.add_column("IsConverted", CellType::Boolean);
            (flag, making.add_column("ConvertedContactId", CellType::Id))
        });
        let chosen = shown.usable.iter().map(|usable| (usable.path.as_str(), usable.kind));
        let chosen = indexes(&mut making, chosen);
        Self { columns: Columns::new(making.columns), chosen, match_by, deleted, merged, converted }
    }

    /// Reads only what changes without a mark.
    pub(crate) fn of_derived(shown: &VisibleFields) -> Self {
        let mut making = RowBuilder { columns: begin() };
        let derived = shown.usable.iter().filter(|usable| usable.derived);
        let chosen = indexes(&mut making, derived.map(|usable| (usable.path.as_str(), usable.kind)));
        let columns = Columns::new(making.columns);
        Self { columns, chosen, match_by: None, deleted: None, merged: None, converted: None }
    }

    /// Reads only what became of records.
    pub(crate) fn of_ids(shown: &VisibleFields) -> Self {
        let mut making = RowBuilder { columns: begin() };
        let deleted = Some(making.add_column("IsDeleted", CellType::Boolean));
        let merged = shown.merges.then(|| making.add_column("MasterRecordId", CellType::Id));
        let columns = Columns::new(making.columns);
        Self { columns, chosen: Vec::new(), match_by: None, deleted, merged, converted: None }
    }

    /// The columns.
    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The row of a record's values; `None` without an id or a system_modstamp.
    pub(crate) fn row<'a, E>(
        &self,
        told: impl Iterator<Item = Result<Cell<'a>, E>>,
        now: Timestamp,
    ) -> Result<Option<MirrorRow>, E> {
        // What is collected from results does not know how many there will be, and grows.
        let mut cells = Vec::with_capacity(self.columns.iter().len());
        for cell in told {
            cells.push(cell?);
        }
        let [Cell::Id(id), Cell::DateTime(system_modstamp), ..] = cells.as_slice() else { return Ok(None) };
        let is =
            |place: Option<usize>| place.and_then(|place| cells.get(place)) == Some(&Cell::Boolean(true));
        let id_at = |place: Option<usize>| match place.and_then(|place| cells.get(place)) {
            Some(Cell::Id(id)) => Some(id.as_str().to_owned()),
            _ => None,
        };
        let master = id_at(self.merged);
        let (state, successor_id) = if is(self.deleted) {
            (if master.is_some() { RecordState::Merged } else { RecordState::Deleted }, master)
        } else if is(self.converted.map(|(flag, _)| flag)) {
            (RecordState::Converted, id_at(self.converted.map(|(_, contact)| contact)))
        } else {
            (RecordState::Present, None)
        };
        let match_key = self.match_by.and_then(|(by, place)| match cells.get(place) {
            Some(Cell::Text(text)) => by.key(text),
            _ => None,
        });
        Ok(Some(MirrorRow {
            record_id: id.as_str().to_owned(),
            system_modstamp: Timestamp::from_jiff(*system_modstamp),
            match_key,
            state,
            successor_id,
            changed_at: now,
            body: self.body(&cells),
        }))
    }

    /// The values of a narrow look.
    pub(crate) fn partial_row(&self, row: &MirrorRow) -> PartialRow {
        PartialRow {
            record_id: row.record_id.clone(),
            system_modstamp: row.system_modstamp,
            values: row.values(),
        }
    }

    fn body(&self, cells: &[Cell<'_>]) -> String {
        let mut body = String::with_capacity(32 * self.chosen.len() + 2);
        body.push('{');
        for (number, (_, member, place)) in self.chosen.iter().enumerate() {
            if number > 0 {
                body.push(',');
            }
            body.push_str(member);
            write_value(&mut body, cells.get(*place).unwrap_or(&Cell::Null));
        }
        body.push('}');
        body
    }
}

fn begin() -> Vec<Column> {
    vec![Column::new("Id", CellType::Id), Column::new("SystemModstamp", CellType::DateTime)]
}

fn indexes<'p>(
    making: &mut RowBuilder,
    paths: impl Iterator<Item = (&'p str, FieldType)>,
) -> Vec<(String, String, usize)> {
    let mut chosen: Vec<(String, String, usize)> = paths
        .map(|(path, kind)| {
            let place = making.add_column(path, cell_type(kind));
            (path.to_owned(), format!("{}:", Value::from(path)), place)
        })
        .collect();
    // One order, so that two bodies with the same values are the same text.
    chosen.sort();
    chosen
}

/// Writes a value as it is kept: the same whichever way it came.
fn write_value(body: &mut String, cell: &Cell<'_>) {
    // A text takes whatever is written to it.
    let _ = match cell {
        Cell::Null => body.write_str("null"),
        Cell::Boolean(flag) => body.write_str(if *flag { "true" } else { "false" }),
        Cell::Text(text) => write_text(body, text),
        Cell::Integer(number) => write!(body, "{number}"),
        Cell::Decimal(number) => {
            write!(body, "{}", Number::from_f64(*number).map_or(Value::Null, Value::Number))
        }
        Cell::Date(day) => write!(body, "\"{day}\""),
        Cell::DateTime(moment) => write!(body, "\"{moment}\""),
        Cell::Time(time) => write!(body, "\"{time}\""),
        Cell::Id(id) => write_text(body, id.as_str()),
    };
}

fn write_text(body: &mut String, text: &str) -> fmt::Result {
    // Most texts hold nothing that has to be escaped; all bytes are looked at, as that is done for many at once.
    let is_special = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    if text.bytes().fold(false, |any, byte| any | is_special(byte)) {
        return write!(body, "{}", Value::from(text));
    }
    body.push('"');
    body.push_str(text);
    body.push('"');
    Ok(())
}

#[cfg(test)]
#[path = "row_reader_tests.rs"]
mod tests;
