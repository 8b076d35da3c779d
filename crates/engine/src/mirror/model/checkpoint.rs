//! How far a run is with one stream, as it is kept beside the rows.

use crate::mirror::model::position::Position;
use crate::mirror::model::stream::VisibleFields;
use domain::mirror::{PullPlan, StreamState};
use domain::value::Timestamp;
use serde::{Deserialize, Serialize};
use storage::mirror::streams::Mirror;

/// What is being done with a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    /// Its records come.
    Rows,
    /// What became of changed records that did not come, as they don't fit the conditions.
    ChangedIds,
    /// What became of records that were deleted, as the org says, and of which no row has told.
    HardDeletes,
    /// The ids of all records come, with what changes without a mark.
    IdScan,
    /// Unreported records are requested, from this ID on.
    Missing(String),
    /// What is left of what records are found by is put in; when it was lost, for those behind this id.
    Keys(String),
    /// It can be read.
    Ready,
}

/// How far a run is with one stream.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    pub(crate) plan: PullPlan,
    pub(crate) phase: Phase,
    /// Where the phase goes on; `None` at its beginning.
    pub(crate) position: Option<Position>,
    /// What the org shows.
    pub(crate) shown: VisibleFields,
    /// Everything before this moment of the org's clock will be here.
    pub(crate) covered_until: Option<Timestamp>,
    /// The org's clock when the run began.
    pub(crate) org_now: Option<Timestamp>,
    /// The ids of all records are to be looked at too.
    pub(crate) sweep: bool,
    /// Records that were deleted, as the org says; some of them are in no recycle bin.
    pub(crate) gone: Vec<String>,
    /// It could not tell of all of them, now or before.
    pub(crate) deletions_missed: bool,
    /// Records that count as kept, more or fewer than before.
    pub(crate) kept_more: i64,
    /// Records whose rows are staged.
    pub(crate) records: u64,
    /// Parts of what they are found by that were put in.
    pub(crate) key_parts: u32,
    /// Other parts were gathered by a worker that is gone, and have to be gathered again from the rows.
    pub(crate) keys_lost: bool,
    /// Some of them did not come, so that they may not count as kept.
    pub(crate) judged: bool,
    /// Something was staged.
    pub(crate) staged: bool,
    /// Records of the phase that could not be read.
    pub(crate) failed: u64,
}

impl Checkpoint {
    /// Notes that another worker goes on.
    pub(crate) fn resume(&mut self) {
        self.keys_lost |= self.records > 0;
    }

    /// Goes on to the next phase.
    pub(crate) fn enter(&mut self, phase: Phase) {
        (self.phase, self.position, self.failed) = (phase, None, 0);
    }

    /// What is known of the stream once it can be read.
    pub(crate) fn state(&self, before: &Mirror, condition: String) -> StreamState {
        let had = |path: &&String| before.state.columns.contains(path);
        let usable = self.shown.usable.iter().map(|usable| usable.path.clone());
        let columns = usable.chain(self.shown.stale.iter().filter(had).cloned());
        let swept = self.plan == PullPlan::Full || self.sweep;
        let swept_at = if swept { self.org_now } else { before.state.swept_at };
        StreamState {
            columns: columns.collect(),
            stale: self.shown.stale.clone(),
            condition,
            covered_until: self.covered_until,
            swept_at,
            deletions_missed: self.deletions_missed && !swept,
        }
    }
}

#[cfg(test)]
#[path = "checkpoint_tests.rs"]
mod tests;
