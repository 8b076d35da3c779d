//! How many events have been delivered within 24 hours, to all subscribers together.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

/// Hours within which deliveries count together.
const HOURS: i64 = 24;

/// The deliveries of the last 24 hours.
#[derive(Debug, Default)]
pub(super) struct Quota(VecDeque<(Timestamp, u64)>);

impl Quota {
    /// Counts deliveries.
    pub(super) fn add(&mut self, events: usize, now: Timestamp) {
        let since = since(now);
        while self.0.front().is_some_and(|(at, _)| *at < since) {
            self.0.pop_front();
        }
        if events > 0 {
            self.0.push_back((now, events as u64));
        }
    }

    /// How many events were delivered.
    pub(super) fn used(&self, now: Timestamp) -> u64 {
        let since = since(now);
        self.0.iter().skip_while(|(at, _)| *at < since).map(|(_, number)| number).sum()
    }
}

fn since(now: Timestamp) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(HOURS)).unwrap_or(now)
}
