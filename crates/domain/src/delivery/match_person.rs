//! Finding the person of a booking among the org's Leads and Contacts (K4, K5).

use crate::delivery::SearchOrder;
use crate::value::{Step, Timestamp};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// The two objects that can be the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PersonObject {
    /// リード
    Lead,
    /// 取引先責任者
    Contact,
}

impl PersonObject {
    /// The object's API name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lead => "Lead",
            Self::Contact => "Contact",
        }
    }
}

/// Stands for the ID of the Lead that a dry run would create (K20).
pub const NEW_LEAD: &str = "new-lead";
/// Stands for that Lead's owner, whom the org's assignment rule chooses.
pub const NEW_LEAD_OWNER: &str = "new-lead-owner";

/// Who owns a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Owner {
    /// An active user.
    User(String),
    /// A user who can't be given anything any more.
    InactiveUser(String),
    /// A queue; not a user (K6).
    Queue(String),
    /// None, or not visible.
    None,
}

/// A Lead or Contact with the booking's e-mail, as the org showed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Which object.
    pub object: PersonObject,
    /// The 18-character id.
    pub id: String,
    /// Newest wins among several (K5).
    pub last_modified: Timestamp,
    /// Who owns it (K6).
    pub owner: Owner,
    /// A converted Lead never matches.
    pub is_converted: bool,
    /// A deleted record never matches.
    pub is_deleted: bool,
}

/// A record whose match field has a submission's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRecord {
    /// The 18-character id.
    pub id: String,
    /// Newest wins among several.
    pub last_modified: Timestamp,
    /// A converted Lead never matches.
    pub is_converted: bool,
}

/// The record that counts among those found: the newest LastModifiedDate, ties by the smallest id, as with people (K5).
pub fn newest_record<'a>(
    object: &str,
    found: &'a [FoundRecord],
    steps: &mut Vec<Step>,
) -> Option<&'a FoundRecord> {
    for converted in found.iter().filter(|record| record.is_converted) {
        steps.push(Step::new("person-converted").with("object", object).with("id", &converted.id));
    }
    let living = || found.iter().filter(|record| !record.is_converted);
    let chosen = living().min_by_key(|record| (Reverse(record.last_modified), &record.id))?;
    let count = living().count();
    let code = if count > 1 { "record-found-newest" } else { "record-found" };
    steps.push(Step::new(code).with("object", object).with("id", &chosen.id).with("count", count));
    Some(chosen)
}

/// The person for the ToDo and the campaign: the first object of the order that has a match (K4, K5).
pub fn find_person<'a>(
    order: SearchOrder,
    candidates: &'a [Candidate],
    steps: &mut Vec<Step>,
) -> Option<&'a Candidate> {
    let order = match order {
        SearchOrder::LeadFirst => [PersonObject::Lead, PersonObject::Contact],
        SearchOrder::ContactFirst => [PersonObject::Contact, PersonObject::Lead],
    };
    let found = order.into_iter().find_map(|object| newest(object, candidates, steps));
    if found.is_none() {
        steps.push(Step::new("person-not-found"));
    }
    found
}

/// The match in one object: the newest LastModifiedDate, ties by the smallest id (K5).
pub fn newest<'a>(
    object: PersonObject,
    candidates: &'a [Candidate],
    steps: &mut Vec<Step>,
) -> Option<&'a Candidate> {
    let of_object: Vec<&Candidate> =
        candidates.iter().filter(|candidate| candidate.object == object).collect();
    for converted in of_object.iter().filter(|candidate| candidate.is_converted) {
        steps.push(Step::new("person-converted").with("object", object.name()).with("id", &converted.id));
    }
    let living = || of_object.iter().filter(|candidate| !candidate.is_converted && !candidate.is_deleted);
    let chosen = living().min_by_key(|candidate| (Reverse(candidate.last_modified), &candidate.id))?;
    let count = living().count();
    let code = if count > 1 { "person-found-newest" } else { "person-found" };
    steps.push(Step::new(code).with("object", object.name()).with("id", &chosen.id).with("count", count));
    Some(chosen)
}
