//! Checkpoints SQLite's WAL: while many rows are written, and a while after anything was.
//!
//! The commit that exceeds the WAL's size limit has to copy all of it, and other writers wait: a third of a second for
//! 64 MB. While many rows are written, a separate connection copies most of it, so that little is left for that commit.
//! Few rows stay in the WAL for days; so that the file alone is not a database of last week, they are copied too.

use sqlx::SqlitePool;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// Bytes of rows after which the log is copied.
const CHECKPOINT_AFTER: usize = 12 * 1024 * 1024;

/// The connection that copies.
pub(crate) struct WalCheckpointer {
    pool: SqlitePool,
    interval: Duration,
    written: AtomicUsize,
    is_busy: AtomicBool,
    /// A copy is going to begin within the interval.
    is_planned: AtomicBool,
}

impl WalCheckpointer {
    pub(crate) fn new(pool: SqlitePool, interval: Duration) -> Arc<Self> {
        let (written, is_busy, is_planned) =
            (AtomicUsize::new(0), AtomicBool::new(false), AtomicBool::new(false));
        Arc::new(Self { pool, interval, written, is_busy, is_planned })
    }

    /// Takes note of rows that were committed.
    pub(crate) fn note(self: &Arc<Self>, bytes: usize) {
        let written = self.written.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if written >= CHECKPOINT_AFTER && !self.is_busy.swap(true, Ordering::Relaxed) {
            self.written.store(0, Ordering::Relaxed);
            let copying = Arc::clone(self);
            tokio::spawn(async move {
                copying.copy().await;
                copying.is_busy.store(false, Ordering::Relaxed);
            });
        }
        if !self.is_planned.swap(true, Ordering::Relaxed) {
            let later = Arc::clone(self);
            tokio::spawn(async move {
                tokio::time::sleep(later.interval).await;
                // What is committed from here on plans the next one.
                later.is_planned.store(false, Ordering::Relaxed);
                later.copy().await;
            });
        }
    }

    async fn copy(&self) {
        // Blocks no writer; the rest is copied later, at the latest with a commit.
        match sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&self.pool).await {
            Ok(_) | Err(sqlx::Error::PoolClosed) => {}
            Err(error) => tracing::warn!(%error, "the log is not copied"),
        }
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::WalCheckpointer;
    use sqlx::Executor as _;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
    use std::time::Duration;

    #[tokio::test]
    async fn few_rows_are_in_the_file_after_the_interval() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
        let options = options.journal_mode(SqliteJournalMode::Wal);
        let pool = SqlitePoolOptions::new().connect_with(options).await.unwrap();
        pool.execute("CREATE TABLE t (n BIGINT)").await.unwrap();
        let before = std::fs::metadata(&file).unwrap().len();
        WalCheckpointer::new(pool.clone(), Duration::from_millis(1)).note(0);
        let copied = async {
            while std::fs::metadata(&file).unwrap().len() <= before {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), copied).await.unwrap();
    }
}
