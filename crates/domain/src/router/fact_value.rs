//! A fact's value as conditions compare it, and why there may be none.

use serde::{Deserialize, Serialize};

/// A fact's value as it is compared.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    /// There is none.
    Absent,
    /// One.
    One(String),
    /// Several, as of a question with boxes or a multi-select picklist.
    Many(Vec<String>),
    /// Nobody could tell.
    Unknown(LookupFailure),
}

/// Why nobody could tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookupFailure {
    /// Nobody has looked it up.
    NotLookedUp,
    /// There is no local copy of such records.
    NoLocalCopy,
    /// The list is gone.
    ListGone,
    /// The org didn't answer in time.
    TimedOut,
    /// The org refused, or can't be reached.
    Refused,
    /// The field is not part of what was read, or gone.
    FieldGone,
    /// The path has found no record whose field could be read.
    NoRecord,
    /// The value is no number and no day, and a list asks for an order.
    NotComparable,
    /// More records match than are read.
    TooManyRecords,
}

impl LookupFailure {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::NotLookedUp,
        Self::NoLocalCopy,
        Self::ListGone,
        Self::TimedOut,
        Self::Refused,
        Self::FieldGone,
        Self::NoRecord,
        Self::NotComparable,
        Self::TooManyRecords,
    ];

    /// The word for the API and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotLookedUp => "not-looked-up",
            Self::NoLocalCopy => "no-local-copy",
            Self::ListGone => "list-gone",
            Self::TimedOut => "timed-out",
            Self::Refused => "refused",
            Self::FieldGone => "field-gone",
            Self::NoRecord => "no-record",
            Self::NotComparable => "not-comparable",
            Self::TooManyRecords => "too-many-records",
        }
    }
}
