//! The database with its reads and write transactions.

use crate::database::cache::Caches;
use crate::database::connections::{self, Connections, Pool};
use crate::database::dialect::Dialect;
use crate::database::migrations;
use crate::database::migrations::SchemaState;
use crate::database::statements::sealed::{Inner, Sealed};
use crate::database::statements::{Session, execute, one};
use crate::database::transaction::Transaction;
use crate::database::wal_checkpoint::WalCheckpointer;
use crate::error::StorageError;
use crate::secret::vault::Vault;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A database, open for reading and writing; cheap to clone.
#[derive(Clone)]
pub struct Database {
    writer: Pool,
    reader: Pool,
    wal_checkpointer: Option<Arc<WalCheckpointer>>,
    dialect: Dialect,
    vault: Arc<Vault>,
    caches: Arc<Caches>,
}

impl Database {
    /// Opens `sqlite:FILE` or `postgres://…` and brings its schema up to date, one node at a time.
    pub async fn open(address: &str, vault: Vault) -> Result<Self, StorageError> {
        let dialect = Dialect::of(address)?;
        migrations::run(address, dialect).await?;
        let Connections { writer, reader, wal_checkpointer } = connections::open(address, dialect).await?;
        let (vault, caches) = (Arc::new(vault), Arc::default());
        Ok(Self { writer, reader, wal_checkpointer, dialect, vault, caches })
    }

    /// What a database's schema is, without changing it.
    pub async fn schema(address: &str) -> Result<SchemaState, StorageError> {
        migrations::state(address, Dialect::of(address)?).await
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
        let transaction = self.writer.begin().await?;
        Ok(Write {
            transaction,
            dialect: self.dialect,
            vault: Arc::clone(&self.vault),
            caches: Arc::clone(&self.caches),
            wal_checkpointer: self.wal_checkpointer.clone(),
            added: AtomicUsize::new(0),
        })
    }

    /// Whether the database answers and takes writes: a full disk still lets it be read.
    pub async fn check(&self) -> Result<(), StorageError> {
        one(&self.read(), "SELECT COUNT(*) AS n FROM workspaces", Vec::new()).await?;
        let write = self.write().await?;
        let sql = "INSERT INTO sign_in_tries (name_hash, since, tries) VALUES ('ready', 0, 1)
            ON CONFLICT (name_hash) DO UPDATE SET tries = sign_in_tries.tries % 1000 + 1";
        execute(&write, sql, Vec::new()).await?;
        write.commit().await
    }

    /// The secrets' keys.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) fn reader(&self) -> &Pool {
        &self.reader
    }

    /// Closes the pools; outstanding work ends first.
    pub async fn close(self) -> Result<(), StorageError> {
        self.reader.close().await;
        if let Some(copying) = &self.wal_checkpointer {
            copying.close().await;
        }
        self.writer.close().await;
        Ok(())
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

    fn caches(&self) -> &Caches {
        &self.database.caches
    }
}

/// One transaction.
pub struct Write {
    transaction: Transaction,
    pub(crate) dialect: Dialect,
    vault: Arc<Vault>,
    caches: Arc<Caches>,
    wal_checkpointer: Option<Arc<WalCheckpointer>>,
    /// Bytes of many rows at once.
    added: AtomicUsize,
}

impl Write {
    /// Commits.
    pub async fn commit(self) -> Result<(), StorageError> {
        self.transaction.commit().await?;
        if let Some(copying) = &self.wal_checkpointer {
            copying.note(self.added.into_inner());
        }
        Ok(())
    }

    /// Takes note of many rows that were added.
    pub(crate) fn note_added(&self, bytes: usize) {
        self.added.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }
}

impl Sealed for Write {}

impl Session for Write {
    fn connection(&self) -> Inner<'_> {
        Inner::Transaction(&self.transaction)
    }

    fn caches(&self) -> &Caches {
        &self.caches
    }
}
