//! Merging what waits: decide, keep, write, some people at a time.

use crate::people::batch::{Batch, add_people, as_list, load};
use crate::people::context::PeopleRun;
use crate::people::decide::{Context, Decision, decide, new_people};
use crate::people::failure::PeopleFailure;
use crate::people::{create, org_turn, push, save};
use domain::people::{KeyChanges, Person, change_keys};
use domain::value::PersonId;
use std::collections::{BTreeMap, BTreeSet};
use storage::people::{erasures, person, records};

/// People and records that are taken up together: so many fill the calls that look them up, create and change them.
pub(crate) const BATCH: u32 = 3_000;

/// Merges everything that waits. What comes to wait meanwhile is taken up once more, and then by the next run.
pub(crate) async fn merge_pending(run: &mut PeopleRun<'_>) -> Result<(), PeopleFailure> {
    for _ in 0..2 {
        let (mut after_record, mut after_person) = (String::new(), None);
        let mut again = false;
        loop {
            let read = run.engine.database.read();
            let workspace = run.claim.workspace;
            let waiting = records::pending(&read, workspace, &after_record, BATCH).await?;
            let pending = person::pending(&read, workspace, after_person, BATCH).await?;
            if waiting.is_empty() && pending.is_empty() {
                break;
            }
            after_record = waiting.last().map_or(after_record, |record| record.id.clone());
            after_person = pending.last().map(|person| person.id).or(after_person);
            let batch = load(run, waiting, pending).await?;
            again |= merge(run, batch).await?;
        }
        if !again {
            break;
        }
    }
    Ok(())
}

/// Decides about a batch, keeps the decisions, and writes to the org; `true` if something came to wait meanwhile.
async fn merge(run: &mut PeopleRun<'_>, mut batch: Batch) -> Result<bool, PeopleFailure> {
    let (engine, workspace) = (run.engine, run.claim.workspace);
    let mut decisions = decide_all(run, &mut batch).await?;
    let writes = decisions.iter().any(Decision::writes);
    let lease = if writes { org_turn::take(engine, run.claim).await? } else { None };
    let saved = save::save(run, &batch, &mut decisions, lease).await?;
    let Some(lease) = lease else { return Ok(false) };
    let written = async {
        push::push(run, lease, &saved.to_push).await?;
        create::create(run, lease, &saved.to_create).await
    };
    let again = written.await;
    org_turn::release(engine, lease).await?;
    tracing::debug!(%workspace, people = decisions.len(), "a batch of people was merged");
    again
}

/// Decides about a batch; people who are new are added to it.
pub(crate) async fn decide_all(
    run: &PeopleRun<'_>,
    batch: &mut Batch,
) -> Result<Vec<Decision>, PeopleFailure> {
    let context = Context {
        mappings: &run.mappings,
        fields: &run.fields,
        zone: &run.zone,
        creates: run.settings.create_in_salesforce,
        filter: &run.settings.filter,
        now: run.engine.clock.now(),
    };
    let mut new = if run.settings.create_locally { new_people(batch, &context) } else { Vec::new() };
    let keys: BTreeSet<String> = new.iter().map(Person::email_key).collect();
    // Who was erased does not come back by a sync.
    let erased = erasures::blocked(&run.engine.database.read(), run.claim.workspace, &keys).await?;
    new.retain(|person| !erased.contains(&person.email_key()));
    let new_ids: BTreeSet<PersonId> = new.iter().map(|person| person.id).collect();
    add_people(batch, new);
    let mut decisions: Vec<Decision> = batch
        .people
        .values()
        .map(|person| decide(person, new_ids.contains(&person.id), batch, &context))
        .collect();
    settle_keys(run, batch, &mut decisions).await?;
    Ok(decisions)
}

/// Addresses that change on several people at once; who can't have the new one keeps the old one.
async fn settle_keys(
    run: &PeopleRun<'_>,
    batch: &Batch,
    decisions: &mut [Decision],
) -> Result<(), PeopleFailure> {
    let wanted: BTreeMap<String, String> = decisions
        .iter()
        .filter_map(|decision| Some((decision.person.id.to_string(), decision.new_key.clone()?)))
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let keys: BTreeSet<String> = wanted.values().cloned().collect();
    let read = run.engine.database.read();
    let others = person::by_email(&read, run.claim.workspace, &as_list(&keys)).await?;
    let owners = others
        .iter()
        .chain(batch.people.values().filter(|person| wanted.contains_key(&person.id.to_string())));
    let owners: BTreeMap<String, String> = owners
        .map(|person| (person.email_key(), person.id.to_string()))
        .filter(|(key, _)| !key.is_empty())
        .collect();
    let KeyChanges { taken, .. } = change_keys(&owners, &wanted);
    for decision in decisions {
        if let Some(other) = taken.get(&decision.person.id.to_string()) {
            decision.keep_address(other);
        }
    }
    Ok(())
}
