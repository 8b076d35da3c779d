//! Writing to the org who refuses mail, to every record with the address (S6).

use crate::org::send_guard::SendGuard;
use crate::people::context::PeopleRun;
use crate::people::failure::PeopleFailure;
use crate::people::org_turn;
use domain::people::{Person, RemoteRecord};
use salesforce::{CompositeRequest, Record, Subrequest, WriteOptions};
use std::collections::{BTreeMap, BTreeSet};
use storage::people::{links, person, records};
use storage::queue::org_lease::OrgLease;
use storage::run::runs;

const ROWS: usize = 200;
/// Rounds in one run; what is left waits for the next one.
const ROUNDS: usize = 20;
const PEOPLE: u32 = 500;

/// A record whose field has to say something else.
struct Change {
    record_id: String,
    opted_out: bool,
}

/// Writes what people said about mail.
pub(crate) async fn push(run: &mut PeopleRun<'_>) -> Result<(), PeopleFailure> {
    for _ in 0..ROUNDS {
        let (engine, workspace) = (run.engine, run.claim.workspace);
        let people = person::with_opt_out_pending(&engine.database.read(), workspace, PEOPLE).await?;
        if people.is_empty() {
            return Ok(());
        }
        let changes = changes(run, &people).await?;
        let mut failed = BTreeSet::new();
        if !changes.is_empty() {
            let Some(lease) = org_turn::take(engine, run.claim).await? else { return Ok(()) };
            let written = write_all(run, lease, &changes).await;
            org_turn::release(engine, lease).await?;
            failed = written?;
        }
        let write = engine.database.write().await?;
        runs::renew(&write, run.claim, engine.lease()).await?;
        for opted_out in [true, false] {
            let is_done =
                |change: &&Change| change.opted_out == opted_out && !failed.contains(&change.record_id);
            let ids: Vec<String> =
                changes.iter().filter(is_done).map(|change| change.record_id.clone()).collect();
            records::set_opted_out(&write, workspace, &ids, opted_out).await?;
        }
        // A record that refuses it is not asked again before the next change: the person's own refusal counts here anyway.
        for person in &people {
            person::opt_out_written(&write, workspace, person.id, person.opted_out).await?;
        }
        write.commit().await?;
    }
    Ok(())
}

/// The records that say something else than the people to whom they belong.
async fn changes(run: &PeopleRun<'_>, people: &[Person]) -> Result<Vec<Change>, PeopleFailure> {
    let (read, workspace) = (run.engine.database.read(), run.claim.workspace);
    let keys: Vec<String> = people.iter().map(Person::email_key).filter(|key| !key.is_empty()).collect();
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    let links = links::of_people(&read, workspace, &ids).await?;
    let partners: Vec<String> =
        links.iter().filter(|link| link.is_partner).map(|link| link.record_id.clone()).collect();
    let mut found = records::by_email(&read, workspace, &keys).await?;
    found.extend(records::find_many(&read, workspace, &partners).await?);
    let by_key: BTreeMap<String, bool> =
        people.iter().map(|person| (person.email_key(), person.opted_out)).collect();
    let by_link: BTreeMap<&str, bool> = links
        .iter()
        .filter_map(|link| {
            let person = people.iter().find(|person| person.id == link.person)?;
            Some((link.record_id.as_str(), person.opted_out))
        })
        .collect();
    let wanted = |record: &RemoteRecord| {
        by_link.get(record.id.as_str()).or_else(|| by_key.get(&record.email_key)).copied()
    };
    let can_write = |record: &RemoteRecord| {
        crate::people::batch::is_live(record)
            && run.mappings.get(&record.object).is_some_and(|mapping| mapping.writes_opt_out)
    };
    let mut changes: BTreeMap<String, bool> = BTreeMap::new();
    for record in found.iter().filter(|record| can_write(record)) {
        if let Some(opted_out) = wanted(record).filter(|opted_out| *opted_out != record.opted_out) {
            changes.insert(record.id.clone(), opted_out);
        }
    }
    Ok(changes.into_iter().map(|(record_id, opted_out)| Change { record_id, opted_out }).collect())
}

/// Writes, and gives the records that refused. Written twice it is the same.
async fn write_all(
    run: &mut PeopleRun<'_>,
    lease: OrgLease,
    changes: &[Change],
) -> Result<BTreeSet<String>, PeopleFailure> {
    let mut failed = BTreeSet::new();
    let options = WriteOptions { allow_duplicates: true, ..WriteOptions::quiet() };
    for changes in changes.chunks(ROWS * CompositeRequest::MAX_QUERIES) {
        let mut request = CompositeRequest::new();
        for (place, some) in changes.chunks(ROWS).enumerate() {
            let rows: Vec<Record> = some
                .iter()
                .map(|change| {
                    let object = crate::people::settle::object_of(&change.record_id);
                    let row = Record::of(object.name()).with("Id", change.record_id.as_str());
                    row.with("HasOptedOutOfEmail", change.opted_out)
                })
                .collect();
            request.push(&format!("write{place}"), Subrequest::update_many(&rows, &options))?;
        }
        let client = run.org.guarded(&SendGuard { engine: run.engine, lease }).await?;
        let answer = client.composite(&request).await?;
        run.org.note(&answer);
        for (place, some) in changes.chunks(ROWS).enumerate() {
            let results = answer.value.get(&format!("write{place}"))?.save_results(some.len())?;
            let refused = some.iter().zip(results).filter(|(_, result)| !result.success);
            failed.extend(refused.map(|(change, _)| change.record_id.clone()));
        }
    }
    Ok(failed)
}
