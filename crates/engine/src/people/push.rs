//! Writing to records that are there, each write between two reads of the same call (contract 2, the sandwich).

use crate::org::retry::RetryState;
use crate::org::send_guard::SendGuard;
use crate::people::context::PeopleRun;
use crate::people::failure::PeopleFailure;
use crate::people::mapping::Mapping;
use crate::people::reader::Reader;
use crate::people::save::{add_changes, add_conflict};
use crate::people::settle::object_of;
use domain::people::{
    EMAIL, LinkState, PersonObject, PersonSnapshot, RemoteRecord, Written, after_write, remote_value,
};
use domain::value::{PersonId, Step, Timestamp};
use salesforce::{
    CompositeRequest, CompositeResponse, Error, QueryOptions, Record, Response, Subrequest, WriteOptions,
};
use std::collections::BTreeMap;
use storage::people::faults::SyncFault;
use storage::people::links::StoredLink;
use storage::people::{faults, links, person, records};
use storage::queue::lease::database_time;
use storage::queue::org_lease::OrgLease;
use storage::run::runs;
use storage::{StorageError, Write};

/// Rows of one collection, and collections between the two reads: a composite takes five parts of these kinds.
const ROWS: usize = 200;
const COLLECTIONS: usize = 3;
const OPTIONS: QueryOptions = QueryOptions { all_rows: true, batch_size: None };
/// Times that a person is merged anew because somebody edits it at the same moment.
const TRIES: u32 = 5;

/// Writes what attempts say that were begun.
pub(crate) async fn push(
    run: &mut PeopleRun<'_>,
    lease: OrgLease,
    record_ids: &[String],
) -> Result<(), PeopleFailure> {
    let workspace = run.claim.workspace;
    for object in PersonObject::ALL {
        let ids: Vec<String> = record_ids.iter().filter(|id| object_of(id) == object).cloned().collect();
        for ids in ids.chunks(ROWS * COLLECTIONS) {
            let open = links::of_records(&run.engine.database.read(), workspace, ids).await?;
            let open: Vec<StoredLink> = open.into_iter().filter(|link| link.link.attempt.is_some()).collect();
            if !open.is_empty() {
                write_some(run, lease, object, &open).await?;
            }
        }
    }
    Ok(())
}

async fn write_some(
    run: &mut PeopleRun<'_>,
    lease: OrgLease,
    object: PersonObject,
    open: &[StoredLink],
) -> Result<(), PeopleFailure> {
    let ids: Vec<String> = open.iter().map(|link| link.record_id.clone()).collect();
    let Some(mapping) = run.mappings.get(&object).cloned() else { return Ok(()) };
    let request = {
        let Some(reader) = run.reader(object) else { return Ok(()) };
        request(&reader, &ids, &rows(&mapping, open))?
    };
    let mut trouble = RetryState::default();
    let answer = loop {
        let guard = SendGuard { engine: run.engine, lease };
        let client = run.org.guarded(&guard).await?;
        let read_at = database_time(&run.engine.database.read()).await?;
        match client.composite(&request).await {
            Ok(answer) => break Ok((answer, read_at)),
            Err(Error::SessionExpired) => {
                run.org.recover_or_fail(Error::SessionExpired, &mut trouble).await?;
            }
            Err(error) => break Err(error),
        }
    };
    match answer {
        Ok((answer, read_at)) => {
            run.org.note(&answer);
            keep_results(run, &mapping, open, &answer, read_at).await
        }
        Err(error) if error.may_have_acted() => {
            tracing::info!(
                error = error.log_text(),
                records = ids.len(),
                "what became of a write is not known yet"
            );
            Ok(())
        }
        Err(error) => {
            give_up(run, open).await?;
            Err(error.into())
        }
    }
}

fn rows(mapping: &Mapping, open: &[StoredLink]) -> Vec<Record> {
    let row = |link: &StoredLink| {
        let mut row = Record::of(mapping.object.name()).with("Id", link.record_id.as_str());
        for (name, sent) in link.link.attempt.iter().flat_map(|attempt| &attempt.sent) {
            if let Some(field) = mapping.find(name) {
                row.set(&field.path, remote_value(&field.target, &sent.remote));
            }
        }
        row
    };
    open.iter().map(row).collect()
}

