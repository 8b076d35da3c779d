//! How the sync of a person stands, and what changed a person.

use serde::{Deserialize, Serialize};

/// How a person and its record stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Both say the same.
    Synced,
    /// Something is on its way, or its outcome is yet to be known.
    #[default]
    Waiting,
    /// A value could not be taken over; the rest is synced.
    Failed,
    /// Nothing is synced until somebody decides.
    Parked,
    /// The record can't be read.
    Suspended,
    /// The filter leaves the person or the record out.
    Excluded,
}

impl LinkState {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Synced, Self::Waiting, Self::Failed, Self::Parked, Self::Suspended, Self::Excluded];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Synced => "synced",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
            Self::Parked => "parked",
            Self::Suspended => "suspended",
            Self::Excluded => "excluded",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What stands for the field in a person's history when the person was added as a whole.
pub const CREATED: &str = "created";

/// What changed a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeOrigin {
    /// The sync, by a record of the org.
    Salesforce,
    /// A program.
    Api,
    /// Somebody in the console.
    Console,
    /// A conflict that was undone.
    Undo,
    /// A form that the person sent.
    Form,
    /// A booking of the person.
    Booking,
    /// A file that was imported.
    Import,
    /// Two people who turned out to be one, or were separated again.
    Merge,
    /// The person, by the link of a mail.
    Mail,
}

impl ChangeOrigin {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Salesforce,
        Self::Api,
        Self::Console,
        Self::Undo,
        Self::Form,
        Self::Booking,
        Self::Import,
        Self::Merge,
        Self::Mail,
    ];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Salesforce => "salesforce",
            Self::Api => "api",
            Self::Console => "console",
            Self::Undo => "undo",
            Self::Form => "form",
            Self::Booking => "booking",
            Self::Import => "import",
            Self::Merge => "merge",
            Self::Mail => "mail",
        }
    }

    /// The origin with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.name() == name)
    }
}
