//! The open subscriptions, which can all be broken off at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

/// The open subscriptions.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    open: Arc<AtomicUsize>,
    broken_off: watch::Sender<()>,
}

/// One open subscription; dropping it closes it.
#[derive(Debug)]
pub(super) struct OpenStream(Arc<AtomicUsize>);

impl Streams {
    /// How many subscriptions are open.
    pub(crate) fn count(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// Breaks every open stream off without a status.
    pub(crate) fn break_off(&self) {
        self.broken_off.send_replace(());
    }

    /// Notes a new subscription.
    pub(super) fn enter(&self) -> OpenStream {
        self.open.fetch_add(1, Ordering::SeqCst);
        OpenStream(Arc::clone(&self.open))
    }

    /// Ends when the streams that are open now are broken off.
    pub(super) fn broken_off(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut broken_off = self.broken_off.subscribe();
        async move {
            if broken_off.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
