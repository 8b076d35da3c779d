//! What of an org has to be fetched: everything, or what changed since the last time.

use crate::run::RunTrigger;
use crate::value::Timestamp;
use serde::{Deserialize, Serialize};

/// Seconds that the org's clock is not trusted for: a change is marked when its transaction begins and can be
/// seen when it ends, and hardly any transaction runs for longer (contract 9). What is read twice is dropped.
const LAG_SECONDS: i64 = 15 * 60;
/// Days after which deleted records may have left the recycle bin, so that only a look at everything tells.
const DELETED_SEEN_DAYS: i64 = 13;
/// Days between two scans of all IDs, which find changes without a modification date.
const ID_SCAN_DAYS: i64 = 7;
/// Seconds after which values that change without a mark are looked at by runs that come several times a day.
const DAILY: i64 = 20 * 60 * 60;
/// Changes that are put in place at once; more come as if everything were new.
const MAX_CHANGES: u64 = 200_000;

const DAY: i64 = 24 * 60 * 60;

/// Until when everything is there that is fetched from now on: `told` is how far the org itself says it is, which a
/// transaction that runs for very long holds back (contract 2.10).
pub fn covered_until(org_now: Timestamp, told: Option<Timestamp>) -> Timestamp {
    let lagging = org_now.plus_seconds(-LAG_SECONDS);
    told.map_or(lagging, |told| told.min(lagging))
}

/// What is known of one stream of records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StreamState {
    /// The paths whose values are kept.
    pub columns: Vec<String>,
    /// Those of them that the org does not show any more.
    pub stale: Vec<String>,
    /// The conditions that records had to fit, as the query says them.
    pub condition: String,
    /// Every change before this moment of the org's clock is here; `None` before the first fetch.
    pub covered_until: Option<Timestamp>,
    /// When everything was last looked at, by the org's clock.
    pub swept_at: Option<Timestamp>,
    /// Since then the org could not tell all that was deleted: a look at everything is still owed.
    pub deletions_missed: bool,
}

/// What is wanted of a stream.
#[derive(Clone, Copy, Debug)]
pub struct StreamConfig<'a> {
    /// The chosen paths.
    pub chosen: &'a [String],
    /// Those of them that the org shows.
    pub usable: &'a [String],
    /// The conditions, as the query says them.
    pub condition: &'a str,
}

/// How a stream is brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "plan", rename_all = "snake_case")]
pub enum PullPlan {
    /// Everything is fetched again.
    Full,
    /// What changed at this moment of the org's clock or later.
    Incremental {
        /// The moment.
        since: Timestamp,
    },
}

/// Decides by what is kept and what is wanted.
pub fn plan(kept: &StreamState, wanted: StreamConfig<'_>) -> PullPlan {
    let holds = |list: &[String], path: &String| list.iter().any(|known| known == path);
    let has_usable = wanted.usable.iter().all(|path| holds(&kept.columns, path) && !holds(&kept.stale, path));
    let is_wanted = kept.columns.iter().all(|path| holds(wanted.chosen, path));
    match kept.covered_until {
        Some(since) if has_usable && is_wanted && kept.condition == wanted.condition => {
            PullPlan::Incremental { since }
        }
        _ => PullPlan::Full,
    }
}

/// Whether changes since that moment don't tell everything any more, or would be too many at once.
pub fn needs_full(since: Timestamp, org_now: Timestamp, changes: u64) -> bool {
    org_now.seconds() - since.seconds() > DELETED_SEEN_DAYS * DAY || changes > MAX_CHANGES
}

/// Whether the ids of all records, with the values that change without a mark, have to be looked at.
///
/// `drifts` says that there are such values: formulas, those of other records, and conditions that depend on them
/// or on the day. Deletions that the org could not tell of are looked for as often.
pub fn needs_id_scan(kept: &StreamState, drifts: bool, origin: RunTrigger, org_now: Timestamp) -> bool {
    let seconds = kept.swept_at.map_or(i64::MAX, |swept| org_now.seconds() - swept.seconds());
    let soon = match origin {
        RunTrigger::Manual | RunTrigger::Nightly => true,
        RunTrigger::Periodic | RunTrigger::Event => seconds >= DAILY,
    };
    seconds >= ID_SCAN_DAYS * DAY || ((drifts || kept.deletions_missed) && soon)
}
