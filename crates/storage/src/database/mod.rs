//! Connections, transactions, statements and migrations, on SQLite and PostgreSQL.

pub mod bulk_insert;
pub mod cache;
pub mod connections;
pub mod copy;
pub mod dialect;
pub mod migrations;
pub mod pg_copy;
pub mod pool;
pub mod row;
pub mod statements;
pub mod transaction;
pub mod value;
pub mod wal_checkpoint;