fn request(reader: &Reader<'_>, ids: &[String], rows: &[Record]) -> Result<CompositeRequest, PeopleFailure> {
    let read = reader.by_id(ids)?;
    let options = WriteOptions { allow_duplicates: true, ..WriteOptions::quiet() };
    let mut request = CompositeRequest::new().in_order();
    request.push("before", Subrequest::query_with(&read, OPTIONS))?;
    for (place, rows) in rows.chunks(ROWS).enumerate() {
        request.push(&format!("write{place}"), Subrequest::update_many(rows, &options))?;
    }
    request.push("after", Subrequest::query_with(&read, OPTIONS))?;
    Ok(request)
}

/// Nothing was sent: nothing is open, and the people wait for the next run.
async fn give_up(run: &PeopleRun<'_>, open: &[StoredLink]) -> Result<(), StorageError> {
    let (engine, workspace) = (run.engine, run.claim.workspace);
    let write = engine.database.write().await?;
    runs::renew(&write, run.claim, engine.lease()).await?;
    for link in open {
        let mut link = link.clone();
        link.link.attempt = None;
        links::save(&write, workspace, &link).await?;
    }
    let ids: Vec<PersonId> = open.iter().map(|link| link.person).collect();
    person::set_pending(&write, workspace, &ids).await?;
    write.commit().await
}

/// Records as a part of the answer has them; `None` if the part failed.
fn images(
    run: &PeopleRun<'_>,
    object: PersonObject,
    (answer, part): (&Response<CompositeResponse>, &str),
    read_at: Timestamp,
) -> Option<BTreeMap<String, RemoteRecord>> {
    let page = answer.value.get(part).and_then(salesforce::SubResult::query_page).ok()?;
    let reader = run.reader(object)?;
    let records = page.records.iter().filter_map(|row| reader.read(row, read_at));
    Some(records.map(|record| (record.id.clone(), record)).collect())
}

async fn keep_results(
    run: &PeopleRun<'_>,
    mapping: &Mapping,
    open: &[StoredLink],
    answer: &Response<CompositeResponse>,
    read_at: Timestamp,
) -> Result<(), PeopleFailure> {
    let (engine, workspace) = (run.engine, run.claim.workspace);
    let object = mapping.object;
    let before = images(run, object, (answer, "before"), read_at);
    let after = images(run, object, (answer, "after"), read_at);
    let ids: Vec<String> = open.iter().map(|link| link.record_id.clone()).collect();
    let known = records::find_many(&engine.database.read(), workspace, &ids).await?;
    let known: BTreeMap<&str, &RemoteRecord> = known.iter().map(|one| (one.id.as_str(), one)).collect();
    let write = engine.database.write().await?;
    runs::renew(&write, run.claim, engine.lease()).await?;
    for (place, rows) in open.chunks(ROWS).enumerate() {
        let results = answer.value.get(&format!("write{place}"))?.save_results(rows.len());
        for (place, link) in rows.iter().enumerate() {
            let result = match &results {
                Ok(results) => results[place].clone().into_id().map(drop),
                Err(error) => Err(error.clone()),
            };
            let image = |images: &Option<BTreeMap<String, RemoteRecord>>| {
                images.as_ref()?.get(&link.record_id).cloned()
            };
            match (result, image(&before), image(&after)) {
                (Ok(()), Some(before), Some(after)) => {
                    let before = before.after(known.get(link.record_id.as_str()).copied());
                    let after = after.after(Some(&before));
                    records::save(&write, workspace, std::slice::from_ref(&after), false).await?;
                    keep_written(run, &write, mapping, link, (&before, &after)).await?;
                }
                // Written, but not seen: the next run reads it and settles.
                (Ok(()), ..) => {}
                (Err(error), ..) if error.may_have_acted() => {}
                (Err(error), ..) => keep_refusal(run, &write, link, &error).await?,
            }
        }
    }
    Ok(write.commit().await?)
}

