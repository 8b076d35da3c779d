//! `/engagement-lists`: for whom of Account Engagement's lists the booking dialog opens (E).

use crate::actions::engagement;
use crate::actions::run::request_run;
use crate::actions::seen_version::Author;
use crate::actions::tag::text_to_paste;
use crate::api::engagement::response::{
    EngagementListsDetails, EngagementListsResponse, RuleMatch, StoredLists,
};
use crate::api::org_problem::TIMEOUT;
use crate::api::refusals::{Invalid, InvalidBody, ListSyncRefused, NoOrg, Refused};
use crate::api::run::StartedRun;
use crate::api::run_refusal::run_problem;
use crate::api::value::Time;
use crate::auth::api_caller::Caller;
use crate::http::json::{Body, Parameters};
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::engagement::{EngagementLists, ListsInput};
use domain::run::{RunKind, manual_wait};
use domain::value::{EmailAddress, FieldProblem, WorkspaceId};
use serde::Deserialize;
use storage::StorageError;
use storage::engagement::members;
use storage::run::runs;
use storage::tag::keys;
use storage::workspace::settings;

/// The settings, the tag to paste, and the imported lists.
#[utoipa::path(
    get, path = "/engagement-lists", tag = "engagement lists", operation_id = "show_engagement_lists",
    responses((status = 200, description = "The settings, the tag with its publishable key, the imported lists, and when the next manual sync is possible", body = EngagementListsDetails), Refused),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<EngagementListsDetails>, Problem> {
    let lists = settings::find::<EngagementLists>(&state.database.read(), caller.workspace).await?;
    Ok(Json(details(&state, caller.workspace, &lists).await?))
}

/// Replaces the settings. Business unit and lists are checked against Account Engagement when it is on.
#[utoipa::path(
    put, path = "/engagement-lists", tag = "engagement lists", operation_id = "save_engagement_lists",
    request_body = EngagementListsResponse,
    responses((status = 200, description = "The settings as saved, and the tag to paste", body = EngagementListsDetails), Refused, InvalidBody, NoOrg),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<ListsInput>,
) -> Result<Json<EngagementListsDetails>, Problem> {
    match engagement::save(&state, caller.workspace, given, Author::program(&caller.actor), TIMEOUT).await? {
        Ok(lists) => Ok(Json(details(&state, caller.workspace, &lists).await?)),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Starts a manual sync (リストを同期する).
#[utoipa::path(
    post, path = "/engagement-lists/sync", tag = "engagement lists", operation_id = "sync_engagement_lists",
    responses((status = 202, description = "The run that was started", body = StartedRun), Refused, ListSyncRefused),
)]
pub async fn sync(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, Json<StartedRun>), Problem> {
    let asked = request_run(&state, caller.workspace, RunKind::EngagementLists, &caller.actor).await?;
    let run = asked.map_err(|refusal| run_problem(RunKind::EngagementLists, refusal))?;
    Ok((StatusCode::ACCEPTED, Json(StartedRun { run: run.into() })))
}

/// Whose rule is wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RuleQuery {
    /// The email address of the visitor.
    #[serde(default)]
    #[param(required = true)]
    email: String,
}

/// The rule for a visitor, by the imported members.
#[utoipa::path(
    get, path = "/engagement-lists/match", tag = "engagement lists", operation_id = "match_engagement_lists", params(RuleQuery),
    responses((status = 200, description = "The rule for the visitor, or that there is none", body = RuleMatch), Refused, Invalid),
)]
pub async fn find_rule(
    State(state): State<AppState>,
    caller: Caller,
    Parameters(wanted): Parameters<RuleQuery>,
) -> Result<Json<RuleMatch>, Problem> {
    let email = EmailAddress::parse(&wanted.email)
        .map_err(|_| Problem::invalid_field(FieldProblem::new("email", "not-an-email")))?;
    let read = state.database.read();
    let lists = settings::find::<EngagementLists>(&read, caller.workspace).await?;
    let verdict = engagement::verdict(&read, caller.workspace, &lists, &email).await?;
    let typed = engagement::typed(&read, caller.workspace, &lists).await?;
    Ok(Json(RuleMatch::of(verdict, lists.enabled, &typed)))
}

async fn details(
    state: &AppState,
    workspace: WorkspaceId,
    lists: &EngagementLists,
) -> Result<EngagementListsDetails, StorageError> {
    let read = state.database.read();
    let api_key = keys::find(&read, workspace).await?.map(|tags| tags.key);
    let last_requested = runs::last_requested(&read, workspace, RunKind::EngagementLists).await?;
    Ok(EngagementListsDetails {
        settings: engagement::typed(&read, workspace, lists).await?.into(),
        tag: api_key.as_ref().map(|key| text_to_paste(state, key)),
        api_key,
        kept: members::find(&read, workspace).await?.map(StoredLists::from),
        sync_allowed_at: manual_wait(last_requested, state.clock.now()).map(Time::from),
    })
}
