//! Statements in the text that SQLite and PostgreSQL share.

use crate::database::cache::Caches;
use crate::database::dialect::Dialect;
use crate::error::StorageError;
use sealed::Inner;
use std::sync::Arc;

pub(crate) use crate::database::row::Row;
pub(crate) use crate::database::value::{BulkValue, Value, text, time, to_json};

/// Something that statements can run on: [`crate::Read`] or [`crate::Write`].
pub trait Session: sealed::Sealed + Sync {
    /// The connection or transaction underneath.
    #[doc(hidden)]
    fn connection(&self) -> Inner<'_>;
    /// What this process remembers of the database.
    #[doc(hidden)]
    fn caches(&self) -> &Caches;
    /// What this process remembers of the database under a type; empty at first.
    #[doc(hidden)]
    fn cache<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        self.caches().get()
    }
}

pub(crate) mod sealed {
    use crate::database::connections::Pool;
    use crate::database::transaction::Transaction;

    /// Only this crate's types are sessions.
    pub trait Sealed {}

    /// What is underneath a session.
    #[derive(Clone, Copy)]
    pub enum Inner<'a> {
        /// Statements on their own.
        Pool(&'a Pool),
        /// Statements of one transaction.
        Transaction(&'a Transaction),
    }
}

/// Which database a session is on.
pub(crate) fn dialect(on: &impl Session) -> Dialect {
    match on.connection() {
        Inner::Pool(pool) => pool.dialect(),
        Inner::Transaction(transaction) => transaction.dialect(),
    }
}

/// All rows of a query.
pub(crate) async fn all(on: &impl Session, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StorageError> {
    Ok(match on.connection() {
        Inner::Pool(pool) => pool.all(sql, values).await?,
        Inner::Transaction(transaction) => transaction.all(sql, values).await?,
    })
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
    Ok(match on.connection() {
        Inner::Pool(pool) => pool.execute(sql, values).await?,
        Inner::Transaction(transaction) => transaction.execute(sql, values).await?,
    })
}

/// `$first, $first+1, …`: places for a list of values.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}
