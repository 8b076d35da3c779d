//! When a delivery is tried again: a pure function of what went wrong.

use crate::value::Timestamp;
use serde::{Deserialize, Serialize};

/// The kinds of failure that call for different answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailureClass {
    /// The org said no and will say no again: a person has to look.
    Permanent,
    /// The org said no for now: a locked row, a time-out of its own, maintenance.
    Transient,
    /// The org's API limit is reached.
    Limit,
    /// The connection isn't accepted any more (C6).
    Auth,
    /// No answer: it may have acted or not. The next try reads back first (Q1).
    Unknown,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Try again then.
    At(Timestamp),
    /// Wait for the connection to come back.
    Hold,
    /// Give up and show it in the error inbox.
    GiveUp,
}

/// Tries after which a failure that passes by itself is shown to people: about three days.
const MAX_ATTEMPTS: u32 = 300;
/// How long after a request the org may still be carrying it out: Salesforce ends what runs for ten minutes
/// (contract 3.3). Before that, not finding a record doesn't mean that it won't be there.
pub const ORG_MAY_STILL_ACT_SECONDS: i64 = 600;
const FIRST_PAUSE_SECONDS: i64 = 2;
const MAX_PAUSE_SECONDS: i64 = 15 * 60;

/// Decides after a failed try. `attempts` counts the tries so far, this one included; `settle_seconds`
/// is how long the org may still be working on a request whose answer was lost.
pub fn after_failure(class: FailureClass, attempts: u32, now: Timestamp, settle_seconds: i64) -> Retry {
    let pause = pause_seconds(attempts);
    match class {
        FailureClass::Permanent => Retry::GiveUp,
        FailureClass::Auth => Retry::Hold,
        _ if attempts >= MAX_ATTEMPTS => Retry::GiveUp,
        FailureClass::Transient => Retry::At(now.plus_seconds(pause)),
        FailureClass::Unknown => Retry::At(now.plus_seconds(pause.max(settle_seconds))),
        FailureClass::Limit => Retry::At(now.plus_seconds(pause.max(60))),
    }
}

/// 2, 4, 8 … seconds, at most a quarter of an hour.
fn pause_seconds(attempts: u32) -> i64 {
    let doublings = attempts.saturating_sub(1).min(20);
    (FIRST_PAUSE_SECONDS << doublings).min(MAX_PAUSE_SECONDS)
}
