//! The pools of a database, and statements on one of their connections each.

use crate::database::dialect::Dialect;
use crate::database::row::{Row, rows};
use crate::database::transaction::Transaction;
use crate::database::value::{Value, query};
use crate::database::wal_checkpoint::WalCheckpointer;
use crate::error::StorageError;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Bytes of a page of an SQLite file.
const PAGE_BYTES: u32 = 8192;
/// Pages (64 MB) after which SQLite's log is copied into the file.
const CHECKPOINT_PAGES: &str = "8000";

/// How long a database server may take to answer the first connection.
const REACH: Duration = Duration::from_secs(5);
/// How often SQLite's log is copied into the file while something is written.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(60);

/// A pool of either database.
#[derive(Clone)]
pub enum Pool {
    /// Connections to a file.
    Sqlite(SqlitePool),
    /// Connections to a server.
    Postgres(PgPool),
}

impl Pool {
    /// Which database it is of.
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a query and returns all of its rows.
    pub(crate) async fn all(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, sqlx::Error> {
        match self {
            Self::Sqlite(pool) => pool.fetch_all(query(sql, values)?).await.map(rows),
            Self::Postgres(pool) => pool.fetch_all(query(sql, values)?).await.map(rows),
        }
    }

    /// Runs a statement and returns how many rows it touched.
    pub(crate) async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64, sqlx::Error> {
        match self {
            Self::Sqlite(pool) => Ok(pool.execute(query(sql, values)?).await?.rows_affected()),
            Self::Postgres(pool) => Ok(pool.execute(query(sql, values)?).await?.rows_affected()),
        }
    }

    /// Begins a transaction: on SQLite with the write lock, or a read before the first write could go stale and fail
    /// in spite of all waiting. PostgreSQL has no such lock.
    pub(crate) async fn begin(&self) -> Result<Transaction, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(pool) => Transaction::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?.into()),
            Self::Postgres(pool) => Transaction::Postgres(pool.begin_with("BEGIN").await?.into()),
        })
    }

    /// Begins a transaction that sees one state of the whole database, however long it reads.
    pub(crate) async fn begin_snapshot(&self) -> Result<Transaction, sqlx::Error> {
        const POSTGRES: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        Ok(match self {
            Self::Sqlite(pool) => Transaction::Sqlite(pool.begin_with("BEGIN").await?.into()),
            Self::Postgres(pool) => Transaction::Postgres(pool.begin_with(POSTGRES).await?.into()),
        })
    }

    /// Closes it; outstanding work ends first.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// The connections of a database.
pub(crate) struct Connections {
    pub(crate) writer: Pool,
    pub(crate) reader: Pool,
    pub(crate) wal_checkpointer: Option<Arc<WalCheckpointer>>,
}

/// SQLite gets one writer, a few readers and one that copies its log. PostgreSQL has separate
/// connections for writes too: a connection that writes much keeps its pages cached.
pub(crate) async fn open(address: &str, dialect: Dialect) -> Result<Connections, StorageError> {
    match dialect {
        Dialect::Sqlite => open_sqlite(address).await,
        Dialect::Postgres => open_postgres(address).await,
    }
    .map_err(StorageError::opening)
}

