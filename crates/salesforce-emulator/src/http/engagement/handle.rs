//! Who calls, in which business unit, and how often they may.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response};
use bytes::Bytes;

use crate::engagement::error::{Problem, Refusal};
use crate::http::answer::{respond, set};
use crate::http::authentication::token;
use crate::http::call::{pairs, segments};
use crate::http::engagement::call::{EngagementCall, refused};
use crate::http::engagement::{exports, objects};
use crate::http::error;
use crate::http::middleware::last_modified;
use crate::lock::lock;
use crate::org::ids::RecordId;
use crate::sessions::Checked;
use crate::state::EmulatorState;

/// The header that names the business unit.
const BUSINESS_UNIT: &str = "pardot-business-unit-id";

/// Answers a request to Account Engagement.
pub(in crate::http) async fn handle(
    State(state): State<Arc<EmulatorState>>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let done = tokio::task::spawn_blocking(move || serve(&state, &parts, body)).await;
    done.unwrap_or_else(|_| error::error(500, "UNKNOWN_EXCEPTION", "").into_response(false))
}

fn serve(state: &EmulatorState, parts: &Parts, body: Bytes) -> Response<Body> {
    let admitted = authenticate(state, parts, body);
    let used = admitted.as_ref().ok().map(|(_, used)| *used);
    let answered = admitted.and_then(|(call, _)| answer(state, &call));
    let mut response = answered.unwrap_or_else(|problem| refused(&problem).into_response(false));
    let asked = parts.headers.get("x-return-api-usage").is_some_and(|value| value == "1");
    if let Some(used) = used.filter(|_| asked) {
        let limit = lock(&state.engagement).limits.daily_requests;
        set(&mut response, "x-api-usage", &format!("{used}/{limit}"));
    }
    response
}

fn answer(state: &EmulatorState, call: &EngagementCall) -> Result<Response<Body>, Problem> {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let answer = match (call.method.as_str(), path.as_slice()) {
        ("GET", ["exports", number, "results", place]) => {
            let file = exports::file(state, call, number, place)?;
            return Ok(respond(200, "text/csv;charset=UTF-8", file));
        }
        (_, ["objects", collection, rest @ ..]) => objects::answer(state, call, collection, rest)?,
        (_, ["exports", rest @ ..]) => exports::answer(state, call, rest)?,
        _ => return Err(Refusal::UnknownObject.into()),
    };
    Ok(answer.into_response(false))
}

/// Lets a caller in, or says why not; tells how many requests the business unit has answered today.
fn authenticate(state: &EmulatorState, parts: &Parts, body: Bytes) -> Result<(EngagementCall, u64), Problem> {
    let path = segments(parts.uri.path());
    if path.get(1).map(String::as_str) != Some("v5") {
        return Err(Refusal::InvalidVersion.into());
    }
    let user = caller(state, &parts.headers)?;
    let unit = business_unit(state, &parts.headers)?;
    let writes = !parts.method.is_safe() && !body.is_empty();
    if writes && !header(&parts.headers, "content-type").is_none_or(|kind| kind.contains("json")) {
        return Err(Refusal::InvalidHeader.about("Content-Type"));
    }
    let (zone, today, now) = {
        let org = state.read();
        (org.time_zone_of(user), org.today(), org.now())
    };
    let used = lock(&state.engagement).count_request(&unit, today, now)?;
    let call = EngagementCall {
        method: parts.method.as_str().to_owned(),
        path: path.into_iter().skip(2).collect(),
        parameters: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        body,
        modified_since: header(&parts.headers, "if-modified-since").and_then(last_modified::parse),
        unit,
        address: state.public_url.clone(),
        user,
        zone,
        now,
    };
    Ok((call, used))
}

/// The user behind the access token.
///
/// Which refusal a token without the scope gets is not documented; it is treated as one that is of no use here.
fn caller(state: &EmulatorState, headers: &HeaderMap) -> Result<RecordId, Problem> {
    let token = token(headers).ok_or(Refusal::InvalidToken)?;
    let minutes = state.read().settings.limits.session_minutes;
    let Checked::Good(grant) = lock(&state.sessions).check(&token, state.clock.now(), minutes) else {
        return Err(Refusal::InvalidToken.into());
    };
    if !grant.allows("pardot_api") || !state.read().user_flag(grant.user, "IsActive") {
        return Err(Refusal::InvalidToken.into());
    }
    if lock(&state.engagement).users_without_access.contains(&grant.user) {
        return Err(Refusal::AccessDenied.into());
    }
    Ok(grant.user)
}

fn business_unit(state: &EmulatorState, headers: &HeaderMap) -> Result<String, Problem> {
    let id = header(headers, BUSINESS_UNIT).ok_or(Refusal::MissingHeader.about("Pardot-Business-Unit-Id"))?;
    let well_formed =
        id.len() == 18 && id.starts_with("0Uv") && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !well_formed {
        return Err(Refusal::InvalidHeader.about("Pardot-Business-Unit-Id"));
    }
    let engagement = lock(&state.engagement);
    engagement.unit(id).filter(|unit| unit.active).ok_or(Refusal::BusinessUnit)?;
    Ok(id.to_owned())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim).filter(|value| !value.is_empty())
}
