//! The database and its two doors.

use crate::dialect::{self, Dialect};
use crate::error::StorageError;
use crate::migrations;
use crate::statements::sealed::{Inner, Sealed};
use crate::statements::{Session, one};
use crate::vault::Vault;
use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait as _};
use std::sync::Arc;
use tokio::sync::{Mutex, Notify};

/// A database, open for reading and writing; cheap to clone.
#[derive(Clone)]
pub struct Database {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    dialect: Dialect,
    vault: Arc<Vault>,
    wake: Arc<Notify>,
}

impl Database {
    /// Opens `sqlite:FILE` or `postgres://…` and brings its schema up to date, one node at a time.
    pub async fn open(address: &str, vault: Vault) -> Result<Self, StorageError> {
        let dialect = Dialect::of(address)?;
        migrations::run(address, dialect).await?;
        let (writer, reader) = dialect::open(address, dialect).await?;
        Ok(Self { writer, reader, dialect, vault: Arc::new(vault), wake: Arc::new(Notify::new()) })
    }

    /// Brings the schema of a database up to date and leaves it.
    pub async fn migrate(address: &str) -> Result<(), StorageError> {
        migrations::run(address, Dialect::of(address)?).await
    }

    /// The door for reading: each statement on its own.
    pub fn read(&self) -> Read<'_> {
        Read { database: self }
    }

    /// The door for writing: one transaction that begins with the write lock on SQLite.
    ///
    /// Dropped without [`Write::commit`], nothing of it stays.
    pub async fn write(&self) -> Result<Write, StorageError> {
        let transaction = match self.dialect {
            Dialect::Sqlite => Begun::Sqlite(self.writer.begin_with_options(dialect::writing()).await?),
            Dialect::Postgres => Begun::Postgres(dialect::begin_copying(&self.writer).await?.into()),
        };
        Ok(Write { transaction, dialect: self.dialect, vault: Arc::clone(&self.vault) })
    }

    /// Tells this process's worker that there is something to do.
    pub fn wake_worker(&self) {
        self.wake.notify_one();
    }

    /// Waits until this process has made work for its worker.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Whether the database answers.
    pub async fn check(&self) -> Result<(), StorageError> {
        one(&self.read(), "SELECT COUNT(*) AS n FROM workspaces", Vec::new()).await.map(drop)
    }

    /// The secrets' keys.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Closes the pools; outstanding work ends first.
    pub async fn close(self) -> Result<(), StorageError> {
        self.reader.close().await?;
        Ok(self.writer.close().await?)
    }
}

/// The door for reading.
#[derive(Clone, Copy)]
pub struct Read<'a> {
    database: &'a Database,
}

impl Read<'_> {
    pub(crate) fn vault(&self) -> &Vault {
        &self.database.vault
    }
}

impl Sealed for Read<'_> {}

impl Session for Read<'_> {
    fn connection(&self) -> Inner<'_> {
        Inner::Pool(&self.database.reader)
    }
}

/// One transaction.
pub struct Write {
    transaction: Begun,
    pub(crate) dialect: Dialect,
    vault: Arc<Vault>,
}

enum Begun {
    Sqlite(DatabaseTransaction),
    Postgres(Mutex<sqlx::PgTransaction<'static>>),
}

impl Write {
    /// Makes everything of the transaction stay.
    pub async fn commit(self) -> Result<(), StorageError> {
        match self.transaction {
            Begun::Sqlite(transaction) => Ok(transaction.commit().await?),
            Begun::Postgres(transaction) => Ok(transaction.into_inner().commit().await?),
        }
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }
}

impl Sealed for Write {}

impl Session for Write {
    fn connection(&self) -> Inner<'_> {
        match &self.transaction {
            Begun::Sqlite(transaction) => Inner::Transaction(transaction),
            Begun::Postgres(transaction) => Inner::Copying(transaction),
        }
    }
}
