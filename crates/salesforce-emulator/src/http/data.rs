//! `/services/data/…`: who calls, which version, and the headers around the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use bytes::Bytes;

use crate::http::answer::{Answer, set};
use crate::http::authentication::authenticate;
use crate::http::call::{Call, RowLocked, pairs, segments};
use crate::http::error::{error, not_found};
use crate::http::extensions::{ApiCalls, RowLockMet};
use crate::http::{batch, bulk, route, versions, viewed, xml};
use crate::lock::lock;
use crate::org::about_caller::asks_about_caller;
use crate::org::clock::Stamps;
use crate::org::ids::RecordId;
use crate::sessions::secret;
use crate::state::EmulatorState;

/// Longest address taken, in bytes.
const MAX_ADDRESS: usize = 16_384;

/// Answers a request to the data API.
pub(super) async fn handle(State(state): State<Arc<EmulatorState>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let work = move || serve(&state, &parts, body);
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| {
        error(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred.").into_response(false)
    })
}

fn serve(state: &Arc<EmulatorState>, parts: &axum::http::request::Parts, body: Bytes) -> Response<Body> {
    let pretty = parts.headers.get("x-prettyprint").is_some_and(|value| value == "1");
    let path = segments(parts.uri.path());
    if parts.uri.path_and_query().is_some_and(|target| target.as_str().len() > MAX_ADDRESS) {
        return error(414, "URI_TOO_LONG", "The request URI is too long.").into_response(pretty);
    }
    if path.len() == 2 {
        return dress(versions::list(), None, parts, pretty);
    }
    let Some(version) = versions::parse(&path[2]) else { return not_found().into_response(pretty) };
    let user = match authenticate(state, &parts.headers) {
        Ok(user) => user,
        Err(refused) => return dress(*refused, None, parts, pretty),
    };
    if let Some(retired) = versions::retired(version) {
        return dress(retired, None, parts, pretty);
    }
    let calls = if is_batch(&path) { batch::count(&body) } else { 1 };
    let (used, limit) = count(state, calls);
    if used > limit {
        let refused = error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
        return dress(refused, Some((used.min(limit), limit)), parts, pretty);
    }
    // In two steps, so that readers do not wait for each other.
    let due = state.read().upkeep_is_due();
    if due {
        state.write().do_upkeep();
    }
    let met = Arc::new(AtomicBool::new(false));
    let mut call = call(parts, body, &path, version, user, row_locks(state, parts, &met));
    let in_xml = xml::wanted(&mut call);
    let answer = if call.path.first().is_some_and(|first| first.eq_ignore_ascii_case("jobs")) {
        // Jobs take the org's lock by themselves: an upload must not hold everybody else up.
        bulk::answer(state, &call)
    } else {
        answer(state, &call, parts.extensions.get::<Stamps>().copied().unwrap_or_default())
    };
    let answer = if in_xml { xml::convert(answer) } else { answer };
    let mut response = dress(answer, Some((used, limit)), parts, pretty);
    response.extensions_mut().insert(ApiCalls(calls));
    if met.load(Ordering::Relaxed) {
        response.extensions_mut().insert(RowLockMet);
    }
    response
}

/// Answers a call. Readers share the org, unless what they read depends on who they are.
fn answer(state: &EmulatorState, call: &Call, stamps: Stamps) -> Answer {
    let about_caller = call.reads() && call.parameter("q").is_some_and(asks_about_caller);
    if call.reads() {
        let stamps = call.parameter("q").and_then(viewed::wanted).is_some();
        let org = state.read();
        if !about_caller && !stamps && !org.sees_less(call.user) {
            return route::read(state, &org, call);
        }
    }
    let mut org = state.write();
    if !call.reads() {
        org.stamps = stamps;
    }
    let answer = org.seen_by(call.user, |org| {
        if !call.reads() {
            return org.coming_from(call.origin(), |org| route::write(state, org, call));
        }
        if about_caller {
            org.set_caller(call.user);
        }
        route::read_and_stamp(state, org, call)
    });
    org.stamps = Stamps::default();
    answer
}

/// Draws whether a row lock meets the next record, and remembers if one ever did.
fn row_locks(
    state: &Arc<EmulatorState>,
    parts: &axum::http::request::Parts,
    met: &Arc<AtomicBool>,
) -> RowLocked {
    let (state, met) = (Arc::clone(state), Arc::clone(met));
    let (method, path) = (parts.method.as_str().to_owned(), parts.uri.path().to_owned());
    Arc::new(move || {
        let locked = state.faults.row_locked(&method, &path);
        met.fetch_or(locked, Ordering::Relaxed);
        locked
    })
}

fn is_batch(path: &[String]) -> bool {
    matches!(path, [_, _, _, first, second] if first.eq_ignore_ascii_case("composite") && second.eq_ignore_ascii_case("batch"))
}

fn call(
    parts: &axum::http::request::Parts,
    body: Bytes,
    path: &[String],
    version: u32,
    user: RecordId,
    row_locked: RowLocked,
) -> Call {
    let query = pairs(parts.uri.query().unwrap_or_default().as_bytes());
    let overridden =
        query.iter().find(|(name, _)| name == "_HttpMethod").map(|(_, method)| method.to_ascii_uppercase());
    let method = parts.method.as_str().to_owned();
    let headers = parts.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    Call {
        method: overridden.filter(|_| method == "POST").unwrap_or(method),
        path: path[3..].to_vec(),
        query,
        headers: headers.collect(),
        body,
        version,
        base_path: format!("/services/data/v{version}.0"),
        user,
        row_locked,
    }
}

/// Counts calls; returns the number of today's calls and the daily limit.
pub(super) fn count(state: &EmulatorState, calls: u64) -> (u64, u64) {
    let used = lock(&state.usage).count(state.clock.now(), calls);
    (used, state.read().settings.limits.daily_api_requests)
}

fn dress(
    answer: Answer,
    usage: Option<(u64, u64)>,
    parts: &axum::http::request::Parts,
    pretty: bool,
) -> Response<Body> {
    let mut response = answer.into_response(pretty);
    if let Some((used, limit)) = usage {
        set(&mut response, "sforce-limit-info", &format!("api-usage={used}/{limit}"));
    }
    edge_headers(&mut response);
    if parts.method == axum::http::Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// The headers that Salesforce's edge gives every answer.
pub(super) fn edge_headers(response: &mut Response<Body>) {
    for (name, value) in [
        ("cache-control", "no-cache,must-revalidate,max-age=0,no-store,private"),
        ("vary", "Accept-Encoding"),
        ("x-robots-tag", "none"),
        ("server", "sfdcedge"),
        ("x-sfdc-edge-cache", "none"),
    ] {
        set(response, name, value);
    }
    let id: String =
        secret(64).chars().filter(char::is_ascii_hexdigit).chain("0".repeat(32).chars()).take(32).collect();
    set(response, "x-sfdc-request-id", &id.to_ascii_lowercase());
    set(response, "x-request-id", &id.to_ascii_lowercase());
    let browser = secret(16);
    for cookie in [
        &*format!("BrowserId={browser}; path=/; Max-Age=31536000"),
        "CookieConsentPolicy=0:1; path=/; Max-Age=31536000",
        "LSKey-c$CookieConsentPolicy=0:1; path=/; Max-Age=31536000",
    ] {
        set(response, "set-cookie", cookie);
    }
}
