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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_moves_on_within_its_list_and_the_last_one_to_the_next_list() {
        let begin = ListCheckpoint {
            business_unit_id: "0Uv000000000001AAA".to_owned(),
            generation: 1,
            lists: Vec::new(),
            place: 0,
            after_id: 0,
        };
        let mut work = begin.clone();
        for (last_id, has_ended, place, after_id) in
            [(1_000, false, 0, 1_000), (1_500, true, 1, 0), (0, true, 2, 0), (7, false, 2, 7)]
        {
            work.passed(last_id, has_ended);
            assert_eq!(work, ListCheckpoint { place, after_id, ..begin.clone() });
        }
    }
}
