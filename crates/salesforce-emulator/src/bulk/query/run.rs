//! Answering a query job.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::bulk::job::{JobFaults, State};
use crate::bulk::query::columns::{self, Found};
use crate::bulk::query::job::QueryJob;
use crate::bulk::query::refuse::check;
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::soql::eval::Reader;
use crate::state::EmulatorState;

/// The reason given when a compound field is selected.
const COMPOUND: &str = "FUNCTIONALITY_NOT_ENABLED: Selecting compound data not supported in Bulk Query";

/// Answers a query job. Ends early when the emulator does.
pub(crate) async fn run(state: Weak<EmulatorState>, id: RecordId) {
    let Some(pause) = state.upgrade().and_then(|state| begin(&state, id)) else { return };
    tokio::time::sleep(pause).await;
    let Some(state) = state.upgrade() else { return };
    let _ = tokio::task::spawn_blocking(move || finish(&state, id)).await;
}

fn begin(state: &EmulatorState, id: RecordId) -> Option<Duration> {
    let now = state.clock.now();
    let mut jobs = lock(&state.jobs);
    let head = &mut jobs.query.get(id, now).filter(|job| job.head.state == State::UploadComplete)?.head;
    head.enter(State::InProgress, now);
    head.mishap = JobFaults::of(state.faults.meet_job(head.origin.0, &head.origin.1));
    Some(head.mishap.pause(0))
}

fn finish(state: &EmulatorState, id: RecordId) -> Option<()> {
    let running = |job: &&mut QueryJob| job.head.state == State::InProgress;
    let job = lock(&state.jobs).query.get(id, state.clock.now()).filter(running)?.clone();
    let answered = match &job.head.mishap.failure {
        Some((_, message)) => Err(message.clone()),
        None => answer(state, &job),
    };
    let now = state.clock.now();
    let mut jobs = lock(&state.jobs);
    let job = jobs.query.get(id, now).filter(running)?;
    match answered {
        Ok(found) => {
            job.head.processed = found.len() as u64;
            job.found = Some(Arc::new(found));
            job.head.enter(State::JobComplete, now);
        }
        Err(message) => job.head.fail(message, now),
    }
    Some(())
}

fn answer(state: &EmulatorState, job: &QueryJob) -> Result<Found, String> {
    let org = state.read();
    let zone = org.time_zone_of(job.head.user);
    let reader = Reader {
        org: &org,
        user: job.head.user,
        zone: &zone,
        version: job.head.version,
        all_rows: job.all_rows,
        base_path: "",
    };
    // The org may have changed since the job was made.
    let checked = check(&reader, &job.soql).map_err(|refused| refused.to_string())?;
    if checked.compound {
        return Err(COMPOUND.to_owned());
    }
    columns::find(&reader, &job.soql, &checked).map_err(|refused| refused.to_string())
}
