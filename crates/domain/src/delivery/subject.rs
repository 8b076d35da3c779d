//! What a delivery is about.

use crate::value::{BookingId, PersonId, SubmissionId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kinds of things that deliveries are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    /// A booking (B).
    Booking,
    /// A form's submission (F).
    Submission,
    /// A person of the two-way sync (S).
    Person,
}

impl SubjectKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Booking, Self::Submission, Self::Person];

    /// The word in the API and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::Submission => "submission",
            Self::Person => "person",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The thing that a delivery is made for. Deliveries and the timeline know it by kind and ID only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its ID among those of its kind.
    pub id: Uuid,
}

impl Subject {
    /// The booking's ID; `None` for other kinds.
    pub fn booking(self) -> Option<BookingId> {
        (self.kind == SubjectKind::Booking).then_some(BookingId(self.id))
    }

    /// The submission's ID; `None` for other kinds.
    pub fn submission(self) -> Option<SubmissionId> {
        (self.kind == SubjectKind::Submission).then_some(SubmissionId(self.id))
    }
}

impl From<BookingId> for Subject {
    fn from(id: BookingId) -> Self {
        Self { kind: SubjectKind::Booking, id: id.0 }
    }
}

impl From<SubmissionId> for Subject {
    fn from(id: SubmissionId) -> Self {
        Self { kind: SubjectKind::Submission, id: id.0 }
    }
}

impl From<PersonId> for Subject {
    fn from(id: PersonId) -> Self {
        Self { kind: SubjectKind::Person, id: id.0 }
    }
}
