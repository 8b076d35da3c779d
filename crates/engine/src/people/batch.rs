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
    batch.people.extend(pending.into_iter().map(|person| (person.id, person)));
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
    Ok(batch)
}

fn add_records(batch: &mut Batch, found: Vec<RemoteRecord>) {
    batch.records.extend(found.into_iter().map(|record| (record.id.clone(), record)));
}

pub(crate) fn add_people(batch: &mut Batch, found: Vec<Person>) {
    for person in found {
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