/// Keeps what a write has made of both sides.
async fn keep_written(
    run: &PeopleRun<'_>,
    write: &Write,
    mapping: &Mapping,
    sent: &StoredLink,
    (before, after): (&RemoteRecord, &RemoteRecord),
) -> Result<(), PeopleFailure> {
    let (workspace, now) = (run.claim.workspace, run.engine.clock.now());
    let stored = links::of_records(write, workspace, std::slice::from_ref(&sent.record_id)).await?;
    let Some(stored) = stored.into_iter().find(|link| link.link.attempt == sent.link.attempt) else {
        return Ok(());
    };
    let fields = mapping.merge_fields();
    let to_local = |name: &str, remote: &str| mapping.to_local(name, remote, &run.zone);
    let snapshot = |record| crate::people::decide::snapshot(record, &run.fields);
    let (before, after) = (snapshot(before), snapshot(after));
    for _ in 0..TRIES {
        let Some(person) = person::find(write, workspace, stored.person).await? else { return Ok(()) };
        let mut written = after_write(&stored.link, &person.snapshot, (&before, &after), &fields, &to_local);
        // An address that the org has made another of is pulled with the next read, where others' are looked at.
        written.pulled.remove(EMAIL);
        let kept =
            PersonSnapshot { version: person.snapshot.version + 1, ..merged(&person.snapshot, &written) };
        if !written.pulled.is_empty() {
            let (seen, key) = ((person.id, person.snapshot.version), person.email_key());
            let is_pending = person.is_pending;
            if !person::save_values(write, workspace, seen, &kept, &key, is_pending, now).await? {
                continue;
            }
            add_changes(write, workspace, person.id, (&person.snapshot, &kept), &sent.record_id, now).await?;
        }
        for conflict in &written.conflicts {
            add_conflict(write, workspace, (person.id, &sent.record_id), conflict, now).await?;
        }
        let known = faults::of_people(write, workspace, &[person.id]).await?;
        let state = match (stored.state, known.is_empty() && written.faults.is_empty()) {
            (LinkState::Parked, _) => LinkState::Parked,
            (_, true) => LinkState::Synced,
            (_, false) => LinkState::Failed,
        };
        let link = StoredLink { link: written.link, state, synced_at: now, ..stored };
        return Ok(links::save(write, workspace, &link).await?);
    }
    // Somebody edits it all the time: it is settled by the next read.
    Ok(())
}

fn merged(person: &PersonSnapshot, written: &Written) -> PersonSnapshot {
    let mut merged = person.clone();
    for (name, value) in &written.pulled {
        merged.edited_at.remove(name);
        merged.values.insert(name.clone(), value.clone());
    }
    merged
}

/// Keeps what the org said against a write. It waits for an edit or a retry by hand, unless it may pass by itself.
async fn keep_refusal(
    run: &PeopleRun<'_>,
    write: &Write,
    link: &StoredLink,
    error: &Error,
) -> Result<(), StorageError> {
    let (workspace, now) = (run.claim.workspace, run.engine.clock.now());
    let codes = |code: &str| error.has_code(code);
    let mut kept = link.clone();
    kept.link.attempt = None;
    kept.state = LinkState::Failed;
    links::save(write, workspace, &kept).await?;
    if codes("CANNOT_UPDATE_CONVERTED_LEAD") || codes("ENTITY_IS_DELETED") || error.is_transient() {
        // The next read tells what became of it.
        person::set_pending(write, workspace, &[link.person]).await?;
        return Ok(());
    }
    if codes("INVALID_CROSS_REFERENCE_KEY") || codes("NOT_FOUND") {
        person::set_pending(write, workspace, &[link.person]).await?;
        return records::set_hidden(write, workspace, std::slice::from_ref(&link.record_id)).await;
    }
    let fault = refusal(link.person, &link.record_id, error, now);
    let mut all = faults::of_people(write, workspace, &[link.person]).await?;
    all.retain(|known| known.field != fault.field);
    all.push(fault);
    faults::replace(write, workspace, link.person, &all).await
}

/// What the org said against a write, as people read it.
pub(crate) fn refusal(person: PersonId, record_id: &str, error: &Error, at: Timestamp) -> SyncFault {
    let first = error.api_errors().first();
    let code = first.map(|error| error.code.clone()).unwrap_or_default();
    let detail = first.map_or_else(|| error.to_string(), |error| error.message.clone());
    let reason = match code.as_str() {
        "REQUIRED_FIELD_MISSING" => Step::new("people-required-missing"),
        "DUPLICATES_DETECTED" => Step::new("people-duplicate-rule"),
        _ => Step::new("people-refused").with("code", &code),
    };
    SyncFault {
        person,
        field: String::new(),
        record_id: record_id.to_owned(),
        reason: reason.with("detail", detail),
        at,
    }
}
