//! Switching the sync of people on and off (S5).

use crate::actions::seen_version::Author;
use crate::state::AppState;
use domain::people::{PeopleCursors, PeopleReview, PeopleSync, PeopleSyncStart, PersonFields};
use domain::run::{RunKind, RunTrigger};
use domain::value::{FieldProblem, PersonId, Step, Timestamp, WorkspaceId};
use std::collections::BTreeMap;
use storage::org::connections;
use storage::people::{listeners, person, records};
use storage::run::{runs, schedules};
use storage::workspace::{audit, settings};
use storage::{StorageError, Write};

/// Minutes between two runs.
const SHORTEST: u32 = 1;
const LONGEST: u32 = 1_440;

/// Why the sync can't begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StartRefusal {
    /// There is no connection.
    NotConnected,
    /// The e-mail address is tied to no field of Leads or Contacts (S9).
    EmailUnmapped,
}

/// Saves the settings of the sync. Switched on so, it goes on from where it was.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    wanted: PeopleSync,
    author: Author<'_>,
) -> Result<Result<PeopleSync, Vec<FieldProblem>>, StorageError> {
    if !(SHORTEST..=LONGEST).contains(&wanted.interval_minutes) {
        let problem =
            FieldProblem::new("interval_minutes", "out-of-range").with("min", SHORTEST).with("max", LONGEST);
        return Ok(Err(vec![problem]));
    }
    if !(1..=100).contains(&wanted.ask_above_percent) {
        let problem = FieldProblem::new("ask_above_percent", "out-of-range").with("min", 1).with("max", 100);
        return Ok(Err(vec![problem]));
    }
    let now = state.clock.now();
    let write = state.database.write().await?;
    let fields = settings::find::<PersonFields>(&write, workspace).await?;
    let problems = wanted.filter.problems(&fields);
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    if let Some(problem) = author.conflict::<PeopleSync>(&write, workspace).await? {
        return Ok(Err(vec![problem]));
    }
    let before = settings::find_to_edit::<PeopleSync>(&write, workspace).await?;
    let who = |sync: &PeopleSync| (sync.filter.clone(), sync.create_in_salesforce, sync.create_locally);
    if who(&before) != who(&wanted) {
        // Whoever was left out so far is looked at again.
        person::set_all_pending(&write, workspace).await?;
        records::set_all_pending(&write, workspace).await?;
    }
    settings::save(&write, workspace, &wanted, now).await?;
    schedule(&write, workspace, &wanted, now).await?;
    audit::record(&write, workspace, author.actor, &Step::new("people-sync-changed"), now).await?;
    write.commit().await?;
    state.database.wake_worker();
    Ok(Ok(wanted))
}

/// Begins the sync: with all records of the org, or with what changes from now on.
pub(crate) async fn start(
    state: &AppState,
    workspace: WorkspaceId,
    mode: PeopleSyncStart,
    actor: &str,
) -> Result<Result<PeopleSync, StartRefusal>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    if connections::find(&write, workspace).await?.is_none() {
        return Ok(Err(StartRefusal::NotConnected));
    }
    if !settings::find::<PersonFields>(&write, workspace).await?.is_email_mapped() {
        return Ok(Err(StartRefusal::EmailUnmapped));
    }
    let before = settings::find::<PeopleSync>(&write, workspace).await?;
    let wanted = PeopleSync { enabled: true, ..before };
    let cursors = settings::find::<PeopleCursors>(&write, workspace).await?;
    let not_before = match mode {
        PeopleSyncStart::Everything => None,
        PeopleSyncStart::FromNow => Some(now),
    };
    // What a preview has read from the beginning need not be read again.
    let is_read = mode == PeopleSyncStart::Everything && cursors.not_before.is_none();
    let read_from = if is_read { cursors.read_from.clone() } else { BTreeMap::new() };
    let cursors = PeopleCursors { read_from, not_before, ..cursors };
    settings::save(&write, workspace, &wanted, now).await?;
    settings::save(&write, workspace, &cursors, now).await?;
    match mode {
        PeopleSyncStart::Everything => {
            person::set_all_pending(&write, workspace).await?;
            records::set_all_pending(&write, workspace).await?;
        }
        // Records that a preview has read are of no interest before they change.
        PeopleSyncStart::FromNow => records::set_none_pending(&write, workspace).await?,
    }
    agree(&write, workspace, now).await?;
    schedule(&write, workspace, &wanted, now).await?;
    runs::request(&write, workspace, RunKind::PeopleSync, RunTrigger::Manual, now).await?;
    let mode = serde_json::to_value(mode).ok().and_then(|mode| Some(mode.as_str()?.to_owned()));
    let step = Step::new("people-sync-started").with("mode", mode.unwrap_or_default());
    audit::record(&write, workspace, actor, &step, now).await?;
    write.commit().await?;
    state.database.wake_worker();
    Ok(Ok(wanted))
}

