//! `/forms`: forms and their settings (F1–F3).

use crate::actions::form::forms as actions;
use crate::actions::form::forms::FormChange;
use crate::actions::org_request::request_and_wait;
use crate::api::booking::response::AnswerSchema;
use crate::api::delivery::dry_run::{DryRunResponse, response as response_of_dry_run};
use crate::api::form::body::FormBody;
use crate::api::form::response::{FormList, FormResponse};
use crate::api::org_problem::TIMEOUT;
use crate::api::refusals::{InvalidBody, NoOrg, NotFound, Refused};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::form::{Answers, Form};
use serde::Deserialize;
use storage::form::forms;

/// The workspace's forms.
#[utoipa::path(
    get, path = "/forms", tag = "forms", operation_id = "list_forms",
    responses((status = 200, description = "Forms", body = FormList), Refused),
)]
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<FormList>, Problem> {
    let found = forms::list(&state.database.read(), caller.workspace).await?;
    Ok(Json(FormList { forms: found.into_iter().map(|form| response(&state, form)).collect() }))
}

/// One form.
#[utoipa::path(
    get, path = "/forms/{slug}", tag = "forms", operation_id = "show_form",
    params(("slug" = String, Path, description = "Its part of the address")),
    responses((status = 200, description = "The form", body = FormResponse), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<FormResponse>, Problem> {
    let form = find(&state, &caller, &slug).await?;
    Ok(Json(response(&state, form)))
}

/// Creates a form.
#[utoipa::path(
    post, path = "/forms", tag = "forms", operation_id = "create_form", request_body = FormBody,
    responses((status = 201, description = "The form", body = FormResponse), Refused, InvalidBody, NoOrg),
)]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<FormBody>,
) -> Result<(StatusCode, Json<FormResponse>), Problem> {
    let form = body.into_form(storage::ids::new(state.clock.now()));
    let saved = actions::save(
        &state,
        caller.workspace,
        form,
        FormChange::Created,
        Vec::new(),
        &caller.actor,
        TIMEOUT,
    );
    let form = saved.await?.map_err(Problem::from)?;
    Ok((StatusCode::CREATED, Json(response(&state, form))))
}

/// Replaces a form.
#[utoipa::path(
    put, path = "/forms/{slug}", tag = "forms", operation_id = "save_form", request_body = FormBody,
    params(("slug" = String, Path, description = "Its part of the address")),
    responses((status = 200, description = "The form as saved", body = FormResponse), Refused, InvalidBody, NotFound, NoOrg),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
    Body(body): Body<FormBody>,
) -> Result<Json<FormResponse>, Problem> {
    let known = find(&state, &caller, &slug).await?;
    let change = FormChange::Replaced { seen: known.version };
    let form = body.into_form(known.id);
    let saved =
        actions::save(&state, caller.workspace, form, change, Vec::new(), &caller.actor, TIMEOUT).await?;
    Ok(Json(response(&state, saved.map_err(Problem::from)?)))
}

/// Removes a form; what was sent by it stays.
#[utoipa::path(
    delete, path = "/forms/{slug}", tag = "forms", operation_id = "remove_form",
    params(("slug" = String, Path, description = "Its part of the address")),
    responses((status = 204, description = "It is removed"), Refused, NotFound),
)]
pub async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<StatusCode, Problem> {
    let form = find(&state, &caller, &slug).await?;
    let removed = actions::remove(&state, caller.workspace, (form.id, &form.slug), &caller.actor).await?;
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// The answers to try.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormDryRunBody {
    /// Answers by question key.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, AnswerSchema>)]
    answers: Answers,
}

/// Returns what such a submission would do.
#[utoipa::path(
    post, path = "/forms/{slug}/dry-run", tag = "forms", operation_id = "dry_run_form", request_body = FormDryRunBody,
    params(("slug" = String, Path, description = "Its part of the address")),
    responses((status = 200, description = "What a submission would do in Salesforce now, and why", body = DryRunResponse), Refused, InvalidBody, NotFound, NoOrg),
)]
pub async fn dry_run(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
    Body(body): Body<FormDryRunBody>,
) -> Result<Json<DryRunResponse>, Problem> {
    let form = find(&state, &caller, &slug).await?;
    let question = actions::dry_run(&form, &body.answers, caller.language).map_err(Problem::invalid)?;
    let answer = request_and_wait(&state, caller.workspace, &question, TIMEOUT).await?;
    response_of_dry_run(answer, caller.language).map(Json)
}

pub(super) async fn find(state: &AppState, caller: &Caller, slug: &str) -> Result<Form, Problem> {
    let found = forms::find_by_slug(&state.database.read(), caller.workspace, slug).await?;
    found.ok_or_else(Problem::not_found)
}

fn response(state: &AppState, form: Form) -> FormResponse {
    FormResponse::of(form, state.settings.public_url.as_str().trim_end_matches('/'))
}
