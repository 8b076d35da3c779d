//! The values that statements bind, and those of many rows at once.

use crate::error::StorageError;
use domain::value::Timestamp;
use sqlx::query::Query;
use sqlx::{Arguments as _, AssertSqlSafe, Database, Encode, IntoArguments, Type};

/// One bound value. Its kind is known even if it is missing: PostgreSQL wants a type for every placeholder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// TEXT.
    Text(Option<String>),
    /// BIGINT.
    Integer(Option<i64>),
    /// BOOLEAN.
    Boolean(Option<bool>),
}

impl Value {
    /// A missing text.
    pub(crate) const NULL_TEXT: Self = Self::Text(None);
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Boolean(Some(flag))
    }
}

impl From<Option<bool>> for Value {
    fn from(flag: Option<bool>) -> Self {
        Self::Boolean(flag)
    }
}

/// An id or word as the text that is stored.
pub(crate) fn text(value: impl std::fmt::Display) -> Value {
    Value::from(value.to_string())
}

/// A time as the number that is stored.
pub(crate) fn time(value: Timestamp) -> Value {
    Value::from(value.microseconds())
}

/// A value as the JSON text that is stored.
pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<Value, StorageError> {
    serde_json::to_string(value).map(Value::from).map_err(|error| StorageError::Inconsistent {
        table: "(new row)",
        column: "json",
        reason: error.to_string(),
    })
}

/// A statement with its values; a driver prepares it once for each connection.
pub(crate) fn query<D: Database>(
    sql: &str,
    values: Vec<Value>,
) -> Result<Query<'static, D, D::Arguments>, sqlx::Error>
where
    for<'v> Option<String>: Encode<'v, D> + Type<D>,
    for<'v> Option<i64>: Encode<'v, D> + Type<D>,
    for<'v> Option<bool>: Encode<'v, D> + Type<D>,
    D::Arguments: IntoArguments<D>,
{
    let mut arguments = D::Arguments::default();
    for value in values {
        match value {
            Value::Text(text) => arguments.add(text),
            Value::Integer(number) => arguments.add(number),
            Value::Boolean(truth) => arguments.add(truth),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(sqlx::query_with(AssertSqlSafe(sql.to_owned()), arguments))
}

/// One value of a row that is inserted with many others.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BulkValue<'a> {
    /// Nothing.
    Null,
    /// A number.
    Number(i64),
    /// A text.
    Text(&'a str),
}

impl BulkValue<'_> {
    /// About how long it is.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Null => 0,
            Self::Number(_) => size_of::<i64>(),
            Self::Text(text) => text.len(),
        }
    }
}
