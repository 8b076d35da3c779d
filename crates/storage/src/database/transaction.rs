//! Write transactions.

use crate::database::dialect::Dialect;
use crate::database::row::{Row, rows};
use crate::database::value::{Value, query};
use sqlx::{Executor as _, PgTransaction, SqliteTransaction};
use tokio::sync::Mutex;

/// One transaction on either database; dropped without a commit, nothing of it stays.
pub enum Transaction {
    /// It holds the write lock.
    Sqlite(Mutex<SqliteTransaction<'static>>),
    /// Rows can be copied into it.
    Postgres(Mutex<PgTransaction<'static>>),
}

impl Transaction {
    /// Which database it is on.
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a query and returns all of its rows.
    pub(crate) async fn all(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, sqlx::Error> {
        match self {
            Self::Sqlite(on) => on.lock().await.fetch_all(query(sql, values)?).await.map(rows),
            Self::Postgres(on) => on.lock().await.fetch_all(query(sql, values)?).await.map(rows),
        }
    }

    /// Runs a statement and returns how many rows it touched.
    pub(crate) async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64, sqlx::Error> {
        match self {
            Self::Sqlite(on) => Ok(on.lock().await.execute(query(sql, values)?).await?.rows_affected()),
            Self::Postgres(on) => Ok(on.lock().await.execute(query(sql, values)?).await?.rows_affected()),
        }
    }

    /// Runs a statement without preparing it, as the schema's are.
    pub(crate) async fn run_script(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(on) => on.lock().await.execute(sql).await.map(drop),
            Self::Postgres(on) => on.lock().await.execute(sql).await.map(drop),
        }
    }

    /// Commits.
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(on) => on.into_inner().commit().await,
            Self::Postgres(on) => on.into_inner().commit().await,
        }
    }
}
