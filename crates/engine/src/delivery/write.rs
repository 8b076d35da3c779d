//! Writing the plans of a round: one call, singly or as collections, answers kept apart.

use crate::org::connected::Org;
use domain::delivery::{Assignment, Fields, Operation, Write};
use salesforce::{
    AutoAssign, CompositeRequest, Error, MAX_RECORDS, Record, SalesforceId, Subrequest, WriteOptions,
};

/// What became of one write. An error that may have acted leaves it open.
pub type WriteResult = Result<SalesforceId, Error>;

/// The outcomes of all writes, in their order, and what the calls told.
pub(crate) struct WriteResults {
    pub(crate) outcomes: Vec<WriteResult>,
    pub(crate) calls: u32,
    pub(crate) api_usage: Option<salesforce::ApiUsage>,
}

/// Sends the writes. Few go singly, whose refusals say more; many go as collections.
pub(crate) async fn send(org: &Org, writes: &[Write]) -> WriteResults {
    let singly = writes.len() <= CompositeRequest::MAX_PARTS;
    let groups = if singly { single_groups(writes) } else { collection_groups(writes) };
    let mut outcomes: Vec<Option<WriteResult>> = writes.iter().map(|_| None).collect();
    let mut calls = 0;
    let mut api_usage = None;
    for groups in groups.chunks(if singly { usize::MAX } else { CompositeRequest::MAX_QUERIES }) {
        calls += 1;
        match send_one(org, groups).await {
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
        outcomes.map(|(write, outcome)| outcome.unwrap_or_else(|| missing_result(write))).collect();
    WriteResults { outcomes, calls, api_usage }
}

/// One part of a composite and the writes whose outcomes it brings.
struct Group {
    part: Subrequest,
    places: Vec<usize>,
    collection: bool,
    updated: Option<SalesforceId>,
}

/// A write whose record ID can't be read gets no group: its result is known without asking.
fn single_groups(writes: &[Write]) -> Vec<Group> {
    writes
        .iter()
        .enumerate()
        .filter_map(|(index, write)| {
            let record = record(&write.object, &write.fields);
            let (part, updated) = match &write.operation {
                Operation::Create => {
                    (Subrequest::create(&write.object, &record, &options(write.assignment)), None)
                }
                Operation::Update { id } => {
                    let id: SalesforceId = id.parse().ok()?;
                    let options = options(write.assignment);
                    (Subrequest::update(&write.object, &id, &record, &options), Some(id))
                }
            };
            Some(Group { part, places: vec![index], collection: false, updated })
        })
        .collect()
}

/// Collections run in runs of one object and take at most ten of them, so writes are sorted by object.
fn collection_groups(writes: &[Write]) -> Vec<Group> {
    let mut groups = Vec::new();
    let kinds = [
        (true, Assignment::ActiveRule),
        (true, Assignment::AsWritten),
        (false, Assignment::ActiveRule),
        (false, Assignment::AsWritten),
    ];
    for (creates, assignment) in kinds {
        let mut indexes: Vec<usize> = (0..writes.len())
            .filter(|index| writes[*index].is_create() == creates && writes[*index].assignment == assignment)
            .filter(|index| has_valid_id(&writes[*index]))
            .collect();
        indexes.sort_by_key(|index| writes[*index].object.as_str());
        for indexes in indexes.chunks(MAX_RECORDS) {
            let records: Vec<Record> = indexes
                .iter()
                .map(|index| {
                    let write = &writes[*index];
                    let record = record(&write.object, &write.fields);
                    match &write.operation {
                        Operation::Create => record,
                        Operation::Update { id } => record.with("Id", id.as_str()),
                    }
                })
                .collect();
            let part = if creates {
                Subrequest::create_many(&records, &options(assignment))
            } else {
                Subrequest::update_many(&records, &options(assignment))
            };
            groups.push(Group { part, places: indexes.to_vec(), collection: true, updated: None });
        }
    }
    groups
}

fn has_valid_id(write: &Write) -> bool {
    match &write.operation {
        Operation::Create => true,
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
fn options(assignment: Assignment) -> WriteOptions {
    match assignment {
        Assignment::ActiveRule => WriteOptions {
            auto_assign: Some(AutoAssign::Active),
            leave_recent_items: true,
            ..WriteOptions::default()
        },
        Assignment::AsWritten => WriteOptions::quiet(),
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

async fn send_one(org: &Org, groups: &[Group]) -> Result<SentResults, Error> {
    let mut request = CompositeRequest::new();
    for (number, group) in groups.iter().enumerate() {
        request.push(&format!("w{number}"), group.part.clone())?;
    }
    let answer = org.client.composite(&request).await?;
    let mut outcomes = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        let result = answer.value.get(&format!("w{number}"));
        if group.collection {
            match result.and_then(|result| result.save_results(group.places.len())) {
                Ok(results) => {
                    outcomes.extend(
                        group
                            .places
                            .iter()
                            .copied()
                            .zip(results.into_iter().map(salesforce::SaveResult::into_id)),
                    );
                }
                Err(error) => outcomes.extend(group.places.iter().map(|place| (*place, Err(error.clone())))),
            }
        } else {
            let outcome = match group.updated {
                // An update is answered by 204 without a body.
                Some(id) => result.and_then(salesforce::SubResult::ok).map(|()| id),
                None => result
                    .and_then(salesforce::SubResult::save_result)
                    .and_then(salesforce::SaveResult::into_id),
            };
            outcomes.extend(group.places.iter().map(|place| (*place, outcome.clone())));
        }
    }
    Ok((outcomes, answer.api_usage))
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
