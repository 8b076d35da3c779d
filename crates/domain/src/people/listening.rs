//! How hearing of changes in the org by events stands (S13). Without events, changes come with the next scheduled run.

use serde::{Deserialize, Serialize};

/// How a workspace's subscription stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListeningState {
    /// It is yet to begin, or begins again after a pause.
    #[default]
    Starting,
    /// Changes are told as they happen.
    Listening,
    /// The deliveries of 24 hours are used up.
    LimitReached,
    /// The org, its edition or the connected user's rights don't offer events.
    NotOffered,
    /// The org was not reached, or broke the subscription off.
    Interrupted,
}

impl ListeningState {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Starting, Self::Listening, Self::LimitReached, Self::NotOffered, Self::Interrupted];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Listening => "listening",
            Self::LimitReached => "limit_reached",
            Self::NotOffered => "not_offered",
            Self::Interrupted => "interrupted",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}
