//! Writing the plans of a round: one call, singly or as collections, answers kept apart.

use crate::org::connected::Org;
use crate::org::send_guard::SendGuard;
use domain::delivery::{Assignment, Fields, OnDuplicate, Operation, Write};
use salesforce::{
    AutoAssign, Client, CompositeRequest, Error, MAX_RECORDS, Record, SalesforceId, SaveResult, Subrequest,
    WriteOptions,
};
use std::collections::BTreeMap;
use storage::StorageError;

/// What became of one write. An error that may have acted leaves it open.
pub type WriteResult = Result<SavedRecord, Error>;

/// A record that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedRecord {
    /// Its ID.
    pub id: SalesforceId,
    /// An upsert found it there: an earlier attempt had created it.
    pub was_there: bool,
}

impl SavedRecord {
    /// A record that a create made or an update changed.
    pub fn new(id: SalesforceId) -> Self {
        Self { id, was_there: false }
    }
}

fn saved(result: SaveResult) -> WriteResult {
    let was_there = result.created == Some(false);
    Ok(SavedRecord { id: result.into_id()?, was_there })
}

/// The outcomes of all writes, in their order, and what the calls told.
pub(crate) struct WriteResults {
    pub(crate) outcomes: Vec<WriteResult>,
    pub(crate) calls: u32,
    pub(crate) api_usage: Option<salesforce::ApiUsage>,
}

/// Sends the writes. Few go singly, whose refusals say more; many go as collections.
///
/// # Errors
/// [`StorageError::LeaseLost`] as soon as someone else works on the org: what was sent until then is read back by them.
pub(crate) async fn send(
    guard: &SendGuard<'_>,
    org: &Org,
    writes: &[OutgoingWrite],
) -> Result<WriteResults, StorageError> {
    let singly = go_singly(writes.len());
    let groups = if singly { single_groups(writes) } else { collection_groups(writes) };
    let mut outcomes: Vec<Option<WriteResult>> = writes.iter().map(|_| None).collect();
    let mut calls = 0;
    let mut api_usage = None;
    for groups in groups.chunks(if singly { usize::MAX } else { CompositeRequest::MAX_QUERIES }) {
        calls += 1;
        let client = guard.client(org).await?;
        match send_one(&client, groups).await {
            Ok((answers, usage)) => {
                api_usage = usage.or(api_usage);
                for (place, outcome) in answers {
                    outcomes[place] = Some(outcome);
                }
            }
            Err(error) => {
                for place in groups.iter().flat_map(|group| group.places.iter()) {
                    outcomes[*place] = Some(Err(error.clone()));
                }
            }
        }
    }
    let outcomes = writes.iter().zip(outcomes);
    let outcomes =
        outcomes.map(|(one, outcome)| outcome.unwrap_or_else(|| missing_result(&one.write))).collect();
    Ok(WriteResults { outcomes, calls, api_usage })
}

/// Whether so many writes are sent singly, so that one of them can name the record of another.
pub(crate) fn go_singly(writes: usize) -> bool {
    writes <= CompositeRequest::MAX_PARTS
}

/// A write of a round, with the place in the round of the write whose record it needs.
#[derive(Clone, Debug)]
pub(crate) struct OutgoingWrite {
    pub(crate) write: Write,
    /// The field that gets the record's ID, and the place of the write that makes the record.
    pub(crate) record_of: Option<(String, usize)>,
}

/// The writes of a round's plans, in their order.
pub(crate) fn outgoing<'a>(plans: impl Iterator<Item = &'a [Write]>) -> Vec<OutgoingWrite> {
    let mut all: Vec<OutgoingWrite> = Vec::new();
    for writes in plans {
        let first = all.len();
        all.extend(writes.iter().map(|write| OutgoingWrite {
            record_of: write.record_of.as_ref().map(|other| (other.field.clone(), first + other.place)),
            write: write.clone(),
        }));
    }
    all
}

/// One part of a composite and the writes whose outcomes it brings.
struct Group {
    part: Subrequest,
    places: Vec<usize>,
    collection: bool,
    updated: Option<SalesforceId>,
}

/// A write whose record ID can't be read gets no group: its result is known without asking.
fn single_groups(writes: &[OutgoingWrite]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (place, OutgoingWrite { write, record_of }) in writes.iter().enumerate() {
        let mut record = record(&write.object, &write.fields);
        if let Some((field, other)) = record_of {
            // The parts of a composite run in order; a later one can name what an earlier one answered.
            let number = groups.iter().position(|group| group.places.contains(other));
            let Some(number) = number else { continue };
            record.set(field, format!("@{{w{number}.id}}"));
        }
        groups.extend(single_group(write, &record).map(|group| Group { places: vec![place], ..group }));
    }
    groups
}

fn single_group(write: &Write, record: &Record) -> Option<Group> {
    let (object, options) = (&write.object, options(write));
    let (part, updated) = match &write.operation {
        Operation::Create => (Subrequest::create(object, record, &options), None),
        Operation::Upsert { field, value } => {
            (Subrequest::upsert(object, (field, value), record, &options).ok()?, None)
        }
        Operation::Update { id } => {
            let id: SalesforceId = id.parse().ok()?;
            (Subrequest::update(object, &id, record, &options), Some(id))
        }
    };
    Some(Group { part, places: Vec::new(), collection: false, updated })
}

