//! What asking an org costs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Calls made and bytes received, counted over all clones.
#[derive(Clone, Debug, Default)]
pub struct Traffic(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    calls: AtomicU64,
    bytes: AtomicU64,
}

impl Traffic {
    /// Requests sent, those included whose answer was lost.
    pub fn calls(&self) -> u64 {
        self.0.calls.load(Ordering::Relaxed)
    }

    /// Bytes of the answers' bodies, after decompression.
    pub fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn call(&self) {
        self.0.calls.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn received(&self, bytes: usize) {
        self.0.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}
