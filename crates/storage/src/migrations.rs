//! Bringing a database's schema up to date: plain SQL files, one set for both databases.

use crate::dialect::{self, Dialect};
use crate::error::StorageError;
use crate::hashing;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, Row as _};

/// Every migration in order; a released one is never changed (docs/adding-a-migration.md).
const MIGRATIONS: [(i64, &str); 1] = [(1, include_str!("../migrations/0001_foundation.sql"))];

const JOURNAL: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version BIGINT NOT NULL PRIMARY KEY,
    checksum TEXT NOT NULL
)";

/// Runs what is missing, on one connection and under a lock, so that several nodes may start at once.
pub(crate) async fn run(address: &str, dialect: Dialect) -> Result<(), StorageError> {
    match dialect {
        Dialect::Sqlite => {
            let mut connection = dialect::connect_to_sqlite(address).await?;
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
            transaction.execute(JOURNAL).await?;
            for (version, script) in MIGRATIONS {
                let applied = sqlx::query("SELECT checksum FROM schema_migrations WHERE version = $1")
                    .bind(version)
                    .fetch_optional(&mut *transaction)
                    .await?
                    .map(|row| row.get::<String, _>("checksum"));
                if is_applied(version, script, applied.as_deref())? {
                    continue;
                }
                for statement in statements(script) {
                    transaction.execute(AssertSqlSafe(statement)).await?;
                }
                sqlx::query("INSERT INTO schema_migrations (version, checksum) VALUES ($1, $2)")
                    .bind(version)
                    .bind(hashing::of_token(script))
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await?;
            connection.close().await?;
        }
        Dialect::Postgres => {
            let mut connection = sqlx::PgConnection::connect(address).await?;
            let mut transaction = connection.begin_with("BEGIN").await?;
            if let Some(lock) = dialect.migration_lock() {
                transaction.execute(lock).await?;
            }
            transaction.execute(JOURNAL).await?;
            for (version, script) in MIGRATIONS {
                let applied = sqlx::query("SELECT checksum FROM schema_migrations WHERE version = $1")
                    .bind(version)
                    .fetch_optional(&mut *transaction)
                    .await?
                    .map(|row| row.get::<String, _>("checksum"));
                if is_applied(version, script, applied.as_deref())? {
                    continue;
                }
                for statement in statements(script) {
                    transaction.execute(AssertSqlSafe(statement)).await?;
                }
                sqlx::query("INSERT INTO schema_migrations (version, checksum) VALUES ($1, $2)")
                    .bind(version)
                    .bind(hashing::of_token(script))
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await?;
            connection.close().await?;
        }
    }
    Ok(())
}

fn is_applied(version: i64, script: &str, checksum: Option<&str>) -> Result<bool, StorageError> {
    match checksum {
        None => Ok(false),
        Some(checksum) if checksum == hashing::of_token(script) => Ok(true),
        Some(_) => Err(StorageError::MigrationChanged { version }),
    }
}

/// The statements of a script; they hold no `;` within (docs/adding-a-migration.md).
fn statements(script: &'static str) -> impl Iterator<Item = &'static str> {
    script.split(';').map(str::trim).filter(|statement| !statement.is_empty())
}
