//! One column: where its values stand and what they are.

use serde_json::Value;

use super::{Cell, CellType, moment, number};
use crate::{Record, SalesforceId};

/// A field by its name, or by its path through parents (`Account.Name`), with the type of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    path: String,
    cell_type: CellType,
}

/// A value that is not of its column's type, or is missing. The value itself is not told: it can be personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CellError {
    /// The value is something else.
    #[error("{column} holds something that is no {cell_type}")]
    Type {
        /// The column.
        column: String,
        /// What its values should be.
        cell_type: CellType,
    },
    /// The row has no such value, not even null: it was not asked for.
    #[error("{column} is not in the row")]
    Missing {
        /// The column.
        column: String,
    },
}

impl Column {
    /// A column by its path and type; [`super::Columns`] takes both from a describe.
    pub fn new(path: &str, cell_type: CellType) -> Self {
        Self { path: path.to_owned(), cell_type }
    }

    /// The field's name, or its path through parents.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The type of its values.
    pub fn cell_type(&self) -> CellType {
        self.cell_type
    }

    /// Reads the value from a row that came as JSON.
    ///
    /// # Errors
    /// [`CellError`]
    pub fn read_record<'a>(&self, record: &'a Record) -> Result<Cell<'a>, CellError> {
        let missing = || CellError::Missing { column: self.path.clone() };
        self.read_json(record.find(&self.path).ok_or_else(missing)?)
    }

    /// Reads a value that came as JSON.
    ///
    /// # Errors
    /// [`CellError::Type`]
    pub fn read_json<'a>(&self, value: &'a Value) -> Result<Cell<'a>, CellError> {
        let cell = match (value, self.cell_type) {
            (Value::Null, _) => Some(Cell::Null),
            (Value::String(text), _) => return self.read_text(text),
            (Value::Bool(flag), CellType::Boolean) => Some(Cell::Boolean(*flag)),
            (Value::Number(told), CellType::Integer) => {
                told.as_i64().or_else(|| number::whole(told.as_f64()?)).map(Cell::Integer)
            }
            (Value::Number(told), CellType::Decimal) => {
                told.as_f64().and_then(number::finite).map(Cell::Decimal)
            }
            (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_), _) => None,
        };
        cell.ok_or_else(|| self.wrong_type())
    }

    /// Reads a value that came as text, which is how CSV has all of them.
    ///
    /// # Errors
    /// [`CellError::Type`]
    pub fn read_text<'a>(&self, text: &'a str) -> Result<Cell<'a>, CellError> {
        if text.is_empty() {
            return Ok(Cell::Null);
        }
        let cell = match self.cell_type {
            CellType::Text => Some(Cell::Text(text)),
            CellType::Boolean => match text {
                "true" => Some(Cell::Boolean(true)),
                "false" => Some(Cell::Boolean(false)),
                _ => None,
            },
            CellType::Integer => number::integer(text).map(Cell::Integer),
            CellType::Decimal => number::decimal(text).map(Cell::Decimal),
            CellType::Date => moment::date(text).map(Cell::Date),
            CellType::DateTime => moment::moment(text).map(Cell::DateTime),
            CellType::Time => moment::time(text).map(Cell::Time),
            CellType::Id => text.parse::<SalesforceId>().ok().map(Cell::Id),
        };
        cell.ok_or_else(|| self.wrong_type())
    }

    fn wrong_type(&self) -> CellError {
        CellError::Type { column: self.path.clone(), cell_type: self.cell_type }
    }
}
