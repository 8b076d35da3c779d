//! Some people and records at a time: everything that decisions about them depend on.

use crate::people::context::PeopleRun;
use crate::people::failure::PeopleFailure;
use domain::people::{Person, RecordState, Records, RemoteRecord};
use domain::value::PersonId;
use std::collections::{BTreeMap, BTreeSet};
use storage::people::links::StoredLink;
use storage::people::{links, person, records};

/// Steps from a record to what it goes on as.
const MAX_STEPS: usize = 3;

/// What is known of some people and their records.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) people: BTreeMap<PersonId, Person>,
    pub(crate) records: Records,
    /// By record.
    pub(crate) links: BTreeMap<String, StoredLink>,
    /// Records that wait to be merged.
    pub(crate) waiting: Vec<String>,
    /// IDs of records by person, and by the key of their address.
    linked: BTreeMap<PersonId, Vec<String>>,
    by_email: BTreeMap<String, Vec<String>>,
    /// The keys of people's addresses.
    keys: BTreeSet<String>,
}

impl Batch {
    /// The links of a person.
    pub(crate) fn links_of(&self, person: PersonId) -> impl Iterator<Item = &StoredLink> {
        self.linked.get(&person).into_iter().flatten().filter_map(|id| self.links.get(id))
    }

    /// The records with an address.
    pub(crate) fn records_at(&self, email_key: &str) -> impl Iterator<Item = &RemoteRecord> {
        self.by_email.get(email_key).into_iter().flatten().filter_map(|id| self.records.get(id))
    }

    /// The records that may be a person's: those that were or have its address, and what they go on as; none of others'.
    pub(crate) fn records_of(&self, person: PersonId, email_key: &str) -> Records {
        let mut found = Records::new();
        let linked = self.linked.get(&person).into_iter().flatten().filter_map(|id| self.records.get(id));
        let mut next: Vec<&RemoteRecord> = linked.chain(self.records_at(email_key)).collect();
        while let Some(record) = next.pop() {
            let is_others = self.links.get(&record.id).is_some_and(|link| link.person != person);
            if is_others || found.contains_key(&record.id) {
                continue;
            }
            next.extend(record.follows.as_ref().and_then(|id| self.records.get(id)));
            found.insert(record.id.clone(), record.clone());
        }
        found
    }

    /// Whether somebody has an address.
    pub(crate) fn has_person(&self, email_key: &str) -> bool {
        self.keys.contains(email_key)
    }

    fn index(&mut self) {
        for link in self.links.values() {
            self.linked.entry(link.person).or_default().push(link.record_id.clone());
        }
        for record in self.records.values().filter(|record| !record.email_key.is_empty()) {
            self.by_email.entry(record.email_key.clone()).or_default().push(record.id.clone());
        }
    }
}

/// Loads what decisions about some people and records depend on.
pub(crate) async fn load(
    run: &PeopleRun<'_>,
    waiting: Vec<RemoteRecord>,
    pending: Vec<Person>,
) -> Result<Batch, PeopleFailure> {
    let (read, workspace) = (run.engine.database.read(), run.claim.workspace);
    let mut batch =
        Batch { waiting: waiting.iter().map(|record| record.id.clone()).collect(), ..Batch::default() };
    let mut keys: BTreeSet<String> = waiting.iter().map(|record| record.email_key.clone()).collect();
    add_records(&mut batch, waiting);
    add_people(&mut batch, pending);
    let waiting = links::of_records(&read, workspace, &batch.waiting).await?;
    add_links(&mut batch, waiting);
    let linked: Vec<PersonId> = batch.links.values().map(|link| link.person).collect();
    add_people(&mut batch, person::find_many(&read, workspace, &linked).await?);
    keys.remove("");
    add_people(&mut batch, person::by_email(&read, workspace, &as_list(&keys)).await?);
    let ids: Vec<PersonId> = batch.people.keys().copied().collect();
    add_links(&mut batch, links::of_people(&read, workspace, &ids).await?);
    keys.extend(batch.people.values().map(Person::email_key));
    keys.remove("");
    add_records(&mut batch, records::by_email(&read, workspace, &as_list(&keys)).await?);
    for _ in 0..MAX_STEPS {
        let next = batch.records.values().filter_map(|record| record.follows.clone());
        let wanted: BTreeSet<String> = next.chain(batch.links.keys().cloned()).collect();
        let missing: Vec<String> = wanted.into_iter().filter(|id| !batch.records.contains_key(id)).collect();
        let found = records::find_many(&read, workspace, &missing).await?;
        if found.is_empty() {
            break;
        }
        add_records(&mut batch, found);
    }
    // Records that belong to people of other addresses are not to be had.
    let ids: Vec<String> = batch.records.keys().cloned().collect();
    add_links(&mut batch, links::of_records(&read, workspace, &ids).await?);
    batch.index();
    Ok(batch)
}

fn add_records(batch: &mut Batch, found: Vec<RemoteRecord>) {
    batch.records.extend(found.into_iter().map(|record| (record.id.clone(), record)));
}

pub(crate) fn add_people(batch: &mut Batch, found: Vec<Person>) {
    for person in found {
        batch.keys.insert(person.email_key());
        batch.people.entry(person.id).or_insert(person);
    }
}

fn add_links(batch: &mut Batch, found: Vec<StoredLink>) {
    batch.links.extend(found.into_iter().map(|link| (link.record_id.clone(), link)));
}

pub(crate) fn as_list(keys: &BTreeSet<String>) -> Vec<String> {
    keys.iter().cloned().collect()
}

/// Whether a record can be a partner.
pub(crate) fn is_live(record: &RemoteRecord) -> bool {
    record.state == RecordState::Live
}
