//! What can go wrong between Tsugite and its database.

/// A failure of the database or of what is stored in it. "Not found" is not among them: finders answer `Option`.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database did not answer or refused the statement.
    #[error("the database failed: {0}")]
    Database(#[source] DriverError),
    /// A pool could not be opened.
    #[error("the database could not be opened: {0}")]
    Open(#[source] DriverError),
    /// The address is neither `sqlite:` nor `postgres:`.
    #[error("a database address begins with sqlite: or postgres: — got {0:?}")]
    Address(String),
    /// A stored value can't be read back.
    #[error("{table}.{column} holds something unreadable: {reason}")]
    Inconsistent {
        /// Where it stands.
        table: &'static str,
        /// In which column.
        column: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A migration that ran before is not the one in this program.
    #[error(
        "migration {version} differs from the one that was applied; this program is not the successor of that database"
    )]
    MigrationChanged {
        /// Which migration.
        version: i64,
    },
    /// A later version of this program has migrated the database.
    #[error(
        "the database was migrated to version {version} by a later release; this release knows versions up to {known}. \
         Start that release, or restore a backup from before the upgrade"
    )]
    NewerSchema {
        /// The database's version.
        version: i64,
        /// The latest that this program knows.
        known: i64,
    },
    /// Someone else's lease: this worker took too long and must not write any more.
    #[error("the lane was claimed by another worker")]
    LeaseLost,
    /// A database that is to be filled holds something already.
    #[error("the database to fill is not empty")]
    NotEmpty,
    /// A database server that can't be connected to.
    #[error("the database at {place} can't be reached")]
    Unreachable {
        /// Its host and port, or the folder of its socket.
        place: String,
        /// What the driver said.
        source: DriverError,
    },
    /// A database server that lets connections wait.
    #[error("the database at {place} did not answer within {seconds} seconds")]
    NoAnswer {
        /// Its host and port, or the folder of its socket.
        place: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// A file of the database, or a backup, that can't be read or written.
    #[error("{path} can't be {wanted}")]
    File {
        /// Which file.
        path: std::path::PathBuf,
        /// What was to be done with it.
        wanted: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// A backup that is not whole.
    #[error("{path} is not a whole copy of a database of Tsugite: {reason}")]
    BadBackup {
        /// Which file.
        path: std::path::PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The database is of an earlier release, and is not changed by what was asked for.
    #[error(
        "the database has version {version} and this release works with {known}. Start the server or run \
         `tsugite migrate` first, or use the release that the database belongs to"
    )]
    OlderSchema {
        /// The database's version; 0 without any table.
        version: i64,
        /// The latest that this program knows.
        known: i64,
    },
    /// A secret can't be decrypted with the configured keys.
    #[error("a stored secret can't be decrypted with the configured keys")]
    Secret,
}

/// What a database's driver reported.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct DriverError(sqlx::Error);

impl StorageError {
    /// A file that can't be read or written.
    pub(crate) fn file(path: &std::path::Path, wanted: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, wanted, source }
    }

    /// A server that refuses to be connected to.
    pub(crate) fn unreachable(place: String, error: sqlx::Error) -> Self {
        Self::Unreachable { place, source: DriverError(error) }
    }

    /// A failure to open a pool.
    pub(crate) fn opening(error: sqlx::Error) -> Self {
        Self::Open(DriverError(error))
    }
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(DriverError(error))
    }
}
