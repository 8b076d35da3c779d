//! Keeping decisions, with what will be written, before anything is written.

use crate::people::batch::Batch;
use crate::people::context::PeopleRun;
use crate::people::decide::Decision;
use crate::people::failure::PeopleFailure;
use crate::people::org_turn;
use domain::people::{CREATED, ChangeOrigin, Conflict, Person, PersonSnapshot};
use domain::value::{PersonId, Timestamp, WorkspaceId};
use std::collections::BTreeSet;
use storage::people::changes::PersonChange;
use storage::people::conflicts::StoredConflict;
use storage::people::faults::SyncFault;
use storage::people::links::StoredLink;
use storage::people::person_batch::SavedValues;
use storage::people::{changes, conflicts, faults, links, person, person_batch, records};
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
    let (mut kept, mut left): (Vec<&Decision>, Vec<&Decision>) =
        decisions.iter().partition(|decision| !decision.undecided && (lease.is_some() || !decision.writes()));
    let current = keep_people(&write, workspace, &kept, now).await?;
    left.extend(kept.extract_if(.., |decision| !current.contains(&decision.person.id)));
    let waits: BTreeSet<String> = left.iter().flat_map(|decision| records_of(decision, batch)).collect();
    let changed: Vec<&StoredLink> = kept.iter().flat_map(|decision| &decision.links).collect();
    links::save_many(&write, workspace, &changed).await?;
    let people: Vec<PersonId> = kept.iter().map(|decision| decision.person.id).collect();
    let told = kept.iter().flat_map(|decision| decision.faults.iter().cloned());
    let told: Vec<SyncFault> = told.map(|fault| SyncFault { at: now, ..fault }).collect();
    faults::replace_many(&write, workspace, &people, &told).await?;
    for decision in kept {
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
    batch.records_of(decision.person.id, &decision.person.email_key()).into_keys().collect()
}

/// Keeps what becomes of people; gives those who were not edited since.
async fn keep_people(
    write: &Write,
    workspace: WorkspaceId,
    decisions: &[&Decision],
    now: Timestamp,
) -> Result<BTreeSet<PersonId>, StorageError> {
    let (mut added, mut saved, mut held, mut synced) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for decision in decisions {
        let person = &decision.person;
        let seen = (person.id, person.snapshot.version);
        // Who waits for a record goes on waiting until it has one.
        if decision.is_new {
            let (snapshot, is_pending) = (decision.after.clone(), decision.create);
            added.push(Person { snapshot, is_pending, ..person.clone() });
        } else if decision.changes_values() {
            saved.push(SavedValues {
                id: person.id,
                seen: seen.1,
                snapshot: PersonSnapshot { version: seen.1 + 1, ..decision.after.clone() },
                email_key: decision.new_key.clone().unwrap_or_else(|| person.email_key()),
                is_pending: decision.create,
            });
        } else if decision.create {
            held.push(seen);
        } else {
            synced.push(seen);
        }
    }
    let mut current = person_batch::add_many(write, workspace, &added).await?;
    current.extend(person_batch::save_many(write, workspace, &saved, now).await?);
    current.extend(person_batch::hold_unchanged(write, workspace, &held).await?);
    current.extend(person_batch::set_synced_many(write, workspace, &synced).await?);
    let mut history = Vec::new();
    for decision in decisions.iter().filter(|decision| current.contains(&decision.person.id)) {
        let (person, record_id) = (decision.person.id, &decision.changed_by);
        if decision.is_new {
            history.push(created_by(person, record_id, now));
        } else {
            history.extend(changes_by(person, (&decision.person.snapshot, &decision.after), record_id, now));
        }
    }
    changes::add_many(write, workspace, &history).await?;
    Ok(current)
}

/// A person came with a record.
fn created_by(person: PersonId, record_id: &str, now: Timestamp) -> PersonChange {
    PersonChange {
        id: storage::ids::new(now),
        person,
        at: now,
        field: CREATED.to_owned(),
        old_value: String::new(),
        new_value: String::new(),
        origin: ChangeOrigin::Salesforce,
        origin_id: record_id.to_owned(),
    }
}

/// What a record has changed.
fn changes_by(
    person: PersonId,
    (before, after): (&PersonSnapshot, &PersonSnapshot),
    record_id: &str,
    now: Timestamp,
) -> Vec<PersonChange> {
    let change = |(field, value): (&String, &String)| {
        let old_value = before.values.get(field).cloned().unwrap_or_default();
        (old_value != *value).then(|| PersonChange {
            id: storage::ids::new(now),
            person,
            at: now,
            field: field.clone(),
            old_value,
            new_value: value.clone(),
            origin: ChangeOrigin::Salesforce,
            origin_id: record_id.to_owned(),
        })
    };
    after.values.iter().filter_map(change).collect()
}

/// Adds to a person's history what a record has changed.
pub(crate) async fn add_changes(
    write: &Write,
    workspace: WorkspaceId,
    person: PersonId,
    snapshots: (&PersonSnapshot, &PersonSnapshot),
    record_id: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    changes::add_many(write, workspace, &changes_by(person, snapshots, record_id, now)).await
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
