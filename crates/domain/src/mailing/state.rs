//! How a mailing stands, and each of its recipients.

use crate::mailing::SuppressionReason;
use serde::{Deserialize, Serialize};

/// How a mailing stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailingState {
    /// It is being written.
    #[default]
    Draft,
    /// It begins at a time.
    Scheduled,
    /// It goes out.
    Sending,
    /// It stands still until somebody resumes it.
    Paused,
    /// Nothing is left to be sent.
    Finished,
    /// It was broken off.
    Canceled,
}

/// What somebody does with a mailing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailingAction {
    /// Changes what it says.
    Edit,
    /// Begins it, now or at a time.
    Start,
    /// Holds it.
    Pause,
    /// Goes on with it.
    Resume,
    /// Breaks it off.
    Cancel,
}

impl MailingState {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Draft, Self::Scheduled, Self::Sending, Self::Paused, Self::Finished, Self::Canceled];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Sending => "sending",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::Canceled => "canceled",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether an action is possible now.
    pub const fn allows(self, action: MailingAction) -> bool {
        match action {
            MailingAction::Edit | MailingAction::Start => matches!(self, Self::Draft),
            MailingAction::Pause => matches!(self, Self::Scheduled | Self::Sending),
            MailingAction::Resume => matches!(self, Self::Paused),
            MailingAction::Cancel => matches!(self, Self::Scheduled | Self::Sending | Self::Paused),
        }
    }
}

/// What has become of a mail to one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecipientState {
    /// It waits for its turn.
    #[default]
    Queued,
    /// It is being sent.
    Sending,
    /// The mail server has taken it.
    Sent,
    /// The mail server asked to try again later.
    Deferred,
    /// The mail server refused it for good.
    Failed,
    /// The answer was lost after the mail was handed over; it is never sent again by itself.
    Unknown,
    /// It is not sent, for a reason that is kept.
    Suppressed,
}

impl RecipientState {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Deferred,
        Self::Failed,
        Self::Unknown,
        Self::Suppressed,
    ];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Suppressed => "suppressed",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Why a mail is not sent to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// The person refuses mail.
    OptedOut,
    /// The address can't be reached.
    Bounced,
    /// The person complained about a mail.
    Complained,
    /// The person is gone, or has another address now.
    Gone,
}

impl SkipReason {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::OptedOut, Self::Bounced, Self::Complained, Self::Gone];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OptedOut => "opted_out",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::Gone => "gone",
        }
    }
}

impl From<SuppressionReason> for SkipReason {
    fn from(reason: SuppressionReason) -> Self {
        match reason {
            SuppressionReason::Unsubscribed => Self::OptedOut,
            SuppressionReason::Bounced => Self::Bounced,
            SuppressionReason::Complained => Self::Complained,
        }
    }
}
