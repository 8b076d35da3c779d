//! The few places in which SQLite and PostgreSQL are told apart. At most six; each says why.

use crate::database::transaction::Transaction;
use crate::database::wal_checkpoint::WalCheckpointer;
use crate::error::StorageError;
use sea_orm::{
    DatabaseConnection, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, TransactionOptions,
};
use sqlx::Executor as _;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Bytes of a page of an SQLite file.
const PAGE_BYTES: u32 = 8192;
/// Pages (64 MB) after which SQLite's log is copied into the file.
const CHECKPOINT_PAGES: &str = "8000";

/// Which database an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(crate) fn of(address: &str) -> Result<Self, StorageError> {
        if address.starts_with("sqlite:") {
            Ok(Self::Sqlite)
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            Ok(Self::Postgres)
        } else {
            // The address may hold a password: only its beginning is shown.
            Err(StorageError::Address(address.split(':').next().unwrap_or_default().to_owned()))
        }
    }

    /// 1: SQLite has no row locks; one statement is atomic there because it begins as a write.
    pub(crate) fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// 4: the rows of a JSON list, in a column called `value`; many rows go in with one parameter.
    pub(crate) fn json_rows(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("json_each({parameter})"),
            Self::Postgres => format!("json_array_elements({parameter}::json)"),
        }
    }

    /// 6: PostgreSQL plans by statistics, SQLite without any by the columns of the index. Those of the columns that
    /// name a row are enough, and cost little.
    pub(crate) fn statistics_of_rows(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("ANALYZE mirror_rows (partition_id, record_id)"),
        }
    }

    /// 2: migrations run on one connection under a lock, so that nodes can start at once.
    pub(crate) fn migration_lock(self) -> Option<&'static str> {
        match self {
            // BEGIN IMMEDIATE is the lock.
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT pg_advisory_xact_lock(7311850411)"),
        }
    }
}

/// The connections of a database.
pub(crate) struct Connections {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
    pub(crate) log_copying: Option<Arc<WalCheckpointer>>,
}

/// 3: SQLite gets one writer, a few readers and one that copies its log. PostgreSQL has separate
/// connections for writes too: a connection that writes much keeps its pages cached.
pub(crate) async fn open(address: &str, dialect: Dialect) -> Result<Connections, StorageError> {
    match dialect {
        Dialect::Sqlite => {
            let options = sqlite_options(address)?;
            let writer = sqlite_pool()
                .max_connections(1)
                .acquire_timeout(Duration::from_secs(60))
                .connect_with(options.clone())
                .await?;
            let log_copying = sqlite_pool().max_connections(1).connect_lazy_with(options.clone());
            let readers = sqlite_pool().max_connections(4).connect_with(options.read_only(true)).await?;
            Ok(Connections {
                writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
                reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(readers),
                log_copying: Some(WalCheckpointer::new(log_copying)),
            })
        }
        Dialect::Postgres => {
            let writer = postgres_pool()
                // Two runs write three batches each; that leaves some for all the others.
                .max_connections(10)
                .acquire_timeout(Duration::from_secs(30))
                // sqlx 0.9.0 can hand back a connection on which a cancelled `begin` left a transaction
                // open; the next user's writes would be acknowledged and lost.
                .after_release(|connection, _| {
                    Box::pin(async move {
                        connection.execute("BEGIN; ROLLBACK").await?;
                        Ok(true)
                    })
                })
                .connect(address)
                .await?;
            let readers = postgres_pool()
                .max_connections(8)
                .acquire_timeout(Duration::from_secs(30))
                .connect(address)
                .await?;
            Ok(Connections {
                writer: SqlxPostgresConnector::from_sqlx_postgres_pool(writer),
                reader: SqlxPostgresConnector::from_sqlx_postgres_pool(readers),
                log_copying: None,
            })
        }
    }
}

/// Pools whose connections stay until they break.
///
/// A pool that closes old or idle ones has a task for it, which in sqlx 0.9.0 counts the idle ones while others
/// take them: the count can underflow, and the task then spins at 100 % CPU.
fn sqlite_pool() -> SqlitePoolOptions {
    SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None)
}

fn postgres_pool() -> PgPoolOptions {
    PgPoolOptions::new().idle_timeout(None).max_lifetime(None)
}

fn sqlite_options(address: &str) -> Result<SqliteConnectOptions, StorageError> {
    Ok(SqliteConnectOptions::from_str(address)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An accepted booking survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        // Fewer and longer pages halve what a million rows cost the file system; a file keeps what it began with.
        .page_size(PAGE_BYTES)
        // Pages that every batch of a pull touches again are copied into the file once, and not batch after batch.
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(30)))
}

/// One connection on its own, for migrations.
///
/// The first connection turns a new file to WAL, for which SQLite wants it alone and doesn't wait; so others
/// that open it at the same moment are refused for a little while.
pub(crate) async fn open_one(address: &str, dialect: Dialect) -> Result<DatabaseConnection, StorageError> {
    const TRIES: u32 = 200;
    if dialect == Dialect::Postgres {
        let pool = postgres_pool().max_connections(1).connect(address).await?;
        return Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool));
    }
    let options = sqlite_options(address)?;
    let mut tries = 0;
    loop {
        tries += 1;
        match sqlite_pool().max_connections(1).connect_with(options.clone()).await {
            Ok(pool) => return Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)),
            Err(sqlx::Error::Database(error)) if tries < TRIES && error.message().contains("locked") => {
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// 5: many rows at once go in another way, so that a transaction that writes is the driver's own.
pub(crate) async fn begin(pool: &DatabaseConnection, dialect: Dialect) -> Result<Transaction, sqlx::Error> {
    Ok(match dialect {
        // The write lock at once, as in `writing`.
        Dialect::Sqlite => {
            Transaction::Sqlite(pool.get_sqlite_connection_pool().begin_with("BEGIN IMMEDIATE").await?.into())
        }
        // PostgreSQL has no write lock that could be taken at the beginning.
        Dialect::Postgres => {
            Transaction::Postgres(pool.get_postgres_connection_pool().begin_with("BEGIN").await?.into())
        }
    })
}

/// How migrations begin: SQLite takes its write lock at once, or a read before the first write could go stale and
/// fail in spite of all waiting. PostgreSQL doesn't look at it.
pub(crate) fn writing() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    }
}
