//! What a person has agreed to or refused, with the evidence (特定電子メール法).

use crate::value::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};

/// Where an agreement or a refusal comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentSource {
    /// A question of a form.
    Form,
    /// A question of a booking page.
    Booking,
    /// An import, with the basis that was named.
    Import,
    /// A program.
    Api,
    /// Somebody in the console.
    Console,
    /// A record of the org.
    Salesforce,
    /// A link in a mail.
    Mail,
}

impl ConsentSource {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Form, Self::Booking, Self::Import, Self::Api, Self::Console, Self::Salesforce, Self::Mail];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Booking => "booking",
            Self::Import => "import",
            Self::Api => "api",
            Self::Console => "console",
            Self::Salesforce => "salesforce",
            Self::Mail => "mail",
        }
    }

    /// The source with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }
}

/// One agreement or refusal. It is kept as it was given; later ones stand beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The person.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// Agreed, or refused.
    pub is_given: bool,
    /// Where it comes from.
    pub source: ConsentSource,
    /// Which one: the submission's ID, the record's, who it was.
    pub source_id: String,
    /// What was agreed to, word for word; empty for a refusal of mail.
    pub wording: String,
    /// The version of the form that showed it; 0 where there is none.
    pub version: u32,
}
