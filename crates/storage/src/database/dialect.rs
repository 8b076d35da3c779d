//! The few places in which the SQL of SQLite and PostgreSQL differs; each says why. Their pools: `connections.rs`.

use crate::error::StorageError;

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

    /// SQLite has no row locks; one statement is atomic there because it begins as a write.
    pub(crate) fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// The rows of a JSON list, in a column called `value`; many rows go in with one parameter.
    pub(crate) fn json_rows(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("json_each({parameter})"),
            Self::Postgres => format!("json_array_elements({parameter}::json)"),
        }
    }

    /// The database's time in microseconds since 1970. SQLite's is this machine's, where its only node runs.
    pub(crate) fn now(self) -> &'static str {
        match self {
            Self::Sqlite => "CAST(unixepoch('subsec') * 1000000 AS BIGINT)",
            Self::Postgres => "CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000000 AS BIGINT)",
        }
    }

    /// PostgreSQL plans by statistics, SQLite without any by the columns of the index. Those of the columns that
    /// name a row are enough, and cost little.
    pub(crate) fn statistics_of_rows(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("ANALYZE mirror_rows (partition_id, record_id)"),
        }
    }

    /// Migrations run on one connection under a lock, so that nodes can start at once.
    pub(crate) fn migration_lock(self) -> Option<&'static str> {
        match self {
            // BEGIN IMMEDIATE is the lock.
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT pg_advisory_xact_lock(7311850411)"),
        }
    }
}
