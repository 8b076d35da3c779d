//! `/salesforce/preflight`: the checks before the first booking (C8).

use crate::actions::org_request::request_and_wait;
use crate::auth::api_caller::Caller;
use crate::http::problem::Problem;
use crate::state::AppState;
use crate::text::catalogue;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use storage::org_request::{OrgRequest, OrgResponse};

/// How long an API caller waits for an answer that needs Salesforce.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(45);

/// Runs the preflight and returns its results.
#[utoipa::path(post, path = "/salesforce/preflight", tag = "salesforce", responses((status = 200, description = "The results of the preflight"), (status = 409, description = "Not connected"), (status = 502, description = "Could not reach Salesforce"), (status = 401, description = "The API key is not valid")))]
pub async fn run(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let answer = request_and_wait(&state, caller.workspace, &OrgRequest::Preflight, TIMEOUT).await;
    match answer.map_err(|error| Problem::storage(&error, caller.language))? {
        Some(OrgResponse::Preflight { checks }) => {
            let lines: Vec<Value> = checks
                .iter()
                .map(|check| {
                    let say = |kind: &str| {
                        let key = format!("{kind}-{}", check.finding.code);
                        catalogue::sentence(caller.language, &key, &check.finding.data)
                    };
                    json!({
                        "verdict": check.verdict,
                        "code": check.finding.code,
                        "text": say("check"),
                        "remedy": say("remedy"),
                        "data": check.finding.data,
                    })
                })
                .collect();
            Ok(Json(json!({ "checks": lines })))
        }
        answer => Err(timeout_problem(answer.as_ref(), caller)),
    }
}

/// Why an inquiry has no answer of the kind that was asked for.
pub(crate) fn timeout_problem(answer: Option<&OrgResponse>, caller: Caller) -> Problem {
    match answer {
        Some(OrgResponse::NotConnected) => {
            Problem::new(StatusCode::CONFLICT, "not-connected", caller.language)
        }
        Some(_) => Problem::new(StatusCode::BAD_GATEWAY, "salesforce-unavailable", caller.language),
        None => Problem::new(StatusCode::GATEWAY_TIMEOUT, "no-answer-yet", caller.language),
    }
}
