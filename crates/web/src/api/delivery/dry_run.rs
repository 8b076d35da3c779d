//! `/dry-run`: what a booking would do in Salesforce now, and why; writes nothing (K20).

use crate::actions::org_request::request_and_wait;
use crate::api::booking::bookings::find_page;
use crate::api::booking::response::step;
use crate::api::org_problem::{TIMEOUT, org_problem};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use domain::form::{Answers, check_answers};
use domain::value::{EmailAddress, FieldProblem};
use serde::Deserialize;
use serde_json::{Value, json};
use storage::org_request::{OrgRequest, OrgResponse};

/// What to try.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DryRunBody {
    page: String,
    email: String,
    #[serde(default)]
    #[schema(value_type = Object)]
    answers: Answers,
    #[serde(default)]
    host: Option<String>,
}

/// Returns the plan of every delivery of such a booking.
#[utoipa::path(post, path = "/dry-run", tag = "bookings", request_body = DryRunBody, responses((status = 200, description = "What a booking would do in Salesforce now, and why"), (status = 409, description = "Not connected"), (status = 422, description = "Some fields are invalid"), (status = 502, description = "Could not reach Salesforce"), (status = 401, description = "The API key is not valid")))]
pub async fn run(
    State(state): State<AppState>,
    caller: Caller,
    Body(trial): Body<DryRunBody>,
) -> Result<Json<Value>, Problem> {
    let page = find_page(&state, caller, &trial.page).await?;
    let email = EmailAddress::parse(&trial.email)
        .map_err(|_| Problem::invalid_field(FieldProblem::new("email", "not-an-email")))?;
    // A trial needn't answer everything, but what it answers must be possible.
    let optional: Vec<_> = page
        .fields
        .iter()
        .cloned()
        .map(|mut field| {
            field.required = false;
            field
        })
        .collect();
    let answers = check_answers(&optional, &trial.answers).map_err(Problem::invalid)?;
    let question = OrgRequest::DryRun { page: page.id, email: email.to_string(), answers, host: trial.host };
    let answer = request_and_wait(&state, caller.workspace, &question, TIMEOUT).await;
    match answer? {
        Some(OrgResponse::DryRun { plans }) => {
            let shown: Vec<Value> = plans
                .iter()
                .map(|(kind, plan)| {
                    let explanation: Vec<Value> =
                        plan.steps.iter().map(|one| step(one, caller.language)).collect();
                    json!({ "kind": kind, "writes": plan.writes, "explanation": explanation })
                })
                .collect();
            Ok(Json(json!({ "plans": shown })))
        }
        answer => Err(org_problem(answer.as_ref())),
    }
}
