//! Jobs that answer queries.

use std::sync::Arc;

use crate::bulk::job::State;
use crate::bulk::query::{self, QueryJob};
use crate::http::answer::Answer;
use crate::http::bulk::request;
use crate::http::bulk::shown::{self, Extent};
use crate::http::call::Call;
use crate::http::error::{error, not_found, refused_query};
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::soql::eval::Reader;
use crate::state::EmulatorState;

/// Makes a job and sets it going.
pub(super) fn create(state: &Arc<EmulatorState>, call: &Call) -> Answer {
    created(state, call).unwrap_or_else(|answer| *answer)
}

fn created(state: &Arc<EmulatorState>, call: &Call) -> Result<Answer, Box<Answer>> {
    let asked = call.object()?;
    let (operation, all_rows) = match request::text(&asked, "operation")? {
        None => return Err(request::invalid_job("An operation must be specified")),
        Some("query") => ("query", false),
        Some("queryAll") => ("queryAll", true),
        Some(name) => return Err(request::unknown_word("OperationEnum", name)),
    };
    let Some(soql) = request::text(&asked, "query")?.filter(|soql| !soql.trim().is_empty()) else {
        return Err(request::invalid_job("A query must be specified"));
    };
    let format = request::format(&asked)?;
    let (object, limits) = {
        let org = state.read();
        let zone = org.time_zone_of(call.user);
        let reader = Reader {
            org: &org,
            user: call.user,
            zone: &zone,
            version: call.version,
            all_rows,
            base_path: &call.base_path,
        };
        let checked = query::check(&reader, soql).map_err(|refused| Box::new(refused_query(&refused)))?;
        (checked.prepared.object.name.clone(), org.settings.limits.clone())
    };
    let now = state.clock.now();
    let mut jobs = lock(&state.jobs);
    if let Err(exceeded) = jobs.quota.take_query_job(&limits, now) {
        return Err(Box::new(error(400, "EXCEEDEDQUOTA", &exceeded.to_string())));
    }
    let id = jobs.next_id();
    let mut head = request::head(call, id, &object, operation, format, now);
    head.enter(State::UploadComplete, now);
    let job = QueryJob { head, soql: soql.to_owned(), all_rows, found: None };
    let answer = Answer::json(200, shown::query(&job, Extent::Made));
    jobs.query.add(job);
    tokio::spawn(query::run(Arc::downgrade(state), id));
    Ok(answer)
}

/// Stops a job.
pub(super) fn abort(state: &EmulatorState, call: &Call, id: RecordId) -> Answer {
    let wanted = match request::wanted_state(call) {
        Ok(wanted) => wanted,
        Err(answer) => return *answer,
    };
    let now = state.clock.now();
    let mut jobs = lock(&state.jobs);
    let Some(job) = jobs.query.get(id, now) else { return not_found() };
    if wanted != State::Aborted {
        let message = format!("Changing the state to {} is not allowed", wanted.name());
        return error(400, "INVALIDJOBSTATE", &message);
    }
    if job.head.state.is_final() {
        return request::wrong_state("Aborting", job.head.state);
    }
    job.head.enter(State::Aborted, now);
    Answer::json(200, shown::query(job, Extent::Made))
}

/// Shows a job.
pub(super) fn show(state: &EmulatorState, id: RecordId) -> Answer {
    match lock(&state.jobs).query.get(id, state.clock.now()) {
        Some(job) => Answer::json(200, shown::query(job, Extent::Full)),
        None => not_found(),
    }
}

/// Takes a job away that has come to its end.
pub(super) fn delete(state: &EmulatorState, id: RecordId) -> Answer {
    let mut jobs = lock(&state.jobs);
    match jobs.query.get(id, state.clock.now()).map(|job| job.head.state.is_final()) {
        None => not_found(),
        Some(false) => request::not_terminated(),
        Some(true) => {
            jobs.query.remove(id);
            Answer::empty(204)
        }
    }
}
