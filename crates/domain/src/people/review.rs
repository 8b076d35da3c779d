//! What a sync of people would do, shown before it does it, and when it has to be confirmed.

use crate::value::{Step, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// So many people may always change in one run, however few there are.
pub const ALWAYS_ALLOWED: u64 = 50;
/// Lines that a preview keeps; its counts are of everybody.
pub const MAX_PREVIEW_LINES: u64 = 50_000;

/// Why people, records or single values are not synced, besides values that can't be
/// ([`VALUE_REFUSALS`](crate::people::VALUE_REFUSALS)). The catalogues have them under `people-cause-{cause}`, and the
/// sentences under `step-people-{cause}`.
pub const SYNC_CAUSES: [&str; 15] = [
    "email-cleared-there",
    "email-taken",
    "email-taken-there",
    "always-changed",
    "required-missing",
    "duplicate-rule",
    "required-unmapped",
    "refused",
    "read-again",
    "person-left-out",
    "record-left-out",
    "leads-not-createable",
    "no-email",
    "not-created-there",
    "not-created-here",
];

/// What would become of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviewAction {
    /// A record becomes a person here.
    CreateHere,
    /// A person here takes over values of a record.
    UpdateHere,
    /// A person becomes a Lead.
    CreateThere,
    /// A record takes over values of a person.
    UpdateThere,
    /// Nothing is done, or not all of it, and why.
    Skip,
}

impl PreviewAction {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::CreateHere, Self::UpdateHere, Self::CreateThere, Self::UpdateThere, Self::Skip];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreateHere => "create_here",
            Self::UpdateHere => "update_here",
            Self::CreateThere => "create_there",
            Self::UpdateThere => "update_there",
            Self::Skip => "skip",
        }
    }

    /// The action with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// One line of a preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewLine {
    /// What would be done.
    pub action: PreviewAction,
    /// The e-mail address; empty if there is none.
    pub email: String,
    /// The record; empty if there is none yet.
    pub record_id: String,
    /// The person fields whose values would change.
    pub fields: Vec<String>,
    /// Why something is not done.
    pub reason: Option<Step>,
}

/// What a sync would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeoplePreview {
    /// When it was made.
    pub at: Option<Timestamp>,
    /// People that there are here.
    pub people: u64,
    /// People who would be created or change, here or in the org, or of whom that is not known yet.
    pub changing: u64,
    /// Actions by their name.
    pub counts: BTreeMap<String, u64>,
    /// Values that both sides have changed.
    pub conflicts: u64,
    /// Reasons for skipping, by their code.
    pub reasons: BTreeMap<String, u64>,
}

/// What is to be shown, or waits to be confirmed, before the sync goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeopleReview {
    /// Somebody wants to see what the sync would do.
    pub is_wanted: bool,
    /// Somebody has agreed to what the next run does, however much it is.
    pub is_confirmed: bool,
    /// A run would have changed too many people; nothing is synced before somebody agrees.
    pub is_held: bool,
    /// What was shown last.
    pub preview: Option<PeoplePreview>,
}

/// Whether so many changes have to be confirmed: more than `percent` of all people, and more than [`ALWAYS_ALLOWED`].
/// A hundred percent never has to be.
pub const fn must_ask(changes: u64, people: u64, percent: u32) -> bool {
    percent < 100 && changes > ALWAYS_ALLOWED && changes * 100 > people * percent as u64
}
