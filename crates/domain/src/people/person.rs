//! A person of the customer database (顧客), and the org's records that may be the same person.

use crate::people::{PersonSnapshot, Values};
use crate::value::{EmailAddress, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The person field that holds the e-mail address, which is the key of a person (S1).
pub const EMAIL: &str = "email";

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its ID.
    pub id: PersonId,
    /// Its values and its version, as decisions see them.
    pub snapshot: PersonSnapshot,
    /// Mail is refused (配信停止).
    pub opted_out: bool,
    /// The refusal, or its end, is yet to be written to the org.
    pub opt_out_pending: bool,
    /// Something was edited here and is yet to be synced.
    pub is_pending: bool,
    /// After this moment a record that was being created for it is there, or never will be.
    pub create_over_at: Option<Timestamp>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When something of it changed last.
    pub updated_at: Timestamp,
}

impl Person {
    /// The key of its e-mail address; empty if it has none.
    pub fn email_key(&self) -> String {
        email_key(self.snapshot.values.get(EMAIL).map_or("", String::as_str))
    }

    /// When somebody here edited anything of it last.
    pub fn edited_at(&self) -> Option<Timestamp> {
        self.snapshot.edited_at.values().copied().max()
    }
}

/// The key by which addresses are compared; empty for what is none.
pub fn email_key(address: &str) -> String {
    EmailAddress::parse(address).map(|address| address.key()).unwrap_or_default()
}

/// An object whose records are people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PersonObject {
    /// リード
    Lead,
    /// 取引先責任者
    Contact,
}

impl PersonObject {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Lead, Self::Contact];

    /// Its API name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lead => "Lead",
            Self::Contact => "Contact",
        }
    }

    /// The object with this API name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|object| object.name() == name)
    }
}

/// What has become of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// It can be read.
    #[default]
    Live,
    /// A Lead that was converted; it goes on as a Contact.
    Converted,
    /// It is in the recycle bin, by itself or as the loser of a merge.
    Deleted,
    /// The connected user can't see it any more, or it is gone for good.
    Hidden,
}

impl RecordState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Live, Self::Converted, Self::Deleted, Self::Hidden];

    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Converted => "converted",
            Self::Deleted => "deleted",
            Self::Hidden => "hidden",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A Lead or Contact as it was read last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteRecord {
    /// Its ID, 18 characters.
    pub id: String,
    /// Its object.
    pub object: PersonObject,
    /// What has become of it.
    pub state: RecordState,
    /// The record as which it goes on: the Contact of a converted Lead, the winner of a merge.
    pub follows: Option<String>,
    /// The key of its e-mail address; empty if it has none.
    pub email_key: String,
    /// `SystemModstamp`, in whole seconds.
    pub stamp: Timestamp,
    /// `LastModifiedDate`.
    pub modified_at: Timestamp,
    /// When somebody other than the connected user modified it last, or created it.
    pub edited_at: Timestamp,
    /// The connected user was the last to modify it.
    pub by_us: bool,
    /// `HasOptedOutOfEmail`, where it can be read.
    pub opted_out: bool,
    /// Its values by the person field's name.
    pub values: Values,
    /// The mapping with which it was read.
    pub revision: u64,
    /// When the read began, by the database's clock.
    pub read_at: Timestamp,
}

impl RemoteRecord {
    /// Takes over what an earlier read knew and a later one can't tell: who edited it last but us.
    #[must_use]
    pub fn after(mut self, earlier: Option<&Self>) -> Self {
        if let (true, Some(earlier)) = (self.by_us, earlier) {
            self.edited_at = earlier.edited_at;
        }
        self
    }

    /// Whether two reads say the same.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        self.stamp == other.stamp
            && self.state == other.state
            && self.follows == other.follows
            && self.opted_out == other.opted_out
            && self.revision == other.revision
            && self.values == other.values
    }
}

/// The records of one person, by ID.
pub type Records = BTreeMap<String, RemoteRecord>;
