//! How many requests a business unit has answered on one day, and in one minute.

use jiff::Timestamp;
use jiff::civil::Date;

/// Requests answered on the current day, and in the current minute.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RequestUsage {
    day: Option<Date>,
    used: u64,
    minute: i64,
    in_minute: u64,
}

impl RequestUsage {
    /// Whether one more request fits into the current minute; counts it if it does.
    pub(crate) fn fits_minute(&mut self, now: Timestamp, limit: u64) -> bool {
        let minute = now.as_second().div_euclid(60);
        if self.minute != minute {
            (self.minute, self.in_minute) = (minute, 0);
        }
        self.in_minute += 1;
        self.in_minute <= limit
    }

    /// Requests answered today.
    pub(crate) fn used(&mut self, today: Date) -> u64 {
        if self.day != Some(today) {
            (self.day, self.used) = (Some(today), 0);
        }
        self.used
    }

    /// Counts one request, unless the limit is reached; tells how many there were.
    pub(crate) fn count(&mut self, today: Date, limit: u64) -> Option<u64> {
        if self.used(today) >= limit {
            return None;
        }
        self.used += 1;
        Some(self.used)
    }

    /// Pretends that so many requests were answered.
    pub(crate) fn set(&mut self, today: Date, used: u64) {
        (self.day, self.used) = (Some(today), used);
    }
}