/// What the writes of one collection have in common: a collection has one address and one set of headers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct CollectionKind {
    order: CollectionOrder,
    as_written: bool,
    allow_duplicates: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum CollectionOrder {
    Create,
    /// An upsert's address names the object and the field.
    Upsert {
        object: String,
        field: String,
    },
    Update,
}

fn collection_kind(write: &Write) -> CollectionKind {
    let order = match &write.operation {
        Operation::Create => CollectionOrder::Create,
        Operation::Upsert { field, .. } => {
            CollectionOrder::Upsert { object: write.object.clone(), field: field.clone() }
        }
        Operation::Update { .. } => CollectionOrder::Update,
    };
    let as_written = write.assignment == Assignment::AsWritten;
    CollectionKind { order, as_written, allow_duplicates: write.allow_duplicates }
}

/// Collections run in runs of one object and take at most ten of them, so writes are sorted by object.
fn collection_groups(writes: &[OutgoingWrite]) -> Vec<Group> {
    let writes: Vec<&Write> = writes.iter().map(|one| &one.write).collect();
    let mut kinds: BTreeMap<CollectionKind, Vec<usize>> = BTreeMap::new();
    for (place, write) in writes.iter().enumerate().filter(|(_, write)| has_valid_id(write)) {
        kinds.entry(collection_kind(write)).or_default().push(place);
    }
    let mut groups = Vec::new();
    for (kind, mut places) in kinds {
        places.sort_by_key(|place| writes[*place].object.as_str());
        for places in places.chunks(MAX_RECORDS) {
            let records: Vec<Record> = places.iter().map(|place| collection_record(writes[*place])).collect();
            let options = options(writes[places[0]]);
            let part = match &kind.order {
                CollectionOrder::Create => Subrequest::create_many(&records, &options),
                CollectionOrder::Upsert { object, field } => {
                    Subrequest::upsert_many(object, field, &records, &options)
                }
                CollectionOrder::Update => Subrequest::update_many(&records, &options),
            };
            groups.push(Group { part, places: places.to_vec(), collection: true, updated: None });
        }
    }
    groups
}

fn collection_record(write: &Write) -> Record {
    let record = record(&write.object, &write.fields);
    match &write.operation {
        Operation::Create => record,
        Operation::Upsert { field, value } => record.with(field, value.as_str()),
        Operation::Update { id } => record.with("Id", id.as_str()),
    }
}

fn has_valid_id(write: &Write) -> bool {
    match &write.operation {
        Operation::Create | Operation::Upsert { .. } => true,
        Operation::Update { id } => id.parse::<SalesforceId>().is_ok(),
    }
}

/// The result of a write that was not sent, or for which the response said nothing.
fn missing_result(write: &Write) -> WriteResult {
    if has_valid_id(write) {
        Err(Error::Unknown { reason: "no outcome".to_owned() })
    } else {
        Err(Error::InvalidRequest { reason: format!("{} is updated by an invalid ID", write.object) })
    }
}

/// Only a write that asks for it gets its owner from the org's active assignment rule (K11).
fn options(write: &Write) -> WriteOptions {
    let auto_assign = match write.assignment {
        Assignment::ActiveRule => AutoAssign::Active,
        Assignment::AsWritten => AutoAssign::Off,
    };
    WriteOptions {
        auto_assign: Some(auto_assign),
        allow_duplicates: write.allow_duplicates,
        duplicate_details: matches!(
            write.on_duplicate,
            OnDuplicate::AdoptSameEmail | OnDuplicate::UpdateSameEmail
        ),
        leave_recent_items: true,
    }
}

fn record(object: &str, fields: &Fields) -> Record {
    let mut record = Record::of(object);
    for (name, value) in fields {
        record.set(name, value.clone());
    }
    record
}

type SentResults = (Vec<(usize, WriteResult)>, Option<salesforce::ApiUsage>);

async fn send_one(client: &Client, groups: &[Group]) -> Result<SentResults, Error> {
    let mut request = CompositeRequest::new();
    for (number, group) in groups.iter().enumerate() {
        request.push(&format!("w{number}"), group.part.clone())?;
    }
    let answer = client.composite(&request).await?;
    let mut outcomes = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        let result = answer.value.get(&format!("w{number}"));
        if group.collection {
            match result.and_then(|result| result.save_results(group.places.len())) {
                Ok(results) => {
                    outcomes.extend(group.places.iter().copied().zip(results.into_iter().map(saved)));
                }
                Err(error) => outcomes.extend(group.places.iter().map(|place| (*place, Err(error.clone())))),
            }
        } else {
            let outcome = match group.updated {
                // An update is answered by 204 without a body.
                Some(id) => result.and_then(salesforce::SubResult::ok).map(|()| SavedRecord::new(id)),
                None => result.and_then(salesforce::SubResult::save_result).and_then(saved),
            };
            outcomes.extend(group.places.iter().map(|place| (*place, outcome.clone())));
        }
    }
    Ok((outcomes, answer.api_usage))
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
