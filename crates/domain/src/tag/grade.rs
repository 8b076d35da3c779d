//! How sure it is that a form was sent.

use serde::{Deserialize, Serialize};

/// What the evidence of an attempt amounts to, the weakest first.
///
/// Merging two is taking the higher one: whatever came first, and however often, the grade only rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Nobody could tell what became of it.
    Unknown,
    /// It was sent, and nothing is known of the answer.
    Attempt,
    /// The site refused it.
    Failed,
    /// The form is gone or the page another one.
    Likely,
    /// The site said so, or the next page came without the form.
    Confirmed,
}

impl Grade {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Unknown, Self::Attempt, Self::Failed, Self::Likely, Self::Confirmed];
    /// Those that can be chosen as the least for something to follow.
    pub const LEAST: [Self; 3] = [Self::Attempt, Self::Likely, Self::Confirmed];

    /// The word on the wire, in the database and in the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Attempt => "attempt",
            Self::Failed => "failed",
            Self::Likely => "likely",
            Self::Confirmed => "confirmed",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.name() == name)
    }

    /// Is a conversion: likely or confirmed.
    pub fn is_conversion(self) -> bool {
        self >= Self::Likely
    }

    /// The same without a page token: tools can report whatever they like, so it is an attempt at most.
    #[must_use]
    pub fn without_token(self) -> Self {
        if self.is_conversion() { Self::Attempt } else { self }
    }

    /// Whether it is enough for a form that asks for at least `least`; what failed never is.
    pub fn reaches(self, least: Self) -> bool {
        self >= least && !matches!(self, Self::Failed | Self::Unknown)
    }
}
