//! The ways by which messages leave the console.

use serde::{Deserialize, Serialize};

/// A way to reach people outside the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// An incoming webhook of Slack.
    Slack,
    /// E-mail through the operator's mail server.
    Email,
}

impl Channel {
    /// Both, in the order of the page.
    pub const ALL: [Self; 2] = [Self::Slack, Self::Email];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Email => "email",
        }
    }

    /// The channel with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }
}
