//! Connections, transactions, statements and migrations, on SQLite and PostgreSQL.

pub mod bulk_insert;
pub mod copy;
pub mod dialect;
pub mod migrations;
pub mod pg_copy;
pub mod pool;
pub mod statements;
pub mod transaction;
pub mod wal_checkpoint;
