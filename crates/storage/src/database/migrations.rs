//! Bringing a database's schema up to date: plain SQL files, one set for both databases.

use crate::database::booking_search;
use crate::database::connections;
use crate::database::dialect::Dialect;
use crate::database::transaction::Transaction;
use crate::error::StorageError;
use crate::secret::token_hash;

/// Every migration in order; a released one is never changed (docs/adding-a-migration.md).
const MIGRATIONS: [(i64, &str); 18] = [
    (1, include_str!("../../migrations/0001_foundation.sql")),
    (2, include_str!("../../migrations/0002_exactly_once.sql")),
    (10, include_str!("../../migrations/0010_api_key_scopes.sql")),
    (20, include_str!("../../migrations/0020_lists.sql")),
    (30, include_str!("../../migrations/0030_forms.sql")),
    (40, include_str!("../../migrations/0040_tag.sql")),
    (41, include_str!("../../migrations/0041_form_successes.sql")),
    (50, include_str!("../../migrations/0050_routers.sql")),
    (51, include_str!("../../migrations/0051_router_lists.sql")),
    (52, include_str!("../../migrations/0052_router_drafts.sql")),
    (53, include_str!("../../migrations/0053_fairness.sql")),
    (54, include_str!("../../migrations/0054_people.sql")),
    (55, include_str!("../../migrations/0055_people_preview.sql")),
    (56, include_str!("../../migrations/0056_change_listeners.sql")),
    (57, include_str!("../../migrations/0057_segments.sql")),
    (59, include_str!("../../migrations/0059_mailings.sql")),
    (60, include_str!("../../migrations/0060_suppressions.sql")),
    (61, include_str!("../../migrations/0061_people_consents.sql")),
];

/// What a migration fills in that SQL alone can't.
async fn fill_in(version: i64, on: &Transaction) -> Result<(), StorageError> {
    match version {
        20 => booking_search::fill_in(on).await,
        _ => Ok(()),
    }
}

const JOURNAL: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version BIGINT NOT NULL PRIMARY KEY,
    checksum TEXT NOT NULL
)";

/// Runs what is missing, on one connection and under a lock, so that several nodes may start at once.
pub(crate) async fn run(address: &str, dialect: Dialect) -> Result<(), StorageError> {
    let connection = connections::open_one(address, dialect).await?;
    let transaction = connection.begin().await?;
    if let Some(lock) = dialect.migration_lock() {
        transaction.run_script(lock).await?;
    }
    transaction.run_script(JOURNAL).await?;
    refuse_newer(&transaction).await?;
    for (version, script) in MIGRATIONS {
        if is_applied(&transaction, version, script).await? {
            continue;
        }
        for statement in statements(script) {
            transaction.run_script(statement).await?;
        }
        fill_in(version, &transaction).await?;
        let journal = "INSERT INTO schema_migrations (version, checksum) VALUES ($1, $2)";
        let values = vec![version.into(), token_hash::of_token(script).into()];
        transaction.execute(journal, values).await?;
    }
    transaction.commit().await?;
    connection.close().await;
    Ok(())
}

/// What a database's schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// There is no table yet.
    Missing,
    /// An earlier release made it; the next start brings it up to date.
    Older {
        /// The database's version.
        version: i64,
        /// The one of this program.
        known: i64,
    },
    /// This release's.
    Current,
}

/// The latest version that this program knows.
fn known() -> i64 {
    MIGRATIONS.map(|(version, _)| version).into_iter().max().unwrap_or_default()
}

/// What a database's schema is, without changing it; a later release's is an error.
pub(crate) async fn state(address: &str, dialect: Dialect) -> Result<SchemaState, StorageError> {
    let connection = connections::open_as_it_is(address, dialect).await?;
    let state = state_of(&connection.begin_snapshot().await?).await;
    connection.close().await;
    state
}

/// The same of a database that is open.
pub(crate) async fn state_of(on: &Transaction) -> Result<SchemaState, StorageError> {
    let tables = match on.dialect() {
        Dialect::Sqlite => "SELECT name AS name FROM sqlite_master WHERE name = 'schema_migrations'",
        Dialect::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.tables
            WHERE table_name = 'schema_migrations' AND table_schema = current_schema()"
        }
    };
    if on.all(tables, Vec::new()).await?.is_empty() {
        return Ok(SchemaState::Missing);
    }
    refuse_newer(on).await?;
    let rows = on.all("SELECT version FROM schema_migrations", Vec::new()).await?;
    let applied: Vec<i64> = rows.iter().map(|row| row.get("version")).collect::<Result<_, _>>()?;
    let Some(version) = applied.iter().copied().max() else { return Ok(SchemaState::Missing) };
    let is_current = MIGRATIONS.iter().all(|(known, _)| applied.contains(known));
    Ok(if is_current { SchemaState::Current } else { SchemaState::Older { version, known: known() } })
}

/// A later program has been here: what it changed is not known to this one.
async fn refuse_newer(on: &Transaction) -> Result<(), StorageError> {
    let rows =
        on.all("SELECT version FROM schema_migrations ORDER BY version DESC LIMIT 1", Vec::new()).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let version: i64 = row.get("version")?;
    let known = known();
    if version > known { Err(StorageError::NewerSchema { version, known }) } else { Ok(()) }
}

async fn is_applied(on: &Transaction, version: i64, script: &str) -> Result<bool, StorageError> {
    let sql = "SELECT checksum FROM schema_migrations WHERE version = $1";
    let rows = on.all(sql, vec![version.into()]).await?;
    let Some(row) = rows.first() else { return Ok(false) };
    let checksum: String = row.get("checksum")?;
    if checksum == token_hash::of_token(script) {
        Ok(true)
    } else {
        Err(StorageError::MigrationChanged { version })
    }
}

/// The statements of a script; they hold no `;` within (docs/adding-a-migration.md).
fn statements(script: &'static str) -> impl Iterator<Item = &'static str> {
    script.split(';').map(str::trim).filter(|statement| !statement.is_empty())
}

/// Names this set of migrations, for databases that were migrated before.
#[cfg(feature = "testing")]
pub(crate) fn fingerprint() -> String {
    let scripts: String = MIGRATIONS.iter().map(|(version, script)| format!("{version}{script}")).collect();
    token_hash::of_token(&scripts).to_lowercase().replace('-', "_").chars().take(24).collect()
}
