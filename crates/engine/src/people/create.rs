//! Creating Leads for people whom the org doesn't know: looked up first, never upserted by e-mail (S1).

use crate::org::retry::RetryState;
use crate::org::send_guard::SendGuard;
use crate::people::context::PeopleRun;
use crate::people::failure::PeopleFailure;
use crate::people::keep::keep;
use crate::people::mapping::Mapping;
use crate::people::{org_turn, push};
use domain::people::{Direction, EMAIL, Link, LinkState, Person, PersonObject, SETTLE_SECONDS, remote_value};
use domain::value::{PersonId, Step, Timestamp};
use salesforce::{CompositeRequest, Error, Record, Subrequest, WriteOptions};
use std::collections::BTreeSet;
use storage::StorageError;
use storage::people::faults::SyncFault;
use storage::people::links::StoredLink;
use storage::people::{faults, links, person};
use storage::queue::lease::database_time;
use storage::queue::org_lease;
use storage::queue::org_lease::OrgLease;
use storage::run::runs;

/// Rows of one collection, and collections in one call.
const ROWS: usize = 200;
const COLLECTIONS: usize = CompositeRequest::MAX_QUERIES;
/// Addresses that one query looks up, and people who are looked up in one call.
const ADDRESSES: usize = 1_500;
const LOOKED_UP: usize = 2 * ADDRESSES;

/// A Lead that is to be created.
pub(crate) struct NewLead {
    person: Person,
    row: Record,
    /// What both sides agree on when it is there.
    pub(crate) link: Link,
}

/// Creates Leads for people who have no record; `true` if records were found instead, which wait to be merged.
pub(crate) async fn create(
    run: &mut PeopleRun<'_>,
    lease: OrgLease,
    ids: &[PersonId],
) -> Result<bool, PeopleFailure> {
    let mut found_any = false;
    for ids in ids.chunks(LOOKED_UP) {
        let people = person::find_many(&run.engine.database.read(), run.claim.workspace, ids).await?;
        let now = database_time(&run.engine.database.read()).await?;
        // An answer that was lost: not before nothing of it can take effect any more, and can be seen.
        let is_over = |person: &Person| {
            person.create_over_at.is_none_or(|over_at| over_at.plus_seconds(SETTLE_SECONDS) <= now)
        };
        let people: Vec<Person> = people.into_iter().filter(is_over).collect();
        let taken = look_up(run, &people).await?;
        found_any |= !taken.is_empty();
        let unknown: Vec<Person> =
            people.into_iter().filter(|person| !taken.contains(&person.email_key())).collect();
        let leads = new_leads(run, unknown).await?;
        for leads in leads.chunks(ROWS * COLLECTIONS) {
            create_some(run, lease, leads).await?;
        }
    }
    Ok(found_any)
}

/// Asks which of the people's addresses the org knows by now; their records are kept to be merged.
async fn look_up(run: &mut PeopleRun<'_>, people: &[Person]) -> Result<BTreeSet<String>, PeopleFailure> {
    let read_at = database_time(&run.engine.database.read()).await?;
    let addresses: Vec<String> =
        people.iter().filter_map(|person| person.snapshot.values.get(EMAIL).cloned()).collect();
    let mut request = CompositeRequest::new();
    let mut asked = Vec::new();
    for (place, addresses) in addresses.chunks(ADDRESSES).enumerate() {
        for object in PersonObject::ALL {
            let Some(reader) = run.reader(object) else { continue };
            let name = format!("{}{place}", object.name());
            request.push(&name, Subrequest::query(&reader.by_email(addresses)?))?;
            asked.push((object, name));
        }
    }
    if request.is_empty() {
        return Ok(BTreeSet::new());
    }
    let answer = run.ask(&request).await?;
    let mut found = Vec::new();
    for (object, name) in asked {
        let page = answer.value.get(&name)?.query_page()?;
        let first = salesforce::Response {
            value: page,
            api_usage: answer.api_usage,
            server_time: answer.server_time,
        };
        let rows = run.org.client().query_rest(first).await?.value.records;
        let Some(reader) = run.reader(object) else { continue };
        found.extend(rows.iter().filter_map(|row| reader.read(row, read_at)));
    }
    let keys = found.iter().map(|record| record.email_key.clone()).filter(|key| !key.is_empty()).collect();
    keep(run, found, None).await?;
    Ok(keys)
}

/// Makes the rows; whoever lacks what a Lead needs is told instead.
async fn new_leads(run: &mut PeopleRun<'_>, people: Vec<Person>) -> Result<Vec<NewLead>, PeopleFailure> {
    let (engine, workspace, now) = (run.engine, run.claim.workspace, run.engine.clock.now());
    let Some(mapping) = run.mappings.get(&PersonObject::Lead).filter(|mapping| mapping.is_createable) else {
        return Ok(Vec::new());
    };
    let mut leads = Vec::new();
    let write = engine.database.write().await?;
    runs::renew(&write, run.claim, engine.lease()).await?;
    for person in people {
        let (lead, told) = new_lead(mapping, person.clone(), run.fields.revision, now);
        faults::replace(&write, workspace, person.id, &told).await?;
        match lead {
            Some(lead) => leads.push(lead),
            // It waits for an edit.
            None => {
                person::set_synced(&write, workspace, (person.id, person.snapshot.version)).await?;
            }
        }
    }
    write.commit().await?;
    Ok(leads)
}

