//! Jobs that answer queries.

use std::sync::Arc;

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::error::{error, not_found, refused_query};
use super::request;
use super::shown::{self, Extent};
use crate::bulk::job::State;
use crate::bulk::query::{self, QueryJob};
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::soql::eval::Reader;
use crate::state::EmulatorState;

/// Makes a job and sets it going.
pub(super) fn create(site: &Arc<EmulatorState>, call: &Call) -> Answer {
    created(site, call).unwrap_or_else(|answer| *answer)
}

fn created(site: &Arc<EmulatorState>, call: &Call) -> Result<Answer, Box<Answer>> {
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
        let org = site.read();
        let zone = org.time_zone_of(call.user);
        let reader = Reader { org: &org, user: call.user, zone: &zone, all_rows, base_path: &call.base_path };
        let checked = query::check(&reader, soql).map_err(|refused| Box::new(refused_query(&refused)))?;
        (checked.prepared.object.name.clone(), org.settings.limits.clone())
    };
    let now = site.clock.now();
    let mut jobs = lock(&site.jobs);
    if let Err(exceeded) = jobs.quota.take_query_job(&limits, now) {
        return Err(Box::new(error(400, "EXCEEDEDQUOTA", &exceeded.to_string())));
    }
    let id = jobs.next_id();
    let mut head = request::head(call, id, &object, operation, format, now);
    head.enter(State::UploadComplete, now);
    let job = QueryJob { head, soql: soql.to_owned(), all_rows, found: None };
    let answer = Answer::json(200, shown::query(&job, Extent::Made));
    jobs.query.add(job);
    tokio::spawn(query::run(Arc::downgrade(site), id));
    Ok(answer)
}

/// Stops a job.
pub(super) fn abort(site: &EmulatorState, call: &Call, id: RecordId) -> Answer {
    let wanted = match request::wanted_state(call) {
        Ok(wanted) => wanted,
        Err(answer) => return *answer,
    };
    let now = site.clock.now();
    let mut jobs = lock(&site.jobs);
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
pub(super) fn show(site: &EmulatorState, id: RecordId) -> Answer {
    match lock(&site.jobs).query.get(id, site.clock.now()) {
        Some(job) => Answer::json(200, shown::query(job, Extent::Full)),
        None => not_found(),
    }
}

/// Takes a job away that has come to its end.
pub(super) fn delete(site: &EmulatorState, id: RecordId) -> Answer {
    let mut jobs = lock(&site.jobs);
    match jobs.query.get(id, site.clock.now()).map(|job| job.head.state.is_final()) {
        None => not_found(),
        Some(false) => request::not_terminated(),
        Some(true) => {
            jobs.query.remove(id);
            Answer::empty(204)
        }
    }
}
