//! Statements in the text that SQLite and PostgreSQL share, and reading their rows.

use crate::database::dialect::Dialect;
use crate::error::StorageError;
use crate::mirror::row_layouts::LayoutCache;
use domain::value::Timestamp;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, TryGetable, Value};
use sealed::Inner;
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// Something that statements can run on: [`crate::Read`] or [`crate::Write`].
pub trait Session: sealed::Sealed + Sync {
    /// The connection or transaction underneath.
    #[doc(hidden)]
    fn connection(&self) -> Inner<'_>;
    /// How the values of kept records are ordered, as far as this process knows.
    #[doc(hidden)]
    fn layouts(&self) -> &LayoutCache;
}

pub(crate) mod sealed {
    use crate::database::transaction::Transaction;
    use sea_orm::DatabaseConnection;

    /// Only this crate's types are sessions.
    pub trait Sealed {}

    /// What is underneath a session.
    #[derive(Clone, Copy)]
    pub enum Inner<'a> {
        /// Statements on their own.
        Pool(&'a DatabaseConnection),
        /// Statements of one transaction.
        Transaction(&'a Transaction),
    }
}

fn backend(inner: Inner<'_>) -> DbBackend {
    match inner {
        Inner::Pool(pool) => pool.get_database_backend(),
        Inner::Transaction(transaction) => transaction.backend(),
    }
}

fn statement(inner: Inner<'_>, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(backend(inner), sql, values)
}

/// Which database a session is on.
pub(crate) fn dialect(on: &impl Session) -> Dialect {
    match backend(on.connection()) {
        DbBackend::Postgres => Dialect::Postgres,
        _ => Dialect::Sqlite,
    }
}

/// All rows of a query.
pub(crate) async fn all(on: &impl Session, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StorageError> {
    let inner = on.connection();
    let statement = statement(inner, sql, values);
    let rows = match inner {
        Inner::Pool(pool) => pool.query_all_raw(statement).await?,
        Inner::Transaction(transaction) => transaction.all(statement).await?,
    };
    Ok(rows.into_iter().map(Row).collect())
}

/// The first row of a query, if there is one.
pub(crate) async fn one(
    on: &impl Session,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<Row>, StorageError> {
    Ok(all(on, sql, values).await?.into_iter().next())
}

/// Runs a statement and tells how many rows it touched.
pub(crate) async fn execute(on: &impl Session, sql: &str, values: Vec<Value>) -> Result<u64, StorageError> {
    let inner = on.connection();
    let statement = statement(inner, sql, values);
    Ok(match inner {
        Inner::Pool(pool) => pool.execute_raw(statement).await?.rows_affected(),
        Inner::Transaction(transaction) => transaction.execute(statement).await?,
    })
}

/// `$first, $first+1, …`: places for a list of values.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}

/// A row of an answer, read column by column.
pub(crate) struct Row(QueryResult);

impl Row {
    /// A column of a type that the database knows.
    pub(crate) fn get<T: TryGetable>(&self, column: &str) -> Result<T, StorageError> {
        Ok(self.0.try_get("", column)?)
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

/// A value as the JSON text that is stored.
pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<Value, StorageError> {
    serde_json::to_string(value).map(Value::from).map_err(|error| inconsistent("(new row)", "json", error))
}

/// An id or word as the text that is stored.
pub(crate) fn text(value: impl std::fmt::Display) -> Value {
    Value::from(value.to_string())
}

/// A time as the number that is stored.
pub(crate) fn time(value: Timestamp) -> Value {
    Value::from(value.microseconds())
}
