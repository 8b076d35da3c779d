//! Every bulk resource on one screen.

use std::sync::Arc;

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::error::{method_not_allowed, not_found};
use super::{ingest, list, query, results};
use crate::org::ids::RecordId;
use crate::site::Site;

/// The first version that loads.
const INGEST_SINCE: u32 = 41;
/// The first version that queries.
const QUERY_SINCE: u32 = 47;
/// The first version that hands out a result in parts.
const PAGES_SINCE: u32 = 58;

/// Answers a call whose path begins with `jobs`. It takes the org's lock only where it needs the org.
pub(in crate::http) fn answer(site: &Arc<Site>, call: &Call) -> Answer {
    let path: Vec<String> = call.path.iter().map(|part| part.to_ascii_lowercase()).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let since = if path.get(1) == Some(&"query") { QUERY_SINCE } else { INGEST_SINCE };
    if call.version < since {
        return not_found();
    }
    // An id keeps its case.
    let id = call.path.get(2).map(|text| RecordId::parse(text));
    let Some(id) = id.map_or(Some(RecordId::LOWEST), |id| id) else { return not_found() };
    match (call.method.as_str(), path.as_slice()) {
        ("POST", ["jobs", "ingest"]) => ingest::create(site, call),
        ("GET" | "HEAD", ["jobs", "ingest"]) => list::ingest(site, call),
        ("GET" | "HEAD", ["jobs", "ingest", _]) => ingest::show(site, id),
        ("PATCH", ["jobs", "ingest", _]) => ingest::change_state(site, call, id),
        ("DELETE", ["jobs", "ingest", _]) => ingest::delete(site, id),
        ("PUT", ["jobs", "ingest", _, "batches"]) => ingest::upload(site, call, id),
        ("GET" | "HEAD", ["jobs", "ingest", _, table]) => results::ingest(site, id, table),
        ("POST", ["jobs", "query"]) => query::create(site, call),
        ("GET" | "HEAD", ["jobs", "query"]) => list::query(site, call),
        ("GET" | "HEAD", ["jobs", "query", _]) => query::show(site, id),
        ("PATCH", ["jobs", "query", _]) => query::abort(site, call, id),
        ("DELETE", ["jobs", "query", _]) => query::delete(site, id),
        ("GET" | "HEAD", ["jobs", "query", _, "results"]) => results::query(site, call, id),
        (_, ["jobs", "query", _, "resultpages"]) if call.version < PAGES_SINCE => not_found(),
        ("GET" | "HEAD", ["jobs", "query", _, "resultpages"]) => results::query_pages(site, call, id),
        (method, ["jobs", "ingest" | "query"]) => method_not_allowed(method, &["HEAD", "GET", "POST"]),
        (method, ["jobs", "ingest" | "query", _]) => {
            method_not_allowed(method, &["HEAD", "GET", "PATCH", "DELETE"])
        }
        (method, ["jobs", "ingest", _, "batches"]) => method_not_allowed(method, &["PUT"]),
        (method, ["jobs", "ingest" | "query", _, _]) => method_not_allowed(method, &["HEAD", "GET"]),
        _ => not_found(),
    }
}
