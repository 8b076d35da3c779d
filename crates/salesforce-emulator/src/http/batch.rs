//! `/composite/batch`: independent calls, each counted by itself.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::{Call, pairs, segments};
use crate::http::dispatch::Dispatch;
use crate::http::error::{bad_body, error, not_found};
use crate::http::versions;
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Calls in one request.
const MAX_CALLS: usize = 25;

/// Answers the calls one after the other; the changes of one stay when another fails.
pub(super) fn post(state: &EmulatorState, org: &mut Org, call: &Call, answer: Dispatch) -> Answer {
    let body = match call.object() {
        Ok(body) => body,
        Err(answer) => return *answer,
    };
    let Some(parts) = body.get("batchRequests").and_then(Json::as_array) else {
        return bad_body("request may be missing a required field: batchRequests at [line:1, column:1]");
    };
    if parts.len() > MAX_CALLS {
        let message = format!("The batch request exceeds the limit of {MAX_CALLS} subrequests");
        return error(400, "LIMIT_EXCEEDED", &message);
    }
    let halt = body.get("haltOnError").and_then(Json::as_bool).unwrap_or(false);
    let mut results = Vec::new();
    let mut failed = false;
    for part in parts {
        let result = if failed && halt {
            error(
                412,
                "BATCH_PROCESSING_HALTED",
                "Batch processing halted per request, subrequest not processed",
            )
        } else {
            one(state, org, call, part, answer)
        };
        failed |= !result.succeeded();
        results.push(json!({"statusCode": result.status, "result": result.body_json()}));
    }
    Answer::json(200, json!({"hasErrors": failed, "results": results}))
}

/// How many API calls a batch counts as.
pub(super) fn count(body: &Bytes) -> u64 {
    let parsed: Option<Json> = serde_json::from_slice(body).ok();
    let parts = parsed.as_ref().and_then(|body| body.get("batchRequests")?.as_array());
    parts.map_or(1, |parts| parts.len().clamp(1, MAX_CALLS) as u64)
}

fn one(state: &EmulatorState, org: &mut Org, outer: &Call, part: &Json, answer: Dispatch) -> Answer {
    let text = |key: &str| part.get(key).and_then(Json::as_str).unwrap_or_default();
    let (url, method) = (text("url"), text("method").to_ascii_uppercase());
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let path = segments(path);
    let version = path.first().and_then(|version| versions::parse(version));
    let Some(version) = version.filter(|version| *version <= outer.version) else { return not_found() };
    let names: Vec<String> = path.iter().skip(1).map(|part| part.to_ascii_lowercase()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // A batch inside a batch could nest without end.
    if matches!(names.as_slice(), ["composite"] | ["composite", "batch" | "graph", ..]) {
        return not_found();
    }
    let call = Call {
        method,
        path: path[1..].to_vec(),
        query: pairs(query.as_bytes()),
        body: part.get("richInput").map_or_else(Bytes::new, |input| Bytes::from(input.to_string())),
        version,
        base_path: format!("/services/data/v{version}.0"),
        row_locked: Arc::clone(&outer.row_locked),
        ..outer.clone()
    };
    answer(state, org, &call)
}
