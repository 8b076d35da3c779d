//! Whether and how people are kept equal with the org, and how far that is (S1, S5).

use crate::people::PeopleFilter;
use crate::value::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether and how people are kept equal with the org.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeopleSync {
    /// It is on.
    pub enabled: bool,
    /// Minutes between two runs.
    pub interval_minutes: u32,
    /// People whose address the org doesn't know become Leads (S1).
    pub create_in_salesforce: bool,
    /// Leads and Contacts whose address isn't known here become people.
    pub create_locally: bool,
    /// A run that would change more than so many percent of all people stops and asks; 100 never does.
    pub ask_above_percent: u32,
    /// Changes in the org are heard of as they happen, where the org offers that (S13).
    pub change_events: bool,
    /// Who is synced.
    pub filter: PeopleFilter,
}

impl Default for PeopleSync {
    fn default() -> Self {
        Self {
            enabled: false,
            interval_minutes: 5,
            create_in_salesforce: true,
            create_locally: true,
            ask_above_percent: 20,
            change_events: true,
            filter: PeopleFilter::default(),
        }
    }
}

/// How a sync begins (S5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeopleSyncStart {
    /// All records of the org are read first.
    Everything,
    /// What changes from now on.
    FromNow,
}

/// How far the org was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeopleCursors {
    /// Where the next read of an object begins, by its API name: `SystemModstamp`. Nothing for an object that is read
    /// from the beginning.
    pub read_from: BTreeMap<String, Timestamp>,
    /// What changed before is of no interest: the sync began then (S5).
    pub not_before: Option<Timestamp>,
    /// The mapping with which they were read.
    pub revision: u64,
    /// Reads of very many records that are not over, by the object's API name.
    pub jobs: BTreeMap<String, ReadJob>,
}

/// A read that the org does as a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadJob {
    /// Where it is, as the engine writes it.
    pub position: String,
    /// When it began, by the database's clock.
    pub read_at: Timestamp,
    /// Where the next read begins when this one is over.
    pub safe: Timestamp,
}