async fn open_sqlite(address: &str) -> Result<Connections, sqlx::Error> {
    let options = sqlite_options(address)?;
    let writer = sqlite_pool()
        .max_connections(1)
        // A full disk makes SQLite end the transaction by itself, and the driver goes on counting it: no later one could
        // begin. Such a connection is closed, and the next one is new.
        .after_release(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .acquire_timeout(Duration::from_secs(60))
        .connect_with(options.clone())
        .await?;
    let wal_checkpointer = sqlite_pool().max_connections(1).connect_lazy_with(options.clone());
    let readers = sqlite_pool().max_connections(4).connect_with(options.read_only(true)).await?;
    Ok(Connections {
        writer: Pool::Sqlite(writer),
        reader: Pool::Sqlite(readers),
        wal_checkpointer: Some(WalCheckpointer::new(wal_checkpointer, CHECKPOINT_INTERVAL)),
    })
}

async fn open_postgres(address: &str) -> Result<Connections, sqlx::Error> {
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
    let readers =
        postgres_pool().max_connections(8).acquire_timeout(Duration::from_secs(30)).connect(address).await?;
    Ok(Connections {
        writer: Pool::Postgres(writer),
        reader: Pool::Postgres(readers),
        wal_checkpointer: None,
    })
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

fn sqlite_options(address: &str) -> Result<SqliteConnectOptions, sqlx::Error> {
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

/// The file of an SQLite address.
pub(crate) fn sqlite_file(address: &str) -> Result<PathBuf, StorageError> {
    let options = SqliteConnectOptions::from_str(address).map_err(StorageError::opening)?;
    Ok(options.get_filename().to_owned())
}

/// The address of an SQLite file.
pub(crate) fn sqlite_address(file: &Path) -> String {
    format!("sqlite:{}", file.display().to_string().replace('%', "%25").replace('?', "%3F"))
}

/// Makes an empty file that only its owner may read and write; SQLite takes it for a new database, and gives its log the
/// same rights.
pub(crate) fn create_private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map(drop)
}

/// Opens an existing database with one connection, and leaves its schema alone.
pub(crate) async fn open_as_it_is(address: &str, dialect: Dialect) -> Result<Pool, StorageError> {
    match dialect {
        Dialect::Postgres => open_one_postgres(address).await,
        Dialect::Sqlite => {
            let file = sqlite_file(address)?;
            std::fs::metadata(&file).map_err(StorageError::file(&file, "read"))?;
            let options = sqlite_options(address).map_err(StorageError::opening)?.create_if_missing(false);
            let pool = sqlite_pool().max_connections(1).connect_with(options).await;
            pool.map(Pool::Sqlite).map_err(StorageError::opening)
        }
    }
}

/// Fails soon and with what the server said, where a pool would try again for half a minute.
async fn open_one_postgres(address: &str) -> Result<Pool, StorageError> {
    let options = PgConnectOptions::from_str(address).map_err(StorageError::opening)?;
    let place = match options.get_socket() {
        Some(folder) => folder.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    match tokio::time::timeout(REACH, options.connect()).await {
        Err(_) => return Err(StorageError::NoAnswer { place, seconds: REACH.as_secs() }),
        Ok(Err(error)) => return Err(StorageError::unreachable(place, error)),
        // It goes with the value; the server is there.
        Ok(Ok(connection)) => drop(connection.close().await),
    }
    let pool = postgres_pool().max_connections(1).acquire_timeout(REACH).connect_with(options).await;
    pool.map(Pool::Postgres).map_err(StorageError::opening)
}

/// Opens one connection on its own, for migrations.
///
/// The first connection turns a new file to WAL, for which SQLite wants it alone and doesn't wait; so others
/// that open it at the same moment are refused for a little while.
pub(crate) async fn open_one(address: &str, dialect: Dialect) -> Result<Pool, StorageError> {
    const MAX_TRIES: u32 = 200;
    if dialect == Dialect::Postgres {
        return open_one_postgres(address).await;
    }
    let file = sqlite_file(address)?;
    match create_private(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(StorageError::file(&file, "created")(error));
        }
        _ => {}
    }
    let options = sqlite_options(address).map_err(StorageError::opening)?;
    let mut tries = 0;
    loop {
        tries += 1;
        match sqlite_pool().max_connections(1).connect_with(options.clone()).await {
            Ok(pool) => return Ok(Pool::Sqlite(pool)),
            Err(sqlx::Error::Database(error)) if tries < MAX_TRIES && error.message().contains("locked") => {
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            Err(error) => return Err(StorageError::opening(error)),
        }
    }
}
