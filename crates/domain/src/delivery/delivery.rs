//! A delivery: one intended effect of a subject in Salesforce, and its state.

use crate::delivery::{Subject, Write};
use crate::value::{DeliveryId, Step, Timestamp};
use serde::{Deserialize, Serialize};

/// Which effect a delivery has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryKind {
    /// The booking page's Lead, Event and mapped fields (K10–K16); due at once.
    Page,
    /// The ToDo (K1, K2); due after its lag.
    Todo,
    /// The campaign member (K3); due after ten minutes.
    Campaign,
    /// A submission's record, and its campaign member (F1–F3); due at once.
    Record,
}

impl DeliveryKind {
    /// All kinds, in the order in which one subject's are worked off.
    pub const ALL: [Self; 4] = [Self::Page, Self::Todo, Self::Campaign, Self::Record];
    /// Those of a booking.
    pub const OF_BOOKINGS: [Self; 3] = [Self::Page, Self::Todo, Self::Campaign];

    /// The word in the API and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Todo => "todo",
            Self::Campaign => "campaign",
            Self::Record => "record",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Waits for its due time, the first or the next.
    Due,
    /// Waits for the connection to come back (C6).
    Held,
    /// Written, or found to be there already.
    Done,
    /// Decided that nothing is to be written, and why.
    Skipped,
    /// Given up; it is in the error inbox.
    Failed,
    /// The booking was cancelled before it was due.
    Cancelled,
}

impl DeliveryState {
    /// All states, in the order in which a list offers them.
    pub const ALL: [Self; 6] =
        [Self::Due, Self::Held, Self::Done, Self::Skipped, Self::Failed, Self::Cancelled];

    /// The word in the API and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Held => "held",
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether a person may ask for another try.
    pub fn may_retry(self) -> bool {
        matches!(self, Self::Failed | Self::Skipped)
    }
}

/// What happened to a record in Salesforce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordAction {
    /// We made it.
    Created,
    /// We changed it.
    Updated,
    /// We had made it before and found it again after a lost answer.
    Recovered,
    /// It was there already, or the org's duplicate rule named it.
    Adopted,
}

impl RecordAction {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Created, Self::Updated, Self::Recovered, Self::Adopted];

    /// The word in the API and for the catalogues (`record-action-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Recovered => "recovered",
            Self::Adopted => "adopted",
        }
    }
}

/// A record that a delivery wrote, or met and used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredRecord {
    /// The object's API name.
    pub object: String,
    /// The 18-character id.
    pub id: String,
    /// What happened to it.
    pub action: RecordAction,
}

/// A write that was begun and whose answer is not known yet (Q1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAttempt {
    /// When it was sent, by the org's clock: records it made can't be older.
    pub org_time: Timestamp,
    /// When it was sent at the latest, by the database's clock: all nodes agree on it.
    pub sent_at: Timestamp,
    /// Its writes, each with the object and, for updates, the record.
    pub writes: Vec<Write>,
}

/// One intended effect of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id; also the mark in the records it writes.
    pub id: DeliveryId,
    /// What it is about.
    pub subject: Subject,
    /// Which effect.
    pub kind: DeliveryKind,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it is to be worked on next.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// The write whose answer is not known, if there is one.
    pub open_attempt: Option<OpenAttempt>,
    /// What it wrote so far.
    pub records: Vec<DeliveredRecord>,
    /// Fields that the org refused and that are left out from now on (K16).
    pub dropped_fields: Vec<String>,
    /// Looks on until then for a person who isn't there yet (K9).
    pub search_until: Option<Timestamp>,
    /// Why it stands where it stands.
    pub explanation: Vec<Step>,
    /// A short code of the last error, for grouping in the inbox.
    pub error_code: Option<String>,
    /// The next try writes each record by itself: a single response says more than a collection's.
    pub retry_singly: bool,
    /// The org's duplicate rule only alerts, about a record of someone else: it is saved all the same.
    pub allow_duplicates: bool,
    /// Of deliveries with this key one at a time may write; `None` when it needs no turn.
    pub exclusive_key: Option<String>,
    /// The delivery that has to end first; `None` when it can go at once.
    pub after_delivery: Option<DeliveryId>,
}

impl Delivery {
    /// Adds a record unless it is known already.
    pub fn add_record(&mut self, object: &str, id: &str, action: RecordAction) {
        if !self.records.iter().any(|record| record.id == id) {
            self.records.push(DeliveredRecord { object: object.to_owned(), id: id.to_owned(), action });
        }
    }

    /// A delivery on which nothing has been done yet.
    pub fn new(
        id: DeliveryId,
        subject: Subject,
        kind: DeliveryKind,
        state: DeliveryState,
        due_at: Timestamp,
    ) -> Self {
        Self {
            id,
            subject,
            kind,
            state,
            due_at,
            attempts: 0,
            open_attempt: None,
            records: Vec::new(),
            dropped_fields: Vec::new(),
            search_until: None,
            explanation: Vec::new(),
            error_code: None,
            retry_singly: false,
            allow_duplicates: false,
            exclusive_key: None,
            after_delivery: None,
        }
    }
}
