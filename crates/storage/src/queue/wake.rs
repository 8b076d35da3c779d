//! Wakes workers that wait for work: this process's at once, those of other nodes by PostgreSQL's NOTIFY.
//!
//! A wake-up that is lost costs time and nothing else, because workers also poll.

use crate::database::connections::Pool;
use crate::database::statements::{Session as _, execute, text};
use crate::{Database, ids};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;

const CHANNEL: &str = "tsugite_work";
/// How long a node that can't listen waits before it tries again.
const RECONNECT_PAUSE: Duration = Duration::from_secs(1);

/// How this process wakes and is woken.
pub(crate) struct Wake {
    /// What its notifications hold, so that it doesn't wake itself twice.
    node: String,
    worker: Arc<Notify>,
    announcement: Arc<Announcement>,
    listener: OnceLock<JoinHandle<()>>,
}

/// What other nodes have yet to be told.
#[derive(Default)]
struct Announcement {
    is_due: AtomicBool,
    sending: Mutex<()>,
}

impl Default for Wake {
    fn default() -> Self {
        Self {
            node: ids::new_secret(),
            worker: Arc::default(),
            announcement: Arc::default(),
            listener: OnceLock::new(),
        }
    }
}

impl Drop for Wake {
    fn drop(&mut self) {
        if let Some(listener) = self.listener.get() {
            listener.abort();
        }
    }
}

impl Database {
    /// Wakes the workers of every node: there is something to do. Called after the commit.
    pub fn wake_worker(&self) {
        let wake = self.wake();
        wake.worker.notify_one();
        if matches!(self.reader(), Pool::Postgres(_))
            && !wake.announcement.is_due.swap(true, Ordering::AcqRel)
        {
            tokio::spawn(announce(self.clone(), wake));
        }
    }

    /// Wakes this process's worker: it has room for more.
    pub fn wake_own_worker(&self) {
        self.wake().worker.notify_one();
    }

    /// Waits until there may be something to do for this process's worker.
    pub async fn wait_for_wake(&self) {
        let wake = self.wake();
        if let Pool::Postgres(pool) = self.reader() {
            wake.listener.get_or_init(|| {
                let options = PgConnectOptions::clone(&pool.connect_options());
                tokio::spawn(listen(options, wake.node.clone(), Arc::clone(&wake.worker)))
            });
        }
        wake.worker.notified().await;
    }

    fn wake(&self) -> Arc<Wake> {
        self.read().cache()
    }
}

/// Tells the other nodes; what is to be told meanwhile is told by the next one.
async fn announce(database: Database, wake: Arc<Wake>) {
    let _turn = wake.announcement.sending.lock().await;
    wake.announcement.is_due.store(false, Ordering::Release);
    let values = vec![text(CHANNEL), text(&wake.node)];
    if let Err(error) = execute(&database.read(), "SELECT pg_notify($1, $2)", values).await {
        tracing::debug!(%error, "other nodes were not told of new work; they poll");
    }
}

/// Passes the notifications of other nodes on, for as long as the process has the database open.
async fn listen(options: PgConnectOptions, node: String, worker: Arc<Notify>) {
    loop {
        let Err(error) = listen_until_broken(options.clone(), &node, &worker).await;
        tracing::warn!(%error, "not listening for other nodes' work; it is found by polling");
        tokio::time::sleep(RECONNECT_PAUSE).await;
    }
}

async fn listen_until_broken(
    options: PgConnectOptions,
    node: &str,
    worker: &Notify,
) -> Result<std::convert::Infallible, sqlx::Error> {
    // One connection of its own: those of the pools go from hand to hand.
    let own = PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let mut listener = PgListener::connect_with(&own.connect_lazy_with(options)).await?;
    listener.listen(CHANNEL).await?;
    // What was announced before was missed.
    worker.notify_one();
    loop {
        match listener.try_recv().await? {
            Some(notification) if notification.payload() == node => {}
            // `None`: connected again, and something may have been missed.
            Some(_) | None => worker.notify_one(),
        }
    }
}
