//! `/submissions`, and sending one by a program (F4).

use crate::actions::form::after;
use crate::actions::form::submission;
use crate::actions::form::submission::{NewSubmission, Sender, SubmissionProblem};
use crate::api::booking::response::{AnswerSchema, EntryResponse};
use crate::api::delivery::response::DeliveryResponse;
use crate::api::form::forms::find;
use crate::api::form::response::{SubmissionDetails, SubmissionList, SubmissionResponse, ThenResponse};
use crate::api::refusals::{Invalid, InvalidBooking, NotFound, Refused};
use crate::api::value::Id;
use crate::auth::api_caller::Caller;
use crate::http::json::{Body, Parameters, idempotency_key};
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use domain::form::{AfterSubmission, Answers};
use domain::value::{FieldProblem, Language, SubmissionId};
use serde::{Deserialize, Serialize};
use storage::delivery::{deliveries, timeline};
use storage::form::{forms, submissions};
use storage::org::connections;

/// What is sent by a form.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmissionBody {
    /// Answers by question key; a name whole, or in parts as `KEY.family` and `KEY.given`.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, AnswerSchema>)]
    answers: Answers,
    /// The page on which the form stood.
    #[serde(default)]
    page_url: Option<String>,
    /// The caller's own ID for it.
    #[serde(default)]
    external_id: Option<String>,
    /// `ja` or `en`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Option<Language>,
}

/// Sends a form; responds at once, without a call to Salesforce.
#[utoipa::path(
    post, path = "/forms/{slug}/submissions", tag = "forms", operation_id = "create_submission", request_body = SubmissionBody,
    params(
        ("slug" = String, Path, description = "The form's part of the address"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeated request with the same key returns the first submission"),
    ),
    responses((status = 201, description = "The submission with its deliveries", body = SubmissionDetails), Refused, InvalidBooking, NotFound),
)]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Body(body): Body<SubmissionBody>,
) -> Result<(StatusCode, Json<SubmissionDetails>), Problem> {
    let form = find(&state, &caller, &slug).await?;
    let idempotency = idempotency_key(&headers, &(&slug, &body))?;
    let new = NewSubmission {
        answers: body.answers,
        page_url: body.page_url.unwrap_or_default(),
        language: body.language.unwrap_or(caller.language),
        external_id: body.external_id,
        sender: Sender::Program { actor: caller.actor.clone(), idempotency },
    };
    let taken = submission::take(&state, caller.workspace, &form, new).await.map_err(refuse)?;
    Ok((StatusCode::CREATED, Json(full(&state, &caller, taken.id).await?)))
}

fn refuse(problem: SubmissionProblem) -> Problem {
    match problem {
        SubmissionProblem::Invalid(fields) => Problem::invalid(fields),
        SubmissionProblem::KeyReused => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused")
        }
        SubmissionProblem::Storage(error) => Problem::from(error),
    }
}

const MAX_SUBMISSIONS: u32 = 200;

/// Which part of a list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// Submissions per page, 1 to 200; a larger number gives 200, and 50 is meant when it is missing.
    #[param(minimum = 0)]
    limit: Option<i32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// The workspace's submissions, latest first.
#[utoipa::path(
    get, path = "/submissions", tag = "forms", operation_id = "list_submissions", params(Part),
    responses((status = 200, description = "Submissions, latest first, and the next cursor", body = SubmissionList), Refused, Invalid),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Parameters(part): Parameters<Part>,
) -> Result<Json<SubmissionList>, Problem> {
    let wanted = part.limit.unwrap_or(50);
    if wanted < 0 {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_SUBMISSIONS);
        return Err(Problem::invalid_field(fault));
    }
    let limit = u32::try_from(wanted).unwrap_or(MAX_SUBMISSIONS).clamp(1, MAX_SUBMISSIONS);
    let before = part.cursor.as_deref().map(str::parse::<SubmissionId>).transpose();
    let before = before.map_err(|_| Problem::invalid_field(FieldProblem::new("cursor", "bad-cursor")))?;
    let found = submissions::list(&state.database.read(), caller.workspace, before, limit).await?;
    let next = (found.len() == limit as usize).then(|| found.last().map(|last| last.id)).flatten();
    Ok(Json(SubmissionList {
        submissions: found.into_iter().map(SubmissionResponse::from).collect(),
        next_cursor: next.map(Id::from),
    }))
}

/// One submission with its deliveries and timeline.
#[utoipa::path(
    get, path = "/submissions/{id}", tag = "forms", operation_id = "show_submission",
    params(("id" = String, Path, description = "The ID")),
    responses((status = 200, description = "The submission with deliveries and timeline", body = SubmissionDetails), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<SubmissionDetails>, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    Ok(Json(full(&state, &caller, id).await?))
}

async fn full(state: &AppState, caller: &Caller, id: SubmissionId) -> Result<SubmissionDetails, Problem> {
    let read = state.database.read();
    let submission = submissions::find(&read, caller.workspace, id).await?;
    let submission = submission.ok_or_else(Problem::not_found)?;
    let connection = connections::find(&read, caller.workspace).await?;
    let instance = connection.as_ref().map(|connection| connection.instance_url.as_str());
    let deliveries = deliveries::of_subjects(&read, caller.workspace, &[id.into()]).await?;
    let entries = timeline::list(&read, caller.workspace, id.into()).await?;
    let form = forms::find(&read, caller.workspace, submission.form).await?;
    let then = form.map(|form| form.then).unwrap_or_default();
    let deliveries = deliveries.iter().map(|one| DeliveryResponse::of(one, instance, caller.language));
    let text = matches!(then, AfterSubmission::Message { .. });
    let language = submission.language;
    Ok(SubmissionDetails {
        deliveries: deliveries.collect(),
        timeline: entries.iter().map(|entry| EntryResponse::of(entry, caller.language)).collect(),
        then: ThenResponse {
            kind: then.name(),
            url: after::address(state, caller.workspace, &submission, &then),
            text: text.then(|| after::message(&then, language)),
        },
        submission: submission.into(),
    })
}
