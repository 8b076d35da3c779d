//! `/dry-run`: what a booking would do in Salesforce now, and why; writes nothing (K20).

use crate::actions::dry_run;
use crate::actions::org_request::request_and_wait;
use crate::api::booking::bookings::find_page;
use crate::api::booking::response::AnswerSchema;
use crate::api::delivery::response::StepResponse;
use crate::api::org_problem::{TIMEOUT, org_problem};
use crate::api::refusals::{InvalidBody, NoOrg, Refused};
use crate::api::value::DeliveryKindWord;
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use domain::delivery::{Operation, Write};
use domain::form::Answers;
use domain::value::Language;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use storage::org_request::OrgResponse;

/// What to try.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DryRunBody {
    /// The page: `team/page`, or the page's own part when only one page has it.
    page: String,
    /// The visitor's email address.
    email: String,
    /// Answers by question key.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, AnswerSchema>)]
    answers: Answers,
    /// The member who attends, by ID or email address.
    #[serde(default)]
    host: Option<String>,
}

/// What a booking would do.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DryRun)]
pub struct DryRunResponse {
    /// One plan for each delivery.
    plans: Vec<PlanResponse>,
}

/// What a delivery would do, and why.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Plan)]
pub struct PlanResponse {
    /// Which delivery.
    kind: DeliveryKindWord,
    /// What it would write.
    writes: Vec<WriteResponse>,
    /// Why.
    explanation: Vec<StepResponse>,
}

/// One write to one record.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = PlannedWrite)]
pub struct WriteResponse {
    /// `create` or `update`.
    #[schema(example = "update")]
    write: &'static str,
    /// The API name of the object.
    #[schema(example = "Lead")]
    object: String,
    /// The record's ID; only for updates.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "00Q000000000001AAA", nullable = false)]
    id: Option<String>,
    /// Values by field.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "Title": "部長" }))]
    fields: Map<String, Value>,
}

impl From<&Write> for WriteResponse {
    fn from(write: &Write) -> Self {
        let (word, id) = match &write.operation {
            Operation::Create | Operation::Upsert { .. } => ("create", None),
            Operation::Update { id } => ("update", Some(id.clone())),
        };
        Self { write: word, object: write.object.clone(), id, fields: write.fields.clone() }
    }
}

/// Returns the plan of every delivery of such a booking.
#[utoipa::path(
    post, path = "/dry-run", tag = "bookings", operation_id = "dry_run", request_body = DryRunBody,
    responses((status = 200, description = "What a booking would do in Salesforce now, and why", body = DryRunResponse), Refused, InvalidBody, NoOrg),
)]
pub async fn run(
    State(state): State<AppState>,
    caller: Caller,
    Body(trial): Body<DryRunBody>,
) -> Result<Json<DryRunResponse>, Problem> {
    let page = find_page(&state, &caller, &trial.page).await?;
    let question = dry_run::request(&page, &trial.email, &trial.answers, trial.host, caller.language);
    let question = question.map_err(Problem::invalid)?;
    let answer = request_and_wait(&state, caller.workspace, &question, TIMEOUT).await;
    response(answer?, caller.language).map(Json)
}

/// The plans that the engine answered with.
pub(crate) fn response(answer: Option<OrgResponse>, language: Language) -> Result<DryRunResponse, Problem> {
    match answer {
        Some(OrgResponse::DryRun { plans }) => {
            let plans = plans.iter().map(|(kind, plan)| PlanResponse {
                kind: (*kind).into(),
                writes: plan.writes.iter().map(WriteResponse::from).collect(),
                explanation: StepResponse::all(&plan.steps, language),
            });
            Ok(DryRunResponse { plans: plans.collect() })
        }
        answer => Err(org_problem(answer.as_ref())),
    }
}
