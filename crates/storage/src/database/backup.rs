//! Backups: one SQLite file with everything, of either kind of database, taken while servers work on it.

use crate::database::connections::{self, Pool, create_private, sqlite_address, sqlite_file};
use crate::database::copy::{self, RowCounts};
use crate::database::dialect::Dialect;
use crate::database::migrations::{self, SchemaState};
use crate::database::pool::Database;
use crate::database::row::Row;
use crate::error::StorageError;
use std::path::{Path, PathBuf};

/// Writes one state of a whole database to a new file, reads it back, and tells how many rows each table has.
///
/// The file gets its name when it is whole and verified, and only its owner may read it: it holds personal data.
///
/// # Errors
/// [`StorageError::File`] when there is such a file already.
pub async fn backup(address: &str, file: &Path) -> Result<RowCounts, StorageError> {
    let exists = || std::io::Error::from(std::io::ErrorKind::AlreadyExists);
    if file.exists() {
        return Err(StorageError::file(file, "written")(exists()));
    }
    let unfinished = Unfinished::new(with_suffix(file, ".part"));
    unfinished.remove();
    create_private(&unfinished.0).map_err(StorageError::file(&unfinished.0, "created"))?;
    let dialect = Dialect::of(address)?;
    let source = connections::open_as_it_is(address, dialect).await?;
    let copied = match &source {
        Pool::Sqlite(pool) => {
            // One statement, and so one state; what is in the log is in the copy.
            sqlx::query("VACUUM INTO $1").bind(unfinished.0.display().to_string()).execute(pool).await?;
            None
        }
        Pool::Postgres(_) => Some(copy_to_file(&source, &unfinished.0).await?),
    };
    source.close().await;
    let counts = verify(&unfinished.0).await?;
    if copied.is_some_and(|copied| copied != counts) {
        return Err(bad(&unfinished.0, "rows are missing"));
    }
    let on_disk = |path: &Path| std::fs::File::open(path).and_then(|opened| opened.sync_all());
    on_disk(&unfinished.0).map_err(StorageError::file(&unfinished.0, "written"))?;
    // Unlike renaming, linking does not replace what another process has made meanwhile.
    std::fs::hard_link(&unfinished.0, file).map_err(StorageError::file(file, "written"))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    on_disk(folder).map_err(StorageError::file(folder, "written"))?;
    Ok(counts)
}

/// Fills a database of either kind from a backup, of this or an earlier release, all or nothing.
///
/// # Errors
/// [`StorageError::NotEmpty`] when the database holds a workspace and `replace` doesn't say that it shall go.
pub async fn restore(file: &Path, address: &str, replace: bool) -> Result<RowCounts, StorageError> {
    // A copy is brought up to date, and the backup stays as it is.
    let folder = match Dialect::of(address)? {
        Dialect::Sqlite => sqlite_file(address)?.parent().map(Path::to_owned).unwrap_or_default(),
        Dialect::Postgres => std::env::temp_dir(),
    };
    let name: uuid::Uuid = crate::ids::new(crate::Clock::default().now());
    let working = Unfinished::new(folder.join(format!("tsugite-restore-{name}.db")));
    create_private(&working.0).map_err(StorageError::file(&working.0, "created"))?;
    std::fs::copy(file, &working.0).map_err(StorageError::file(file, "read"))?;
    // The copy takes over the rights of the backup, which may be anybody's.
    make_private(&working.0).map_err(StorageError::file(&working.0, "made private"))?;
    verify(&working.0).await.map_err(|error| match error {
        StorageError::BadBackup { reason, .. } => bad(file, &reason),
        StorageError::Database(error) => bad(file, &error.to_string()),
        StorageError::Open(error) => bad(file, &error.to_string()),
        other => other,
    })?;
    let source = copy::open_without_key(&sqlite_address(&working.0)).await?;
    let target = copy::open_without_key(address).await?;
    let counts = copy::copy_into(&source, &target, replace).await?;
    source.close().await?;
    target.close().await?;
    Ok(counts)
}

async fn copy_to_file(source: &Pool, file: &Path) -> Result<RowCounts, StorageError> {
    let snapshot = source.begin_snapshot().await?;
    // The copying code knows the columns of its own release only.
    match migrations::state_of(&snapshot).await? {
        SchemaState::Current => {}
        SchemaState::Older { version, known } => return Err(StorageError::OlderSchema { version, known }),
        SchemaState::Missing => return Err(StorageError::OlderSchema { version: 0, known: 0 }),
    }
    let target: Database = copy::open_without_key(&sqlite_address(file)).await?;
    let write = target.write().await?;
    let counts = copy::copy_tables(&snapshot, &write).await?;
    write.commit().await?;
    // The last connection that is closed copies the log into the file.
    target.close().await?;
    Ok(counts)
}

/// Reads a whole file: each page, each reference, and each table.
async fn verify(file: &Path) -> Result<RowCounts, StorageError> {
    let pool = connections::open_as_it_is(&sqlite_address(file), Dialect::Sqlite).await?;
    let counts = async {
        let reading = pool.begin_snapshot().await?;
        let faults = reading.all("PRAGMA integrity_check(3)", Vec::new()).await?;
        let faults: Vec<String> =
            faults.iter().map(|row: &Row| row.get("integrity_check")).collect::<Result<_, _>>()?;
        if faults != ["ok"] {
            return Err(bad(file, &faults.join("; ")));
        }
        if !reading.all("PRAGMA foreign_key_check", Vec::new()).await?.is_empty() {
            return Err(bad(file, "rows refer to rows that are not there"));
        }
        match migrations::state_of(&reading).await? {
            SchemaState::Missing => Err(bad(file, "it has no tables")),
            // Tables that came later are not in it.
            SchemaState::Older { .. } => Ok(Vec::new()),
            SchemaState::Current => copy::count_rows(&reading).await,
        }
    }
    .await;
    pool.close().await;
    counts
}

fn bad(file: &Path, reason: &str) -> StorageError {
    StorageError::BadBackup { path: file.to_owned(), reason: reason.to_owned() }
}

fn make_private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A file that is being worked on, with SQLite's beside it; they go with this value.
struct Unfinished(PathBuf);

impl Unfinished {
    fn new(file: PathBuf) -> Self {
        Self(file)
    }

    fn remove(&self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            // What isn't there needn't go.
            let _ = std::fs::remove_file(with_suffix(&self.0, suffix));
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.remove();
    }
}
