//! When a nightly refresh is due, and when someone may ask for one (D3, E3).

use crate::value::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Minutes between two refreshes that someone asked for.
pub const MANUAL_PAUSE_MINUTES: i64 = 120;

/// A time of day without seconds, written `03:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TimeOfDay {
    hour: i8,
    minute: i8,
}

impl Default for TimeOfDay {
    fn default() -> Self {
        Self { hour: 3, minute: 0 }
    }
}

/// What was typed is no time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is written HH:MM")]
pub struct NoTimeOfDay;

impl FromStr for TimeOfDay {
    type Err = NoTimeOfDay;

    fn from_str(typed: &str) -> Result<Self, NoTimeOfDay> {
        let (hour, minute) = typed.trim().split_once(':').ok_or(NoTimeOfDay)?;
        let number = |text: &str, below: i8| {
            let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|number| digits && *number < below).ok_or(NoTimeOfDay)
        };
        Ok(Self { hour: number(hour, 24)?, minute: number(minute, 60)? })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = NoTimeOfDay;

    fn try_from(typed: String) -> Result<Self, NoTimeOfDay> {
        typed.parse()
    }
}

/// The first moment after `after` at which the day's time is reached in the zone; UTC for an unknown zone.
///
/// A time that a change of the clock leaves out is reached when the clock has jumped over it.
pub fn next_nightly(after: Timestamp, at: TimeOfDay, zone: &str) -> Timestamp {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let time = Time::new(at.hour, at.minute, 0, 0).unwrap_or_default();
    let today = after.to_jiff().to_zoned_datetime(zone.clone()).date();
    let on = |date: jiff::civil::Date| {
        let moment = zone.to_ambiguous_zoned_datetime(date.to_datetime(time)).compatible().ok()?;
        Some(Timestamp::from_jiff(moment.timestamp()))
    };
    let days = [Some(today), today.tomorrow().ok()];
    let due = days.into_iter().flatten().filter_map(on).find(|moment| *moment > after);
    due.unwrap_or_else(|| after.plus_minutes(24 * 60))
}

/// When the next refresh may be asked for, if not now.
pub fn manual_wait(last_requested: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    last_requested.map(|asked| asked.plus_minutes(MANUAL_PAUSE_MINUTES)).filter(|allowed| *allowed > now)
}
