//! How many API calls the org has counted in the last day.

use jiff::Timestamp;

const DAY_SECONDS: i64 = 86_400;

/// Calls counted since the current window of 24 hours began.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    window: Option<Timestamp>,
    used: u64,
}

impl Usage {
    /// Calls counted in the current window.
    pub(crate) fn used(&mut self, now: Timestamp) -> u64 {
        let over = self.window.is_none_or(|start| now.as_second() - start.as_second() >= DAY_SECONDS);
        if over {
            (self.window, self.used) = (Some(now), 0);
        }
        self.used
    }

    /// Counts calls and returns the number so far.
    pub(crate) fn count(&mut self, now: Timestamp, calls: u64) -> u64 {
        self.used = self.used(now) + calls;
        self.used
    }

    /// Pretends that so many calls were made.
    pub(crate) fn set(&mut self, now: Timestamp, used: u64) {
        (self.window, self.used) = (Some(now), used);
    }
}
