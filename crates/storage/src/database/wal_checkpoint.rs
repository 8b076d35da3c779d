//! Checkpoints SQLite's WAL while many rows are written.
//!
//! The commit that exceeds the WAL's size limit has to copy all of it, and other writers wait: a third of a second for
//! 64 MB. While many rows are written, a separate connection copies most of it, so that little is left for that commit.

use sqlx::SqlitePool;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Bytes of rows after which the log is copied.
const CHECKPOINT_AFTER: usize = 12 * 1024 * 1024;

/// The connection that copies.
pub(crate) struct WalCheckpointer {
    pool: SqlitePool,
    written: AtomicUsize,
    is_busy: AtomicBool,
}

impl WalCheckpointer {
    pub(crate) fn new(pool: SqlitePool) -> Arc<Self> {
        Arc::new(Self { pool, written: AtomicUsize::new(0), is_busy: AtomicBool::new(false) })
    }

    /// Takes note of rows that were committed.
    pub(crate) fn note(self: &Arc<Self>, bytes: usize) {
        let written = self.written.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if written >= CHECKPOINT_AFTER && !self.is_busy.swap(true, Ordering::Relaxed) {
            self.written.store(0, Ordering::Relaxed);
            let copying = Arc::clone(self);
            tokio::spawn(async move {
                // Blocks no writer; the rest is copied later, at the latest with a commit.
                if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&copying.pool).await
                {
                    tracing::warn!(%error, "the log is not copied");
                }
                copying.is_busy.store(false, Ordering::Relaxed);
            });
        }
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}
