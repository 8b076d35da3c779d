//! Copying rows into PostgreSQL in its own binary form.

use crate::database::value::BulkValue;
use sqlx::{Executor as _, PgTransaction};
use tokio::sync::Mutex;

/// Bytes that are gathered before they are sent on.
const CHUNK: usize = 64 * 1024;
/// How the binary form of COPY begins: its signature, no flags, no extension.
const BEGINNING: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What PostgreSQL says to a row that is there already.
const UNIQUE_VIOLATION: &str = "23505";

/// Copied rows can be fetched again, and the checkpoint is in the same transaction, so the commit does not wait for the
/// disk. The later commit that publishes the rows does.
const BEFORE: &str = "SET LOCAL synchronous_commit TO off; SAVEPOINT copying";

/// Adds rows to a table; `false`, and none of them, when one is there already.
pub(crate) async fn copy<'r>(
    on: &Mutex<PgTransaction<'static>>,
    table_and_columns: &str,
    rows: impl Iterator<Item = impl AsRef<[BulkValue<'r>]>>,
) -> Result<bool, sqlx::Error> {
    let mut transaction = on.lock().await;
    transaction.execute(BEFORE).await?;
    match send(&mut transaction, table_and_columns, rows).await {
        Ok(()) => {
            transaction.execute("RELEASE SAVEPOINT copying").await?;
            Ok(true)
        }
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(UNIQUE_VIOLATION) => {
            transaction.execute("ROLLBACK TO SAVEPOINT copying").await?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

async fn send<'r>(
    transaction: &mut PgTransaction<'static>,
    table_and_columns: &str,
    rows: impl Iterator<Item = impl AsRef<[BulkValue<'r>]>>,
) -> Result<(), sqlx::Error> {
    let sql = format!("COPY {table_and_columns} FROM STDIN WITH (FORMAT binary)");
    let mut copy = transaction.copy_in_raw(&sql).await?;
    let mut bytes = Vec::with_capacity(CHUNK + CHUNK / 4);
    bytes.extend_from_slice(BEGINNING);
    for row in rows {
        let fields = row.as_ref();
        let count = i16::try_from(fields.len()).unwrap_or(i16::MAX);
        bytes.extend_from_slice(&count.to_be_bytes());
        for field in fields {
            write(&mut bytes, *field);
        }
        if bytes.len() >= CHUNK {
            copy.send(bytes.as_slice()).await?;
            bytes.clear();
        }
    }
    bytes.extend_from_slice(&(-1_i16).to_be_bytes());
    copy.send(bytes.as_slice()).await?;
    copy.finish().await.map(drop)
}

fn write(bytes: &mut Vec<u8>, field: BulkValue<'_>) {
    let mut value = |value: &[u8]| {
        // PostgreSQL refuses values of a gigabyte long before this number is too small.
        let length = i32::try_from(value.len()).unwrap_or(i32::MAX);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(value);
    };
    match field {
        BulkValue::Null => bytes.extend_from_slice(&(-1_i32).to_be_bytes()),
        BulkValue::Number(number) => value(&number.to_be_bytes()),
        BulkValue::Text(text) => value(text.as_bytes()),
    }
}
