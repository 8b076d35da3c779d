//! When a message is sent, sent again, or given up.

use crate::value::Timestamp;

/// Seconds in which messages of one cause become one.
pub const GROUP_SECONDS: i64 = 300;
/// Seconds that the first message of a cause waits for others like it.
pub const GROUP_WAIT_SECONDS: i64 = 15;
/// A message older than that is of no use any more.
const RETRY_SECONDS: i64 = 24 * 60 * 60;
const FIRST_PAUSE_SECONDS: i64 = 5;
const MAX_PAUSE_SECONDS: i64 = 60 * 60;
/// Percent of the org's daily calls at which people are told.
const NEAR_PERCENT: i64 = 80;

/// When a message that could not be sent is tried again: after 5, 10, 20 … seconds, at most an hour; `None` when
/// a day has passed since it happened. `attempts` counts the tries so far; `asked` is the pause that the channel
/// itself asked for, in seconds.
pub fn after_failure(
    attempts: i64,
    happened_at: Timestamp,
    now: Timestamp,
    asked: Option<i64>,
) -> Option<Timestamp> {
    let doublings = attempts.saturating_sub(1).clamp(0, 20);
    let pause = (FIRST_PAUSE_SECONDS << doublings).min(MAX_PAUSE_SECONDS);
    let pause = pause.max(asked.unwrap_or(0).clamp(0, MAX_PAUSE_SECONDS));
    (now < happened_at.plus_seconds(RETRY_SECONDS)).then(|| now.plus_seconds(pause))
}

/// Whether so much of the day's calls is used that people should know (C9).
pub fn limit_is_near(used: i64, allowed: i64) -> bool {
    allowed > 0 && used.saturating_mul(100) > allowed.saturating_mul(NEAR_PERCENT)
}
