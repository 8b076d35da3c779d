//! Lists of jobs.

use serde_json::{Value as Json, json};

use crate::bulk::job::Job;
use crate::bulk::jobs::JobStore;
use crate::http::answer::Answer;
use crate::http::bulk::shown::{self, Extent};
use crate::http::call::Call;
use crate::http::error::error;
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::state::EmulatorState;

/// The jobs that load records.
pub(super) fn ingest(state: &EmulatorState, call: &Call) -> Answer {
    let now = state.clock.now();
    let job = |job: &_| shown::ingest(job, Extent::Listed);
    list(&mut lock(&state.jobs).ingest, call, "V2Ingest", now, job)
}

/// The jobs that answer queries.
pub(super) fn query(state: &EmulatorState, call: &Call) -> Answer {
    let now = state.clock.now();
    let job = |job: &_| shown::query(job, Extent::Listed);
    list(&mut lock(&state.jobs).query, call, "V2Query", now, job)
}

fn list<T: Job>(
    store: &mut JobStore<T>,
    call: &Call,
    kind: &str,
    now: jiff::Timestamp,
    show: impl Fn(&T) -> Json,
) -> Answer {
    let name = RecordId::numbered("01g", 1).to_string();
    let from = match call.parameter("queryLocator").filter(|locator| !locator.is_empty()) {
        None => Some(0),
        Some(locator) => locator.strip_prefix(&name).and_then(|rest| rest.strip_prefix('-')?.parse().ok()),
    };
    let Some(from) = from else {
        return error(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    };
    let filtered = |name: &str, matching: &str| {
        call.parameter(name).is_some_and(|asked| !asked.is_empty() && !asked.eq_ignore_ascii_case(matching))
    };
    // Only jobs of the first Bulk API are cut by the primary key on request.
    if filtered("jobType", kind) || filtered("isPkChunkingEnabled", "false") {
        return Answer::json(200, json!({"done": true, "records": [], "nextRecordsUrl": null}));
    }
    let (jobs, next) = store.page(from, now);
    let records: Vec<Json> = jobs.into_iter().map(show).collect();
    let url = next.map(|next| format!("{}/jobs/{}?queryLocator={name}-{next}", call.base_path, call.path[1]));
    Answer::json(200, json!({"done": url.is_none(), "records": records, "nextRecordsUrl": url}))
}
