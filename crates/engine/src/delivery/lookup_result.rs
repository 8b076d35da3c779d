//! What a look-up found.

use crate::delivery::read_back::OwnRecord;
use crate::org::description::hidden;
use domain::delivery::{Candidate, FoundRecord, OrgUser};
use domain::org::ObjectDescription;
use domain::value::Timestamp;
use salesforce::{ApiUsage, Response};
use std::collections::HashMap;
use storage::org::descriptions::Described as Stored;

/// What was found. Whatever could not be found out is an error instead: nothing is decided on "don't know".
#[derive(Debug, Default)]
pub struct LookupResult {
    candidates: HashMap<String, Vec<Candidate>>,
    users: Vec<OrgUser>,
    records: HashMap<(String, String, String), Vec<FoundRecord>>,
    own: Vec<OwnRecord>,
    descriptions: HashMap<String, ObjectDescription>,
    fresh: Vec<Stored>,
    /// When the org began to answer, by its own clock.
    pub(crate) org_time: Option<Timestamp>,
    pub(crate) api_usage: Option<ApiUsage>,
    pub(crate) calls: u32,
}

impl LookupResult {
    /// Leads and Contacts with an e-mail.
    pub fn candidates(&self, email_key: &str) -> &[Candidate] {
        self.candidates.get(email_key).map_or(&[], Vec::as_slice)
    }

    /// The active Users that were needed.
    pub fn users(&self) -> &[OrgUser] {
        &self.users
    }

    /// The records of an object whose field has a value.
    pub fn records(&self, object: &str, field: &str, value: &str) -> &[FoundRecord] {
        let key = (object.to_owned(), field.to_owned(), value.to_lowercase());
        self.records.get(&key).map_or(&[], Vec::as_slice)
    }

    /// An object as the connected user sees it; one that was not needed counts as hidden.
    pub fn description(&self, object: &str) -> ObjectDescription {
        self.descriptions.get(object).cloned().unwrap_or_else(|| hidden(object))
    }

    /// Leaves out records that look like ours and belong to another delivery.
    pub(crate) fn forget_own(&mut self, claimed: &[String]) {
        self.own.retain(|own| !claimed.contains(&own.id));
    }

    /// Records that lost attempts made.
    pub(crate) fn own(&self) -> &[OwnRecord] {
        &self.own
    }

    /// Describes that are newer than the stored ones.
    pub(crate) fn fresh_descriptions(&self) -> &[Stored] {
        &self.fresh
    }

    pub(crate) fn add_candidate(&mut self, email_key: String, candidate: Candidate) {
        self.candidates.entry(email_key).or_default().push(candidate);
    }

    pub(crate) fn add_user(&mut self, user: OrgUser) {
        self.users.push(user);
    }

    /// The org compares texts without case, so values are kept in lower case.
    pub(crate) fn add_record(&mut self, object: &str, field: &str, value: &str, record: FoundRecord) {
        let key = (object.to_owned(), field.to_owned(), value.to_lowercase());
        self.records.entry(key).or_default().push(record);
    }

    pub(crate) fn add_own(&mut self, record: Option<OwnRecord>) {
        self.own.extend(record);
    }

    /// Takes note of a response's usage and time.
    pub(crate) fn note<T>(&mut self, answer: &Response<T>) {
        self.calls += 1;
        self.api_usage = answer.api_usage.or(self.api_usage);
        // The earliest answer's time: nothing that this round writes can be older.
        let time = answer.server_time.map(Timestamp::from_jiff);
        self.org_time = self.org_time.or(time);
    }

    /// Adds a describe; a `fresh` one is newer than the stored one.
    pub(crate) fn add_description(
        &mut self,
        object: &str,
        description: ObjectDescription,
        fresh: Option<Stored>,
    ) {
        self.fresh.extend(fresh);
        self.descriptions.insert(object.to_owned(), description);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_is_found_by_its_value_in_any_case() {
        let mut found = LookupResult::default();
        let record = |id: &str| FoundRecord {
            id: id.to_owned(),
            last_modified: Timestamp::from_seconds(0),
            is_converted: false,
        };
        found.add_record("Visit__c", "Page__c", "Ｐｌａｎ/ABC", record("a01"));
        found.add_record("Visit__c", "Page__c", "ｐｌａｎ/abc", record("a02"));
        assert_eq!(found.records("Visit__c", "Page__c", "Ｐｌａｎ/Abc"), [record("a01"), record("a02")]);
        for (object, field, value) in [
            ("Other__c", "Page__c", "ｐｌａｎ/abc"),
            ("Visit__c", "Key__c", "ｐｌａｎ/abc"),
            ("Visit__c", "Page__c", ""),
        ] {
            assert!(found.records(object, field, value).is_empty(), "{object} {field} {value}");
        }
    }

    #[test]
    fn object_that_was_not_described_is_hidden() {
        let mut found = LookupResult::default();
        assert!(!found.description("Lead").createable && found.description("Lead").fields.is_empty());
        let seen = ObjectDescription { createable: true, label: "リード".to_owned(), ..hidden("Lead") };
        found.add_description("Lead", seen.clone(), None);
        assert_eq!((found.description("Lead"), found.fresh_descriptions().len()), (seen.clone(), 0));
        let fresh = Stored {
            description: seen.clone(),
            last_modified: "x".to_owned(),
            fetched_at: Timestamp::from_seconds(0),
        };
        found.add_description("Lead", seen, Some(fresh.clone()));
        assert_eq!(found.fresh_descriptions(), [fresh], "only what is newer is kept");
    }

    #[test]
    fn earliest_time_and_latest_usage_of_the_answers_count() {
        let mut found = LookupResult::default();
        let usage = |used| Some(ApiUsage { used, max: 1_000 });
        let at = |seconds| Some(Timestamp::from_seconds(seconds).to_jiff());
        for (api_usage, server_time) in [(None, None), (usage(5), at(100)), (usage(7), at(200)), (None, None)]
        {
            found.note(&Response { value: (), api_usage, server_time });
        }
        assert_eq!((found.calls, found.api_usage), (4, usage(7)));
        assert_eq!(found.org_time, Some(Timestamp::from_seconds(100)));
    }
}
