//! What became of a message that was to be sent.

use crate::notification::{Channel, Notice};
use crate::value::{Language, OutgoingMessageId, Step, Timestamp};
use serde::{Deserialize, Serialize};

/// The state of an outgoing message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationState {
    /// Not attempted yet; messages of the same kind may be grouped with it.
    Waiting,
    /// A worker is sending it.
    Sending,
    /// It was rejected or had no response; it is retried.
    Retrying,
    /// The channel accepted it.
    Sent,
    /// Permanently rejected, or older than a day.
    GivenUp,
    /// Its channel was switched off or never set up.
    Skipped,
}

impl NotificationState {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Sending, Self::Retrying, Self::Sent, Self::GivenUp, Self::Skipped];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Retrying => "retrying",
            Self::Sent => "sent",
            Self::GivenUp => "given_up",
            Self::Skipped => "skipped",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// One message on its way to one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationDelivery {
    /// Its id.
    pub id: OutgoingMessageId,
    /// By which channel.
    pub channel: Channel,
    /// To which address; empty for Slack, whose webhook decides.
    pub recipient: String,
    /// In which language.
    pub language: Language,
    /// What happened; the first of several alike.
    pub notice: Notice,
    /// How many alike it stands for.
    pub count: i64,
    /// When the first of them happened.
    pub happened_at: Timestamp,
    /// How far it is.
    pub state: NotificationState,
    /// Tries so far.
    pub attempts: i64,
    /// When it is tried next.
    pub due_at: Timestamp,
    /// What the channel last said, as a step for people.
    pub answer: Option<Step>,
}

/// What a test of a channel came to, for one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// To which address; empty for Slack.
    pub recipient: String,
    /// The channel accepted it.
    pub sent: bool,
    /// What it said, as a step for people.
    pub answer: Step,
}
