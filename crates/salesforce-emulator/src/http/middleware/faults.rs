//! What faults do to a request.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::Next;

use crate::engagement::error::{Problem, Refusal};
use crate::faults::{Hit, Kind, StatusAnswer, StatusBody};
use crate::http::answer::respond;
use crate::http::authentication::token;
use crate::http::engagement;
use crate::http::error::error;
use crate::http::extensions::ApiCalls;
use crate::in_flight::Family;
use crate::lock::lock;
use crate::org::clock::Stamps;
use crate::state::EmulatorState;

const MAINTENANCE: &str = "<html><head><title>Down For Maintenance</title></head><body><p>Sorry to interrupt. We are down for maintenance.</p></body></html>";

/// Account Engagement's code for an internal error.
const ENGAGEMENT_CODE: u16 = 214;

/// The result of a request.
pub(super) struct Outcome {
    /// The answer.
    pub(super) response: Response<Body>,
    /// Whether the connection closes instead of carrying it.
    pub(super) unanswered: bool,
}

/// Answers a request, with the faults that apply to it.
pub(super) async fn run(state: &EmulatorState, hits: &[Hit], mut request: Request, next: Next) -> Outcome {
    let has = |wanted: &Kind| hits.iter().any(|hit| hit.0 == *wanted);
    if has(&Kind::Reset) {
        return Outcome { response: respond(200, "text/plain", ""), unanswered: true };
    }
    if has(&Kind::Revoke) {
        lock(&state.sessions).revoke_all();
    } else if has(&Kind::SessionExpired)
        && let Some(token) = token(request.headers())
    {
        lock(&state.sessions).revoke_access(&token);
    }
    let family = Family::of(request.uri().path());
    let answered = |response| Outcome { response, unanswered: false };
    if has(&Kind::DailyLimit) {
        let refused = match family {
            Some(Family::Engagement) => engagement::refused(&Refusal::DailyLimit.plain()),
            _ => error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
        };
        return answered(refused.into_response(false));
    }
    let replacement = hits.iter().find_map(|hit| match &hit.0 {
        Kind::Status(answer) => Some(answer),
        _ => None,
    });
    if let Some(answer) = replacement.filter(|answer| !answer.after_commit) {
        return answered(replaced(answer, family));
    }
    if let Some(stamps) = stamps(hits) {
        request.extensions_mut().insert(stamps);
    }
    let pause = |early: bool| {
        let slow = hits.iter().find_map(|hit| match hit.0 {
            Kind::Slow { milliseconds, before_commit } if before_commit == early => Some(milliseconds),
            _ => None,
        });
        Duration::from_millis(slow.unwrap_or(0))
    };
    let early = pause(true);
    let mut response = if early.is_zero() {
        next.run(request).await
    } else {
        // An org completes a request even after the client has disconnected.
        let carried_out = tokio::spawn(async move {
            tokio::time::sleep(early).await;
            next.run(request).await
        });
        carried_out.await.unwrap_or_else(|_| respond(200, "text/plain", ""))
    };
    if let Some(answer) = replacement {
        let calls = response.extensions().get::<ApiCalls>().copied();
        response = replaced(answer, family);
        response.extensions_mut().insert(calls.unwrap_or(ApiCalls(0)));
    }
    if let Some(percent) = hits.iter().find_map(|hit| match hit.0 {
        Kind::Cut { percent } => Some(percent),
        _ => None,
    }) {
        response = cut(response, percent).await;
    }
    tokio::time::sleep(pause(false)).await;
    Outcome { response, unanswered: has(&Kind::LostAnswer) }
}

/// The beginning of an answer, as if it were complete.
async fn cut(response: Response<Body>, percent: u64) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let wanted = whole.len() * usize::try_from(percent).unwrap_or(100) / 100;
    let is_table =
        parts.headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/csv"));
    let line_end = whole[..wanted].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(whole.slice(..if is_table { line_end } else { wanted })))
}

/// How the dates of the request's changes differ from the time.
fn stamps(hits: &[Hit]) -> Option<Stamps> {
    let mut stamps = Stamps::default();
    for hit in hits {
        match hit.0 {
            Kind::LateCommit { seconds } => stamps.behind_seconds = i64::try_from(seconds).unwrap_or(0),
            Kind::TiedStamps { seconds } => stamps.tied_seconds = i64::try_from(seconds).unwrap_or(0),
            _ => {}
        }
    }
    (stamps != Stamps::default()).then_some(stamps)
}

fn replaced(answer: &StatusAnswer, family: Option<Family>) -> Response<Body> {
    match answer.body {
        StatusBody::Empty => respond(answer.status, "text/plain", ""),
        StatusBody::Html => respond(answer.status, "text/html;charset=UTF-8", MAINTENANCE),
        StatusBody::Json if family == Some(Family::Engagement) => {
            let code = answer.code.as_deref().and_then(|code| code.parse().ok()).unwrap_or(ENGAGEMENT_CODE);
            let message = answer.message.clone().unwrap_or_else(|| usual(answer.status).1.to_owned());
            engagement::refused(&Problem { status: answer.status, code, message }).into_response(false)
        }
        StatusBody::Json => {
            let (code, message) = usual(answer.status);
            let code = answer.code.as_deref().unwrap_or(code);
            error(answer.status, code, answer.message.as_deref().unwrap_or(message)).into_response(false)
        }
    }
}

/// Code and message that usually come with a status.
fn usual(status: u16) -> (&'static str, &'static str) {
    match status {
        503 => ("SERVER_UNAVAILABLE", "The server is temporarily unavailable. Please try again later."),
        429 | 420 => ("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded."),
        403 => ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
        401 => ("INVALID_SESSION_ID", "Session expired or invalid"),
        400 => ("QUERY_TIMEOUT", "Your query request was running for too long."),
        _ => (
            "UNKNOWN_EXCEPTION",
            "An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (1234567890)",
        ),
    }
}
