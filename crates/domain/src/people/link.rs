//! A person and the record that is the same person in the org, with what both last agreed on.

use crate::value::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Values by the person field's name; blank is the empty text. Of a record, those that the connected user may read.
pub type Values = BTreeMap<String, String>;

/// The person as it was when the decision was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonSnapshot {
    /// Grows with every change; a decision about another version is void.
    pub version: u64,
    /// Its values.
    pub values: Values,
    /// When somebody last edited each of them here.
    pub edited_at: BTreeMap<String, Timestamp>,
}

/// The record as a read brought it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSnapshot {
    /// Its values.
    pub values: Values,
    /// `SystemModstamp`, in whole seconds.
    pub stamp: Timestamp,
    /// `LastModifiedDate`.
    pub modified_at: Timestamp,
    /// The connected user was the last to modify it.
    pub by_us: bool,
}

/// One value of a write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentValue {
    /// The person's value.
    pub local: String,
    /// The same as it was sent.
    pub remote: String,
    /// What the record held when this was decided.
    pub expected: String,
}

/// A write that was begun and whose outcome is not yet known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// What was sent.
    pub sent: BTreeMap<String, SentValue>,
    /// After this moment nothing of it can take effect any more.
    pub over_at: Timestamp,
}

/// What is known of a person and a record that belong together. Kept when another record becomes the partner, so that a
/// return is no first meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// The person's values, as stored, when both sides last agreed.
    pub base_local: Values,
    /// The record's values, as stored, at the same time. Two sets, as each side spells a value in its own way.
    pub base_remote: Values,
    /// The newest stamp of the record that was acted on.
    pub seen: Option<Timestamp>,
    /// A write whose outcome is not known.
    pub attempt: Option<Attempt>,
    /// The record's values that a conflict keeps already, so that a write that has to be repeated records none twice.
    pub recorded: Values,
    /// How many changes in a row were put back in the org, since somebody last edited the field here.
    pub put_back: BTreeMap<String, u32>,
    /// The revision of the mapping with which it was merged last.
    pub revision: u64,
}

impl Link {
    /// What was agreed on with a record that goes on as another: a converted Lead's Contact (S7), the winner of a merge.
    #[must_use]
    pub fn carried_over(&self) -> Self {
        let (base_local, base_remote) = (self.base_local.clone(), self.base_remote.clone());
        Self { base_local, base_remote, revision: self.revision, ..Self::default() }
    }

    /// Forgets what was agreed on about fields whose mapping has changed since. `mapped_at` tells the revision with which
    /// a field's mapping changed last.
    pub fn forget_old_mappings(&mut self, mapped_at: &BTreeMap<String, u64>, revision: u64) {
        for (field, changed) in mapped_at {
            if *changed > self.revision {
                self.base_local.remove(field);
                self.base_remote.remove(field);
                self.recorded.remove(field);
                self.put_back.remove(field);
            }
        }
        self.revision = revision;
    }

    /// Both sides agree on a field.
    pub(super) fn agree(&mut self, field: &str, local: &str, remote: &str) {
        self.base_local.insert(field.to_owned(), local.to_owned());
        self.base_remote.insert(field.to_owned(), remote.to_owned());
        self.recorded.remove(field);
    }
}
