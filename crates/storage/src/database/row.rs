//! A row of an answer, read column by column.

use crate::error::StorageError;
use domain::value::Timestamp;
use serde::de::DeserializeOwned;
use sqlx::postgres::{PgRow, Postgres};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{Decode, Row as _, Type};
use std::str::FromStr;

/// A type that a column of either database is read as.
pub(crate) trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

impl<T> Column for T where
    T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

/// A row of an answer of either database.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl From<SqliteRow> for Row {
    fn from(row: SqliteRow) -> Self {
        Self::Sqlite(row)
    }
}

impl From<PgRow> for Row {
    fn from(row: PgRow) -> Self {
        Self::Postgres(row)
    }
}

/// A driver's rows as ours.
pub(crate) fn rows<R: Into<Row>>(rows: Vec<R>) -> Vec<Row> {
    rows.into_iter().map(Into::into).collect()
}

impl Row {
    /// A column of a type that the database knows.
    pub(crate) fn get<T: Column>(&self, column: &str) -> Result<T, StorageError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    /// A text column that holds one of our words or ids.
    pub(crate) fn parse<T: FromStr>(
        &self,
        table: &'static str,
        column: &'static str,
    ) -> Result<T, StorageError>
    where
        T::Err: std::fmt::Display,
    {
        let text: String = self.get(column)?;
        text.parse().map_err(|error: T::Err| inconsistent(table, column, error))
    }

    /// A text column that holds one of a closed list of words.
    pub(crate) fn word<T>(
        &self,
        table: &'static str,
        column: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StorageError> {
        let text: String = self.get(column)?;
        read(&text).ok_or_else(|| inconsistent(table, column, format!("unknown word {text:?}")))
    }

    /// A text column that holds JSON.
    pub(crate) fn json<T: DeserializeOwned>(
        &self,
        table: &'static str,
        column: &'static str,
    ) -> Result<T, StorageError> {
        let text: String = self.get(column)?;
        serde_json::from_str(&text).map_err(|error| inconsistent(table, column, error))
    }

    /// A text column that holds JSON or nothing.
    pub(crate) fn optional_json<T: DeserializeOwned>(
        &self,
        table: &'static str,
        column: &'static str,
    ) -> Result<Option<T>, StorageError> {
        let text: Option<String> = self.get(column)?;
        text.map(|text| serde_json::from_str(&text).map_err(|error| inconsistent(table, column, error)))
            .transpose()
    }

    /// A time.
    pub(crate) fn time(&self, column: &str) -> Result<Timestamp, StorageError> {
        Ok(Timestamp::from_microseconds(self.get(column)?))
    }

    /// A time, or none.
    pub(crate) fn optional_time(&self, column: &str) -> Result<Option<Timestamp>, StorageError> {
        Ok(self.get::<Option<i64>>(column)?.map(Timestamp::from_microseconds))
    }
}

fn inconsistent(table: &'static str, column: &'static str, reason: impl std::fmt::Display) -> StorageError {
    StorageError::Inconsistent { table, column, reason: reason.to_string() }
}
