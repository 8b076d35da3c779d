//! Adding many rows to a table at once, in the way that is fastest on each database.

use crate::database::pg_copy;
use crate::database::transaction::Transaction;
use crate::database::value::BulkValue;
use crate::error::StorageError;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, AssertSqlSafe, Executor as _, SqliteTransaction};
use std::sync::Arc;
use tokio::sync::Mutex;

/// Rows in one statement on SQLite: more are no faster, and their places have to be bound one by one.
pub(crate) const BATCH: usize = 100;

/// Adds rows to a table, named with its columns, and tells how many were not there: on PostgreSQL all of them, or
/// `None`, and nothing is added.
pub(crate) async fn add<'r, const COLUMNS: usize>(
    on: &crate::Write,
    table_and_columns: &str,
    rows: impl ExactSizeIterator<Item = [BulkValue<'r>; COLUMNS]>,
) -> Result<Option<u64>, StorageError> {
    let count = rows.len() as u64;
    match on.transaction() {
        Transaction::Postgres(transaction) => {
            let copied = pg_copy::copy(transaction, table_and_columns, rows).await?;
            Ok(copied.then_some(count))
        }
        Transaction::Sqlite(transaction) => {
            let counted = rows.inspect(|row| on.note_added(row.iter().map(BulkValue::bytes).sum()));
            Ok(Some(insert(transaction, table_and_columns, counted).await?))
        }
    }
}

async fn insert<'r, const COLUMNS: usize>(
    on: &Mutex<SqliteTransaction<'static>>,
    table_and_columns: &str,
    mut rows: impl ExactSizeIterator<Item = [BulkValue<'r>; COLUMNS]>,
) -> Result<u64, sqlx::Error> {
    let mut transaction = on.lock().await;
    let mut new = 0;
    let mut next = statement(table_and_columns, &mut rows)?;
    while let Some((sql, arguments)) = next {
        let running = transaction.execute(sqlx::query_with(AssertSqlSafe(sql), arguments));
        // SQLite has a thread of its own: while it works on some rows, the next ones are made ready.
        let (done, made) = tokio::join!(running, async { statement(table_and_columns, &mut rows) });
        new += done?.rows_affected();
        next = made?;
    }
    Ok(new)
}

/// A statement that adds the next rows; `None` when there are no more.
fn statement<'r, const COLUMNS: usize>(
    table_and_columns: &str,
    rows: &mut impl ExactSizeIterator<Item = [BulkValue<'r>; COLUMNS]>,
) -> Result<Option<(String, SqliteArguments)>, sqlx::Error> {
    let some = rows.len().min(BATCH);
    if some == 0 {
        return Ok(None);
    }
    // Places without numbers: SQLite looks a number up among all the others, and there are hundreds.
    let one = format!("({})", ["?"; COLUMNS].join(", "));
    let places = vec![one.as_str(); some].join(", ");
    let sql = format!("INSERT INTO {table_and_columns} VALUES {places} ON CONFLICT DO NOTHING");
    let mut arguments = SqliteArguments::default();
    arguments.reserve(COLUMNS * some, 0);
    for field in rows.take(some).flatten() {
        let added = match field {
            BulkValue::Null => arguments.add(None::<i64>),
            BulkValue::Number(number) => arguments.add(number),
            BulkValue::Text(text) => arguments.add(Arc::<str>::from(text)),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(Some((sql, arguments)))
}