/// Has the next run show what it would do before it does it; without the sync being on, nothing else is done.
pub(crate) async fn preview(
    state: &AppState,
    workspace: WorkspaceId,
    actor: &str,
) -> Result<Result<(), StartRefusal>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    if connections::find(&write, workspace).await?.is_none() {
        return Ok(Err(StartRefusal::NotConnected));
    }
    if !settings::find::<PersonFields>(&write, workspace).await?.is_email_mapped() {
        return Ok(Err(StartRefusal::EmailUnmapped));
    }
    let review = settings::find_to_edit::<PeopleReview>(&write, workspace).await?;
    let review = PeopleReview { is_wanted: true, is_confirmed: false, ..review };
    settings::save(&write, workspace, &review, now).await?;
    runs::request(&write, workspace, RunKind::PeopleSync, RunTrigger::Manual, now).await?;
    audit::record(&write, workspace, actor, &Step::new("people-preview-asked"), now).await?;
    write.commit().await?;
    state.database.wake_worker();
    Ok(Ok(()))
}

/// Lets a run that was held go on, however much it changes; `false` if none was held.
pub(crate) async fn confirm(
    state: &AppState,
    workspace: WorkspaceId,
    actor: &str,
) -> Result<bool, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    if !settings::find_to_edit::<PeopleReview>(&write, workspace).await?.is_held {
        return Ok(false);
    }
    agree(&write, workspace, now).await?;
    runs::request(&write, workspace, RunKind::PeopleSync, RunTrigger::Manual, now).await?;
    audit::record(&write, workspace, actor, &Step::new("people-changes-confirmed"), now).await?;
    write.commit().await?;
    state.database.wake_worker();
    Ok(true)
}

async fn agree(write: &Write, workspace: WorkspaceId, now: Timestamp) -> Result<(), StorageError> {
    let review = settings::find_to_edit::<PeopleReview>(write, workspace).await?;
    let review = PeopleReview { is_confirmed: true, is_held: false, is_wanted: false, ..review };
    settings::save(write, workspace, &review, now).await
}

/// Switches the sync off. What was agreed on is remembered, so that it can go on.
pub(crate) async fn stop(
    state: &AppState,
    workspace: WorkspaceId,
    actor: &str,
) -> Result<PeopleSync, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let before = settings::find::<PeopleSync>(&write, workspace).await?;
    let wanted = PeopleSync { enabled: false, ..before };
    settings::save(&write, workspace, &wanted, now).await?;
    schedule(&write, workspace, &wanted, now).await?;
    runs::stop(&write, workspace, RunKind::PeopleSync, &Step::new("people-switched-off"), now).await?;
    audit::record(&write, workspace, actor, &Step::new("people-sync-stopped"), now).await?;
    write.commit().await?;
    Ok(wanted)
}

/// Has a person synced again with the next run, whatever kept it from that.
pub(crate) async fn retry(
    state: &AppState,
    workspace: WorkspaceId,
    person: PersonId,
    actor: &str,
) -> Result<bool, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    if person::set_pending(&write, workspace, &[person]).await? == 0 {
        return Ok(false);
    }
    let step = Step::new("person-retried").with("person", person);
    audit::record(&write, workspace, actor, &step, now).await?;
    write.commit().await?;
    Ok(true)
}

async fn schedule(
    write: &Write,
    workspace: WorkspaceId,
    wanted: &PeopleSync,
    now: Timestamp,
) -> Result<(), StorageError> {
    if wanted.enabled && wanted.change_events {
        listeners::want(write, workspace).await?;
    } else {
        listeners::forget(write, workspace).await?;
    }
    if wanted.enabled {
        let next = now.plus_minutes(i64::from(wanted.interval_minutes));
        return schedules::set(write, workspace, RunKind::PeopleSync, next).await;
    }
    schedules::clear(write, workspace, RunKind::PeopleSync).await
}
