//! What is to be written in Salesforce, decided before anything is sent.

use crate::delivery::Write;
use crate::value::{Step, Timestamp};
use serde::{Deserialize, Serialize};

/// What comes after the writes of a plan have succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FollowUp {
    /// The delivery is done.
    Finish,
    /// Writes were left for the next round, which begins at once.
    GoOn,
    /// The subject does not exist any more as it was: the delivery ends as cancelled unless it wrote something.
    Cancel,
    /// The person isn't there yet: search again then (K9).
    SearchAgain {
        /// When to search.
        at: Timestamp,
        /// When to give up.
        until: Timestamp,
    },
}

/// A decision: what to write, what comes then, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryPlan {
    /// The writes; none when there is nothing to do.
    pub writes: Vec<Write>,
    /// What comes when they are written.
    pub follow_up: FollowUp,
    /// The reasons, step by step.
    pub steps: Vec<Step>,
    /// How many of the last steps are about searching again; a repeated search tells only these.
    #[serde(default)]
    pub search_steps: usize,
}

impl DeliveryPlan {
    /// Writes, and what comes then.
    pub fn new(writes: Vec<Write>, follow_up: FollowUp, steps: Vec<Step>) -> Self {
        Self { writes, follow_up, steps, search_steps: 0 }
    }

    /// Nothing to write, and why.
    pub fn nothing(steps: Vec<Step>) -> Self {
        Self::new(Vec::new(), FollowUp::Finish, steps)
    }

    /// Nothing to write any more: what the delivery is about was cancelled.
    pub fn cancelled(steps: Vec<Step>) -> Self {
        Self::new(Vec::new(), FollowUp::Cancel, steps)
    }

    /// The same plan without writes that need the ID of a record made by another one: that is known in the next round.
    #[must_use]
    pub fn without_dependent_writes(mut self) -> Self {
        let before = self.writes.len();
        self.writes.retain(|write| write.record_of.is_none());
        if self.writes.len() < before {
            self.follow_up = FollowUp::GoOn;
        }
        self
    }

    /// The steps about searching again.
    pub fn search_steps(&self) -> &[Step] {
        &self.steps[self.steps.len().saturating_sub(self.search_steps)..]
    }
}
