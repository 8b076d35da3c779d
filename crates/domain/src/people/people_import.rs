//! What an import of people did, so that it can be told and undone.

use crate::people::Values;
use crate::value::{PeopleImportId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

/// How many rows became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Rows with something in them.
    pub rows: u64,
    /// People who were added.
    pub created: u64,
    /// People of whom something changed.
    pub updated: u64,
    /// People of whom nothing changed.
    pub unchanged: u64,
    /// Rows at fault, which were left out.
    pub faulty: u64,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleImport {
    /// Its ID.
    pub id: PeopleImportId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: String,
    /// What it did.
    pub counts: ImportCounts,
    /// When it was undone; `None` if it was not.
    pub undone_at: Option<Timestamp>,
}

/// What an import did to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedPerson {
    /// The person.
    pub person: PersonId,
    /// It was added.
    pub is_new: bool,
    /// Values that changed, as they were.
    pub before: Values,
    /// The same as they are since.
    pub after: Values,
}
