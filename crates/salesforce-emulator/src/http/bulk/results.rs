//! The tables that jobs leave behind.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::bulk::format::Format;
use crate::bulk::job::{Head, State};
use crate::bulk::query::{Found, locator};
use crate::http::answer::{Answer, Parts};
use crate::http::call::Call;
use crate::http::error::{error, not_found};
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::state::EmulatorState;

/// What tables are sent as.
const CSV: &str = "text/csv;charset=UTF-8";
/// Addresses that one call for a result's parts tells.
const PARTS: usize = 5;

/// One of the three tables of a job that loads records.
pub(super) fn ingest(state: &EmulatorState, id: RecordId, table: &str) -> Answer {
    let job = match lock(&state.jobs).ingest.get(id, state.clock.now()) {
        Some(job) if job.head.state.is_final() => job.clone(),
        Some(job) => return not_yet(&job.head),
        None => return not_found(),
    };
    let bytes = match table {
        "successfulresults" => job.successful_results(),
        "failedresults" => job.failed_results(),
        "unprocessedrecords" => job.unprocessed_records(),
        _ => return not_found(),
    };
    Answer::bytes(200, CSV, bytes)
}

/// One page of what a query job has found.
pub(super) fn query(state: &EmulatorState, call: &Call, id: RecordId) -> Answer {
    let (found, format) = match finished(state, call, id) {
        Ok(finished) => finished,
        Err(answer) => return *answer,
    };
    let most = match call.parameter("maxRecords").map(str::parse::<usize>) {
        None => state.read().settings.limits.bulk_page_rows,
        Some(Ok(most)) if most > 0 => most,
        Some(_) => return error(400, "INVALID_QUERY_LOCATOR", "maxRecords must be a number above 0"),
    };
    let Some(from) = first_row(call, &found) else { return wrong_locator() };
    let page = found.page(from, most);
    let (jobs, now, rows) = (Arc::clone(&state.jobs), state.clock.now(), page.rows.clone());
    let parts = Parts(Arc::new(move |number| {
        let part = found.part(&rows, number, format)?;
        lock(&jobs).quota.count_result(part.len(), now);
        Some(part.into())
    }));
    Answer::parts(200, CSV, parts)
        // At the end stands the word, not an empty header.
        .with("Sforce-Locator", page.next.as_deref().unwrap_or("null"))
        .with("Sforce-NumberOfRecords", page.rows.len().to_string())
}

/// The addresses of a result's parts, to fetch them side by side.
pub(super) fn query_pages(state: &EmulatorState, call: &Call, id: RecordId) -> Answer {
    let (found, _) = match finished(state, call, id) {
        Ok(finished) => finished,
        Err(answer) => return *answer,
    };
    let Some(from) = first_row(call, &found) else { return wrong_locator() };
    let size = state.read().settings.limits.bulk_page_rows;
    let base = format!("{}/jobs/query/{id}", call.base_path);
    let mut starts = (from..found.len().max(1)).step_by(size);
    let pages: Vec<Json> = starts
        .by_ref()
        .take(PARTS)
        .map(|row| json!({"resultUrl": format!("{base}/results?locator={}", locator(row))}))
        .collect();
    let next = starts.next().map(|row| format!("{base}/resultPages?locator={}", locator(row)));
    Answer::json(200, json!({"resultPages": pages, "nextRecordsUrl": next, "done": next.is_none()}))
}

fn finished(state: &EmulatorState, call: &Call, id: RecordId) -> Result<(Arc<Found>, Format), Box<Answer>> {
    let mut jobs = lock(&state.jobs);
    let job = jobs.query.get(id, state.clock.now()).ok_or_else(|| Box::new(not_found()))?;
    if job.head.version != call.version {
        let message = format!("The job was created with API version {}.0", job.head.version);
        return Err(Box::new(error(409, "API_ERROR", &message)));
    }
    match &job.found {
        Some(found) if job.head.state == State::JobComplete => Ok((Arc::clone(found), job.head.format)),
        _ => Err(Box::new(not_yet(&job.head))),
    }
}

fn first_row(call: &Call, found: &Found) -> Option<usize> {
    match call.parameter("locator").filter(|locator| !locator.is_empty()) {
        None => Some(0),
        Some(locator) => found.row_at(locator),
    }
}

fn wrong_locator() -> Answer {
    error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
}

/// The refusal of tables that do not exist yet; its status, code and words are uncertain.
fn not_yet(head: &Head) -> Answer {
    let message = format!("The results of a job in the state {} cannot be fetched", head.state.name());
    error(400, "INVALIDJOBSTATE", &message)
}
