//! `/engagement-lists`: for whom of Account Engagement's lists the booking dialog opens (E).

use crate::actions::engagement;
use crate::actions::refusal::Refusal;
use crate::actions::run::request_run;
use crate::api::org_problem::{TIMEOUT, org_problem};
use crate::api::run_refusal::run_problem;
use crate::auth::api_caller::Caller;
use crate::http::json::{Body, Query};
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::engagement::{EngagementLists, ListVerdict, ListsInput};
use domain::run::{RunKind, manual_wait};
use domain::value::{EmailAddress, FieldProblem, WorkspaceId};
use serde::Deserialize;
use serde_json::{Value, json};
use storage::engagement::members;
use storage::run::runs;
use storage::workspace::settings;
use storage::{StorageError, tags};

/// The settings, the tag to paste, and the imported lists.
#[utoipa::path(get, path = "/engagement-lists", tag = "engagement lists", responses((status = 200, description = "The settings, the tag with its publishable key, the imported lists, and when the next manual sync is possible"), (status = 401, description = "The API key is not valid")))]
pub async fn show(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let shown = async {
        let lists = settings::engagement_lists(&state.database.read(), caller.workspace).await?;
        shown(&state, caller.workspace, &lists).await
    };
    shown.await.map(Json).map_err(Problem::from)
}

/// Replaces the settings. Business unit and lists are checked against Account Engagement when it is on.
#[utoipa::path(put, path = "/engagement-lists", tag = "engagement lists", request_body = Object, responses((status = 200, description = "The settings as saved, and the tag to paste"), (status = 409, description = "Not connected"), (status = 422, description = "Some fields are invalid, such as an unknown list; or the visitor tag is on"), (status = 502, description = "Could not reach Account Engagement; nothing was saved"), (status = 401, description = "The API key is not valid")))]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<ListsInput>,
) -> Result<Json<Value>, Problem> {
    let saved = engagement::save(&state, caller.workspace, given, "api", TIMEOUT).await?;
    match saved {
        Ok(lists) => shown(&state, caller.workspace, &lists).await.map(Json).map_err(Problem::from),
        Err(Refusal::Fields(problems)) => Err(Problem::invalid(problems)),
        Err(Refusal::Unanswered(answer)) => Err(org_problem(answer.as_ref())),
    }
}

/// Starts a manual sync (リストを同期する).
#[utoipa::path(post, path = "/engagement-lists/sync", tag = "engagement lists", responses((status = 202, description = "The run that was started"), (status = 409, description = "Not connected, turned off, or a run is in progress"), (status = 429, description = "The last manual sync was less than two hours ago; `allowed_at` gives the next possible time"), (status = 401, description = "The API key is not valid")))]
pub async fn sync(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let asked = request_run(&state, caller.workspace, RunKind::EngagementLists, "api").await?;
    let run = asked.map_err(|refusal| run_problem(RunKind::EngagementLists, refusal))?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "run": run }))))
}

/// Whose rule is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleQuery {
    /// Their e-mail.
    #[serde(default)]
    email: String,
}

/// The rule for a visitor, by the imported members.
#[utoipa::path(get, path = "/engagement-lists/match", tag = "engagement lists", params(("email" = String, Query, description = "The email address of the visitor")), responses((status = 200, description = "`verdict` is `matches` with the rule and its index from 0, `not_listed`, or `unknown` while a list that could match was never fetched"), (status = 422, description = "A parameter is invalid"), (status = 401, description = "The API key is not valid")))]
pub async fn find_rule(
    State(state): State<AppState>,
    caller: Caller,
    Query(wanted): Query<RuleQuery>,
) -> Result<Json<Value>, Problem> {
    let email = EmailAddress::parse(&wanted.email)
        .map_err(|_| Problem::invalid_field(FieldProblem::new("email", "not-an-email")))?;
    let found = async {
        let read = state.database.read();
        let lists = settings::engagement_lists(&read, caller.workspace).await?;
        let verdict = engagement::verdict(&read, caller.workspace, &lists, &email).await?;
        let mut answer = json!(verdict);
        answer["enabled"] = lists.enabled.into();
        if let ListVerdict::Matches { rule: place } = verdict {
            let typed = engagement::typed(&read, caller.workspace, &lists).await?;
            let rule = typed.rules.get(place);
            answer["list"] = json!(rule.map(|rule| &rule.list));
            answer["team"] = json!(rule.map(|rule| &rule.team));
            answer["meeting_type"] = json!(rule.map(|rule| &rule.meeting_type));
        }
        Ok::<_, StorageError>(answer)
    };
    found.await.map(Json).map_err(Problem::from)
}

async fn shown(
    state: &AppState,
    workspace: WorkspaceId,
    lists: &EngagementLists,
) -> Result<Value, StorageError> {
    let read = state.database.read();
    let mut shown = json!(engagement::typed(&read, workspace, lists).await?);
    let key = tags::find(&read, workspace).await?.map(|tags| tags.key);
    shown["tag"] = json!(key.as_ref().map(|key| engagement::tag(state, key)));
    shown["api_key"] = json!(key);
    let kept = members::find(&read, workspace).await?;
    shown["kept"] = json!(kept.map(|cache| json!({
        "business_unit_id": cache.body.business_unit_id, "lists": cache.body.lists,
        "refreshed_at": cache.refreshed_at,
    })));
    let last_requested = runs::last_requested(&read, workspace, RunKind::EngagementLists).await?;
    shown["sync_allowed_at"] = json!(manual_wait(last_requested, state.clock.now()));
    Ok(shown)
}
