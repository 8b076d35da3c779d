//! `POST /hooks/mail/{token}`: what mail services and mailboxes report of mails that came back.

use crate::actions::mailing::reports;
use crate::actions::mailing::reports::MailReport;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use domain::mailing::{BounceKind, parse_dsn};
use domain::value::{FieldProblem, WorkspaceId};
use serde::{Deserialize, Serialize};
use storage::mailing::links::read_report_token;

/// Reports of one call at most.
const MAX_REPORTS: usize = 1_000;
/// Characters of a status at most.
const MAX_STATUS: usize = 60;

#[derive(Deserialize)]
struct Given {
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    message_id: String,
    kind: String,
    #[serde(default)]
    status: String,
}

/// How many reports were new, and how many were known already or about no mail of ours.
#[derive(Serialize)]
pub struct Kept {
    kept: usize,
    ignored: usize,
}

/// Keeps them. The body is `{"events": [{"message_id", "kind": "hard"|"soft"|"complaint", "status"?}]}`, or a whole
/// delivery status notification as `message/rfc822`.
pub async fn receive(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Kept>, Problem> {
    let workspace: WorkspaceId =
        read_report_token(state.database.vault(), &token).ok_or_else(Problem::not_found)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let found = if kind.starts_with("message/") || kind.starts_with("multipart/report") {
        of_notification(&String::from_utf8_lossy(&body))
    } else {
        of_json(&body)?
    };
    let kept = reports::keep(&state, workspace, &found).await?;
    Ok(Json(Kept { kept, ignored: found.len() - kept }))
}

fn of_notification(raw: &str) -> Vec<MailReport> {
    let reports = parse_dsn(raw).into_iter();
    reports.map(|one| MailReport { message_id: one.message_id, kind: one.kind, status: one.status }).collect()
}

fn of_json(body: &[u8]) -> Result<Vec<MailReport>, Problem> {
    let unreadable = || Problem::invalid_field(FieldProblem::new("events", "required"));
    let given: Given = serde_json::from_slice(body).map_err(|_| unreadable())?;
    if given.events.len() > MAX_REPORTS {
        return Err(Problem::invalid_field(FieldProblem::new("events", "too-many").with("max", MAX_REPORTS)));
    }
    let report = |(place, event): (usize, Event)| {
        let kind = BounceKind::parse(&event.kind).ok_or_else(|| {
            let problem = FieldProblem::new(format!("events[{place}].kind"), "not-an-option");
            Problem::invalid_field(problem.with("value", &event.kind))
        })?;
        let status = event.status.chars().take(MAX_STATUS).collect();
        Ok(MailReport { message_id: event.message_id, kind, status })
    };
    given.events.into_iter().enumerate().map(report).collect()
}
