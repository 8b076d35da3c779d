//! Write transactions, with the drivers' own API: SeaORM's has no COPY and copies every value once more.

use sea_orm::{DbBackend, DbErr, QueryResult, RuntimeErr, Statement, Value};
use sqlx::query::Query;
use sqlx::{
    Arguments as _, AssertSqlSafe, Database, Encode, Executor as _, IntoArguments, PgTransaction,
    SqliteTransaction, Type,
};
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
    pub(crate) const fn backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }

    /// All rows of a query.
    pub(crate) async fn all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(transaction) => {
                let rows = transaction.lock().await.fetch_all(query(statement)?).await;
                Ok(rows.map_err(failed)?.into_iter().map(QueryResult::from).collect())
            }
            Self::Postgres(transaction) => {
                let rows = transaction.lock().await.fetch_all(query(statement)?).await;
                Ok(rows.map_err(failed)?.into_iter().map(QueryResult::from).collect())
            }
        }
    }

    /// Runs a statement and tells how many rows it touched.
    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, DbErr> {
        match self {
            Self::Sqlite(transaction) => {
                let done = transaction.lock().await.execute(query(statement)?).await;
                done.map(|done| done.rows_affected()).map_err(failed)
            }
            Self::Postgres(transaction) => {
                let done = transaction.lock().await.execute(query(statement)?).await;
                done.map(|done| done.rows_affected()).map_err(failed)
            }
        }
    }

    /// Makes everything of it stay.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.into_inner().commit().await,
            Self::Postgres(transaction) => transaction.into_inner().commit().await,
        }
        .map_err(failed)
    }
}

fn query<D: Database>(statement: Statement) -> Result<Query<'static, D, D::Arguments>, DbErr>
where
    for<'v> String: Encode<'v, D> + Type<D>,
    for<'v> i64: Encode<'v, D> + Type<D>,
    for<'v> i32: Encode<'v, D> + Type<D>,
    for<'v> bool: Encode<'v, D> + Type<D>,
    for<'v> Option<String>: Encode<'v, D>,
    for<'v> Option<i64>: Encode<'v, D>,
    for<'v> Option<i32>: Encode<'v, D>,
    for<'v> Option<bool>: Encode<'v, D>,
    D::Arguments: IntoArguments<D>,
{
    let mut arguments = D::Arguments::default();
    for value in statement.values.into_iter().flat_map(|values| values.0) {
        let added = match value {
            Value::String(text) => arguments.add(text),
            Value::BigInt(number) => arguments.add(number),
            Value::Int(number) => arguments.add(number),
            Value::Bool(truth) => arguments.add(truth),
            other => return Err(DbErr::Type(format!("{other:?} is no value of a statement"))),
        };
        added.map_err(|error| DbErr::Type(error.to_string()))?;
    }
    Ok(sqlx::query_with(AssertSqlSafe(statement.sql), arguments))
}

/// A driver's error as SeaORM tells it.
pub(crate) fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}
