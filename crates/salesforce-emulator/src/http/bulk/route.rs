//! Every bulk resource on one screen.

use std::sync::Arc;

use crate::http::answer::Answer;
use crate::http::bulk::{ingest, list, query, results};
use crate::http::call::Call;
use crate::http::error::{method_not_allowed, not_found};
use crate::org::ids::RecordId;
use crate::state::EmulatorState;

/// The first version that loads.
const INGEST_SINCE: u32 = 41;
/// The first version that queries.
const QUERY_SINCE: u32 = 47;
/// The first version that hands out a result in parts.
const PAGES_SINCE: u32 = 58;

/// Answers a call whose path begins with `jobs`. It takes the org's lock only where it needs the org.
pub(in crate::http) fn answer(state: &Arc<EmulatorState>, call: &Call) -> Answer {
    let path: Vec<String> = call.path.iter().skip(1).map(|part| part.to_ascii_lowercase()).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let since = match path.as_slice() {
        ["query", _, "resultpages"] => PAGES_SINCE,
        ["query", ..] => QUERY_SINCE,
        _ => INGEST_SINCE,
    };
    if call.version < since {
        return not_found();
    }
    match (call.method.as_str(), path.as_slice()) {
        ("POST", ["ingest"]) => ingest::create(state, call),
        ("GET" | "HEAD", ["ingest"]) => list::ingest(state, call),
        ("POST", ["query"]) => query::create(state, call),
        ("GET" | "HEAD", ["query"]) => list::query(state, call),
        (method, ["ingest" | "query"]) => method_not_allowed(method, &["HEAD", "GET", "POST"]),
        // An id keeps its case.
        (_, [kind @ ("ingest" | "query"), _, rest @ ..]) => match RecordId::parse(&call.path[2]) {
            Some(id) => one_job(state, call, kind, id, rest),
            None => not_found(),
        },
        _ => not_found(),
    }
}

fn one_job(state: &Arc<EmulatorState>, call: &Call, kind: &str, id: RecordId, rest: &[&str]) -> Answer {
    match (call.method.as_str(), kind, rest) {
        ("GET" | "HEAD", "ingest", []) => ingest::show(state, id),
        ("PATCH", "ingest", []) => ingest::change_state(state, call, id),
        ("DELETE", "ingest", []) => ingest::delete(state, id),
        ("PUT", "ingest", ["batches"]) => ingest::upload(state, call, id),
        (method, "ingest", ["batches"]) => method_not_allowed(method, &["PUT"]),
        ("GET" | "HEAD", "ingest", [table]) => results::ingest(state, id, table),
        ("GET" | "HEAD", "query", []) => query::show(state, id),
        ("PATCH", "query", []) => query::abort(state, call, id),
        ("DELETE", "query", []) => query::delete(state, id),
        ("GET" | "HEAD", "query", ["results"]) => results::query(state, call, id),
        ("GET" | "HEAD", "query", ["resultpages"]) => results::query_pages(state, call, id),
        (method, _, []) => method_not_allowed(method, &["HEAD", "GET", "PATCH", "DELETE"]),
        ("GET" | "HEAD", ..) => not_found(),
        (method, _, [_]) => method_not_allowed(method, &["HEAD", "GET"]),
        _ => not_found(),
    }
}
