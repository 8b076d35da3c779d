//! Connections, transactions, statements and migrations, on SQLite and PostgreSQL.

pub mod backup;
pub(crate) mod booking_search;
pub(crate) mod bulk_insert;
pub(crate) mod cache;
pub(crate) mod connections;
pub mod copy;
pub(crate) mod dialect;
pub mod key_rotation;
pub mod migrations;
pub(crate) mod pg_copy;
pub(crate) mod pool;
pub(crate) mod row;
pub(crate) mod statements;
pub(crate) mod transaction;
pub(crate) mod value;
pub(crate) mod wal_checkpoint;
