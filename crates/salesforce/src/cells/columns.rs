//! The columns of a table.

use super::{Cell, CellError, CellType, Column};
use crate::csv::CsvRow;
use crate::{Describe, Record};

/// The columns that are read, in the order their values are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns(Vec<Column>);

/// Why columns cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// The object has no such field, or hides it.
    #[error("{object} has no field {field}")]
    UnknownField {
        /// The object.
        object: String,
        /// The field.
        field: String,
    },
    /// A field whose values no row can hold; see [`CellType::of`].
    #[error("{object}.{field} cannot be read in rows")]
    NotTabular {
        /// The object.
        object: String,
        /// The field.
        field: String,
    },
    /// The table has no such column.
    #[error("the table has no column {0}")]
    NotInHeader(String),
}

impl Columns {
    /// These columns.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self(columns.into_iter().collect())
    }

    /// Adds fields of an object.
    ///
    /// # Errors
    /// [`ColumnsError`], when a field is unknown or cannot be read in rows.
    pub fn with_fields(self, describe: &Describe, fields: &[&str]) -> Result<Self, ColumnsError> {
        self.add(describe, "", fields)
    }

    /// Adds fields of a parent, reached by a path such as `Account` or `Account.Owner`.
    ///
    /// # Errors
    /// As for [`Columns::with_fields`].
    pub fn with_parent(self, path: &str, parent: &Describe, fields: &[&str]) -> Result<Self, ColumnsError> {
        self.add(parent, &format!("{path}."), fields)
    }

    fn add(mut self, describe: &Describe, prefix: &str, fields: &[&str]) -> Result<Self, ColumnsError> {
        for name in fields {
            let (object, field) = (describe.name.clone(), (*name).to_owned());
            let Some(known) = describe.field(name) else {
                return Err(ColumnsError::UnknownField { object, field });
            };
            let Some(cell_type) = CellType::of(&known.kind) else {
                return Err(ColumnsError::NotTabular { object, field });
            };
            self.0.push(Column::new(&format!("{prefix}{}", known.name), cell_type));
        }
        Ok(self)
    }

    /// The columns one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Column> {
        self.0.iter()
    }

    /// The paths, as a query selects them.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Column::path)
    }

    /// Reads the values of a row that came as JSON.
    pub fn read_record<'a>(
        &'a self,
        record: &'a Record,
    ) -> impl Iterator<Item = Result<Cell<'a>, CellError>> + use<'a> {
        self.0.iter().map(|column| column.read_record(record))
    }

    /// Finds the columns in a table's header, whatever their order and case.
    ///
    /// # Errors
    /// [`ColumnsError::NotInHeader`]
    pub fn find_in(&self, header: CsvRow<'_>) -> Result<Vec<usize>, ColumnsError> {
        let place = |column: &Column| {
            let found = header.values().position(|name| name.eq_ignore_ascii_case(column.path()));
            found.ok_or_else(|| ColumnsError::NotInHeader(column.path().to_owned()))
        };
        self.0.iter().map(place).collect()
    }

    /// Reads the values of a row of a table, from the places that [`Columns::find_in`] found.
    pub fn read_row<'a>(
        &'a self,
        row: CsvRow<'a>,
        places: &'a [usize],
    ) -> impl Iterator<Item = Result<Cell<'a>, CellError>> + use<'a> {
        self.0.iter().zip(places).map(move |(column, place)| {
            let missing = || CellError::Missing { column: column.path().to_owned() };
            column.read_text(row.get(*place).ok_or_else(missing)?)
        })
    }
}
