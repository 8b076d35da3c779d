//! Bringing a database's schema up to date: plain SQL files, one set for both databases.

use crate::database::dialect;
use crate::database::dialect::Dialect;
use crate::error::StorageError;
use crate::secret::token_hash;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, Statement, TransactionTrait as _};

/// Every migration in order; a released one is never changed (docs/adding-a-migration.md).
const MIGRATIONS: [(i64, &str); 1] = [(1, include_str!("../../migrations/0001_foundation.sql"))];

const JOURNAL: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version BIGINT NOT NULL PRIMARY KEY,
    checksum TEXT NOT NULL
)";

/// Runs what is missing, on one connection and under a lock, so that several nodes may start at once.
pub(crate) async fn run(address: &str, dialect: Dialect) -> Result<(), StorageError> {
    let connection = dialect::open_one(address, dialect).await?;
    let transaction = connection.begin_with_options(dialect::writing()).await?;
    if let Some(lock) = dialect.migration_lock() {
        transaction.execute_unprepared(lock).await?;
    }
    transaction.execute_unprepared(JOURNAL).await?;
    for (version, script) in MIGRATIONS {
        if is_applied(&transaction, version, script).await? {
            continue;
        }
        for statement in statements(script) {
            transaction.execute_unprepared(statement).await?;
        }
        let journal = "INSERT INTO schema_migrations (version, checksum) VALUES ($1, $2)";
        let values = [version.into(), token_hash::of_token(script).into()];
        let backend = transaction.get_database_backend();
        transaction.execute_raw(Statement::from_sql_and_values(backend, journal, values)).await?;
    }
    transaction.commit().await?;
    Ok(connection.close().await?)
}

async fn is_applied(on: &DatabaseTransaction, version: i64, script: &str) -> Result<bool, StorageError> {
    let sql = "SELECT checksum FROM schema_migrations WHERE version = $1";
    let statement = Statement::from_sql_and_values(on.get_database_backend(), sql, [version.into()]);
    let Some(row) = on.query_one_raw(statement).await? else { return Ok(false) };
    let checksum: String = row.try_get("", "checksum")?;
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