/// The row of a person's Lead, and what is left out of it; no Lead without what one needs.
pub(crate) fn new_lead(
    mapping: &Mapping,
    person: Person,
    revision: u64,
    now: Timestamp,
) -> (Option<NewLead>, Vec<SyncFault>) {
    let mut row = Record::of(mapping.object.name());
    let mut link = Link { revision, ..Link::default() };
    let (mut told, mut is_complete) = (Vec::new(), true);
    let mut tell = |field: &str, reason: Step| {
        told.push(SyncFault {
            person: person.id,
            field: field.to_owned(),
            record_id: String::new(),
            reason,
            at: now,
        });
    };
    for field in mapping.fields.iter().filter(|field| field.direction != Direction::FromSalesforce) {
        let name = field.field.name.as_str();
        let local = person.snapshot.values.get(name).map_or("", String::as_str);
        let is_needed = field.target.is_required_on_create();
        match mapping.to_remote(name, local) {
            Ok(remote) if !remote.is_empty() && field.target.createable => {
                row.set(&field.path, remote_value(&field.target, &remote));
                link.base_local.insert(name.to_owned(), local.to_owned());
                link.base_remote.insert(name.to_owned(), remote);
            }
            Ok(_) => is_complete &= !is_needed,
            // A checkbox that nobody has set is none of the person's business.
            Err(_) if local.trim().is_empty() && !is_needed => {}
            Err(reason) => {
                tell(name, Step::new(&format!("people-{reason}")).with("value", local));
                is_complete &= !is_needed;
            }
        }
    }
    for field in &mapping.required {
        tell("", Step::new("people-required-unmapped").with("field", field));
        is_complete = false;
    }
    if person.opted_out && mapping.writes_opt_out {
        row.set("HasOptedOutOfEmail", true);
    }
    let lead = is_complete.then_some(NewLead { person, row, link });
    (lead, told)
}

async fn create_some(
    run: &mut PeopleRun<'_>,
    lease: OrgLease,
    leads: &[NewLead],
) -> Result<(), PeopleFailure> {
    let (engine, workspace) = (run.engine, run.claim.workspace);
    let ids: Vec<PersonId> = leads.iter().map(|lead| lead.person.id).collect();
    begin(run, lease, &ids).await?;
    let mut request = CompositeRequest::new();
    for (place, some) in leads.chunks(ROWS).enumerate() {
        let rows: Vec<Record> = some.iter().map(|lead| lead.row.clone()).collect();
        request.push(&format!("create{place}"), Subrequest::create_many(&rows, &WriteOptions::quiet()))?;
    }
    let mut trouble = RetryState::default();
    let answer = loop {
        let client = run.org.guarded(&SendGuard { engine, lease }).await?;
        match client.composite(&request).await {
            Ok(answer) => break answer,
            Err(Error::SessionExpired) => {
                run.org.recover_or_fail(Error::SessionExpired, &mut trouble).await?;
            }
            Err(error) if error.may_have_acted() => {
                tracing::info!(
                    error = error.log_text(),
                    people = ids.len(),
                    "what was created is not known yet"
                );
                return Ok(());
            }
            Err(error) => {
                let write = engine.database.write().await?;
                person::begin_create(&write, workspace, &ids, Timestamp::from_seconds(0)).await?;
                write.commit().await?;
                return Err(error.into());
            }
        }
    };
    run.org.note(&answer);
    let write = engine.database.write().await?;
    runs::renew(&write, run.claim, engine.lease()).await?;
    for (place, some) in leads.chunks(ROWS).enumerate() {
        let results = answer.value.get(&format!("create{place}"))?.save_results(some.len());
        for (place, lead) in some.iter().enumerate() {
            let result = match &results {
                Ok(results) => results[place].clone().into_id(),
                Err(error) => Err(error.clone()),
            };
            keep_result(run, &write, lead, result.map(|id| id.to_string())).await?;
        }
    }
    Ok(write.commit().await?)
}

/// Says before it is sent that Leads are being created.
async fn begin(run: &PeopleRun<'_>, lease: OrgLease, ids: &[PersonId]) -> Result<(), StorageError> {
    let engine = run.engine;
    let write = engine.database.write().await?;
    runs::renew(&write, run.claim, engine.lease()).await?;
    let over_at = org_turn::over_at(engine, org_lease::renew(&write, lease, engine.lease()).await?);
    person::begin_create(&write, run.claim.workspace, ids, over_at).await?;
    write.commit().await
}

async fn keep_result(
    run: &PeopleRun<'_>,
    write: &storage::Write,
    lead: &NewLead,
    result: Result<String, Error>,
) -> Result<(), StorageError> {
    let (workspace, now) = (run.claim.workspace, run.engine.clock.now());
    let id = lead.person.id;
    match result {
        Ok(record_id) => {
            for former in
                links::of_people(write, workspace, &[id]).await?.iter().filter(|link| link.is_partner)
            {
                links::save(write, workspace, &StoredLink { is_partner: false, ..former.clone() }).await?;
            }
            let (state, reason) = (LinkState::Synced, String::new());
            let link = lead.link.clone();
            let link =
                StoredLink { record_id, person: id, is_partner: true, link, state, reason, synced_at: now };
            links::save(write, workspace, &link).await?;
            person::begin_create(write, workspace, &[id], Timestamp::from_seconds(0)).await?;
            person::set_synced(write, workspace, (id, lead.person.snapshot.version)).await?;
        }
        // Nothing is known: the next run looks it up when nothing more can come.
        Err(error) if error.may_have_acted() => {}
        Err(error) => {
            person::begin_create(write, workspace, &[id], Timestamp::from_seconds(0)).await?;
            if !error.is_transient() {
                let fault = push::refusal(id, "", &error, now);
                faults::replace(write, workspace, id, &[fault]).await?;
                person::set_synced(write, workspace, (id, lead.person.snapshot.version)).await?;
            }
        }
    }
    Ok(())
}
