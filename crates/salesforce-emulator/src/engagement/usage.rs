//! How many requests a business unit has answered on one day.

use jiff::civil::Date;

/// Requests answered on the current day.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DailyUsage {
    day: Option<Date>,
    used: u64,
}

impl DailyUsage {
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
