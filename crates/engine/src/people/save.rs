//! Keeping decisions, with what will be written, before anything is written.

use crate::people::batch::Batch;
use crate::people::context::PeopleRun;
use crate::people::decide::Decision;
use crate::people::failure::PeopleFailure;
use crate::people::org_turn;
use domain::people::{ChangeOrigin, Conflict, Person, PersonSnapshot};
use domain::value::{PersonId, Timestamp, WorkspaceId};
use std::collections::BTreeSet;
use storage::people::changes::PersonChange;
use storage::people::conflicts::StoredConflict;
use storage::people::{changes, conflicts, faults, links, person, records};
use storage::queue::org_lease;
use storage::queue::org_lease::OrgLease;
use storage::run::runs;
use storage::{StorageError, Write};

/// What is to be written after decisions were kept.
#[derive(Debug, Default)]
pub(crate) struct Saved {
    /// Records with an attempt that was begun.
    pub(crate) to_push: Vec<String>,
    /// People who get a record.
    pub(crate) to_create: Vec<PersonId>,
}

/// Keeps decisions. Without the right to write to the org, those that write wait for the next run; those about people
/// who were edited since are void.
pub(crate) async fn save(
    run: &mut PeopleRun<'_>,
    batch: &Batch,
    decisions: &mut [Decision],
    lease: Option<OrgLease>,
) -> Result<Saved, PeopleFailure> {
    let (engine, workspace, now) = (run.engine, run.claim.workspace, run.engine.clock.now());
    run.update_receipt();
    let mut saved = Saved::default();
    let write = engine.database.write().await?;
    runs::progress(&write, run.claim, &run.receipt, engine.lease()).await?;
    if let Some(lease) = lease {
        let over_at = org_turn::over_at(engine, org_lease::renew(&write, lease, engine.lease()).await?);
        for link in decisions.iter_mut().flat_map(|decision| &mut decision.links) {
            if let Some(attempt) = link.link.attempt.as_mut().filter(|attempt| attempt.over_at.seconds() == 0)
            {
                attempt.over_at = over_at;
            }
        }
    }
    change_keys(&write, workspace, decisions, lease.is_some()).await?;
    let mut waits: BTreeSet<String> = BTreeSet::new();
    for decision in decisions.iter() {
        let is_kept = !decision.undecided
            && (lease.is_some() || !decision.writes())
            && keep_person(&write, workspace, decision, now).await?;
        if !is_kept {
            waits.extend(records_of(decision, batch));
            continue;
        }
        for link in &decision.links {
            links::save(&write, workspace, link).await?;
        }
        faults::replace(&write, workspace, decision.person.id, &decision.faults).await?;
        for (record_id, conflict) in &decision.conflicts {
            add_conflict(&write, workspace, (decision.person.id, record_id), conflict, now).await?;
        }
        saved.to_push.extend(decision.push.clone());
        if decision.create {
            saved.to_create.push(decision.person.id);
        }
    }
    let merged: Vec<String> = batch.waiting.iter().filter(|id| !waits.contains(*id)).cloned().collect();
    records::set_merged(&write, workspace, &merged).await?;
    write.commit().await?;
    Ok(saved)
}

/// Frees the addresses of people who take others over, all of them or none: two may swap theirs.
async fn change_keys(
    write: &Write,
    workspace: WorkspaceId,
    decisions: &mut [Decision],
    can_write: bool,
) -> Result<(), StorageError> {
    let is_changing = |one: &&mut Decision| one.new_key.is_some() && !one.is_new && !one.undecided;
    let mut changing: Vec<PersonId> = Vec::new();
    let mut can_change = true;
    for decision in decisions.iter_mut().filter(is_changing) {
        let seen = (decision.person.id, decision.person.snapshot.version);
        can_change &= can_write || !decision.writes();
        can_change &= person::is_unchanged(write, workspace, seen).await?;
        changing.push(decision.person.id);
    }
    if can_change {
        return person::give_up_keys(write, workspace, &changing).await;
    }
    decisions.iter_mut().filter(is_changing).for_each(|decision| decision.undecided = true);
    Ok(())
}

/// Records about which nothing was decided, as nothing was about the person.
fn records_of(decision: &Decision, batch: &Batch) -> Vec<String> {
    let key = decision.person.email_key();
    let is_its = |record: &str, email_key: &str| {
        batch.links.get(record).is_some_and(|link| link.person == decision.person.id)
            || (!key.is_empty() && email_key == key)
    };
    let records = batch.records.values().filter(|record| is_its(&record.id, &record.email_key));
    records.map(|record| record.id.clone()).collect()
}

/// Keeps what becomes of a person; `false` if it was edited since.
async fn keep_person(
    write: &Write,
    workspace: WorkspaceId,
    decision: &Decision,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let person = &decision.person;
    if decision.is_new {
        let added =
            Person { snapshot: decision.after.clone(), is_pending: decision.create, ..person.clone() };
        let is_added = person::add(write, workspace, &added).await?;
        if is_added {
            let nothing = PersonSnapshot::default();
            add_changes(write, workspace, person.id, (&nothing, &decision.after), &decision.changed_by, now)
                .await?;
        }
        return Ok(is_added);
    }
    // Who waits for a record goes on waiting until it has one.
    let seen = (person.id, person.snapshot.version);
    if decision.changes_values() {
        let after = PersonSnapshot { version: person.snapshot.version + 1, ..decision.after.clone() };
        let key = decision.new_key.clone().unwrap_or_else(|| person.email_key());
        let is_kept = person::save_values(write, workspace, seen, &after, &key, decision.create, now).await?;
        if is_kept {
            let values = (&person.snapshot, &after);
            add_changes(write, workspace, person.id, values, &decision.changed_by, now).await?;
        }
        return Ok(is_kept);
    }
    if decision.create {
        person::is_unchanged(write, workspace, seen).await
    } else {
        person::set_synced(write, workspace, seen).await
    }
}

/// Adds to a person's history what a record has changed.
pub(crate) async fn add_changes(
    write: &Write,
    workspace: WorkspaceId,
    person: PersonId,
    (before, after): (&PersonSnapshot, &PersonSnapshot),
    record_id: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    for (field, value) in &after.values {
        let old = before.values.get(field).cloned().unwrap_or_default();
        if old == *value {
            continue;
        }
        let change = PersonChange {
            id: storage::ids::new(now),
            person,
            at: now,
            field: field.clone(),
            old_value: old,
            new_value: value.clone(),
            origin: ChangeOrigin::Salesforce,
            origin_id: record_id.to_owned(),
        };
        changes::add(write, workspace, &change).await?;
    }
    Ok(())
}

/// Keeps a value that lost.
pub(crate) async fn add_conflict(
    write: &Write,
    workspace: WorkspaceId,
    (person, record_id): (PersonId, &str),
    conflict: &Conflict,
    now: Timestamp,
) -> Result<(), StorageError> {
    let (record_id, conflict) = (record_id.to_owned(), conflict.clone());
    let stored =
        StoredConflict { id: storage::ids::new(now), person, record_id, conflict, at: now, undone_at: None };
    conflicts::add(write, workspace, &stored).await
}
