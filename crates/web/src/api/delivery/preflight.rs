//! `/salesforce/preflight`: the checks before the first booking (C8).

use crate::actions::org_request::request_and_wait;
use crate::api::org_problem::{TIMEOUT, org_problem};
use crate::auth::api_caller::Caller;
use crate::http::problem::Problem;
use crate::state::AppState;
use crate::text::catalogue;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use storage::org_request::{OrgRequest, OrgResponse};

/// Runs the preflight and returns its results.
#[utoipa::path(post, path = "/salesforce/preflight", tag = "salesforce", responses((status = 200, description = "The results of the preflight"), (status = 409, description = "Not connected"), (status = 502, description = "Could not reach Salesforce"), (status = 401, description = "The API key is not valid")))]
pub async fn run(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let answer = request_and_wait(&state, caller.workspace, &OrgRequest::Preflight, TIMEOUT).await;
    match answer? {
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
        answer => Err(org_problem(answer.as_ref())),
    }
}
