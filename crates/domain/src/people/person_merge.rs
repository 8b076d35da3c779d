//! Two people who are one: which values stay, and what it takes to separate them again.

use crate::people::{EMAIL, Person, Values};
use crate::value::{PersonId, PersonMergeId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A merge of two people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonMerge {
    /// Its ID.
    pub id: PersonMergeId,
    /// Who stays.
    pub winner: PersonId,
    /// Who went on as the other.
    pub loser: PersonId,
    /// When.
    pub at: Timestamp,
    /// Who merged them.
    pub actor: String,
    /// Why, in their words.
    pub reason: String,
    /// What separating them needs.
    pub kept: KeptLoser,
}

/// The one who went on as the other, as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptLoser {
    /// Its values.
    pub values: Values,
    /// When somebody edited them here last.
    pub edited_at: BTreeMap<String, Timestamp>,
    /// It refused mail.
    pub opted_out: bool,
    /// When it was added.
    pub created_at: Option<Timestamp>,
    /// Its records.
    pub records: Vec<String>,
    /// The one with which it was synced.
    pub partner: Option<String>,
    /// Values that the other one took over, as its own were blank.
    pub filled: Values,
}

/// What the winner takes over: values of the loser where its own are blank, but never the address.
pub fn filled_by_merge(winner: &Person, loser: &Person) -> Values {
    let is_blank = |name: &str| winner.snapshot.values.get(name).is_none_or(|value| value.trim().is_empty());
    let values = loser.snapshot.values.iter();
    values
        .filter(|(name, value)| *name != EMAIL && !value.trim().is_empty() && is_blank(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
