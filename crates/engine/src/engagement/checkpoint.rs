//! How far a refresh is, as it is kept beside the rows.

use domain::engagement::EngagementList;
use serde::{Deserialize, Serialize};

/// The name under which it is kept.
pub(crate) const STREAM: &str = "engagement_lists";

/// How far a refresh is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListCheckpoint {
    /// The business unit that it began with.
    pub(crate) business_unit_id: String,
    /// The generation that it stages.
    pub(crate) generation: i64,
    /// The lists that it fetches, in order.
    pub(crate) lists: Vec<EngagementList>,
    /// The list that it is at.
    pub(crate) place: usize,
    /// The highest id of a membership that came of that list.
    pub(crate) after_id: u64,
}

impl ListCheckpoint {
    /// Goes on behind a page of the list that it is at.
    pub(crate) const fn passed(&mut self, last_id: u64, has_ended: bool) {
        if has_ended {
            self.place += 1;
            self.after_id = 0;
        } else {
            self.after_id = last_id;
        }
    }
}
