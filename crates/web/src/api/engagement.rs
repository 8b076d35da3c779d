//! `/engagement-lists`: for whom of Account Engagement's lists the booking dialog opens (E).

use crate::actions::refusal::Refusal;
use crate::actions::synced_fields::RunRefusal;
use crate::actions::{engagement, synced_fields};
use crate::api::delivery::preflight::{TIMEOUT, timeout_problem};
use crate::auth::api_caller::Caller;
use crate::http::problem::{Body, Problem};
use crate::state::AppState;
use axum::Json;
use axum::extract::{Query, State};
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
        let lists = settings::find::<EngagementLists>(&state.database.read(), caller.workspace).await?;
        shown(&state, caller.workspace, &lists).await
    };
    shown.await.map(Json).map_err(|error| Problem::storage(&error, caller.language))
}

/// Replaces the settings. Business unit and lists are checked against Account Engagement when it is on.
#[utoipa::path(put, path = "/engagement-lists", tag = "engagement lists", request_body = Object, responses((status = 200, description = "The settings as saved, and the tag to paste"), (status = 409, description = "Not connected"), (status = 422, description = "Some fields are invalid, such as an unknown list; or the visitor tag is on"), (status = 502, description = "Could not reach Account Engagement; nothing was saved"), (status = 401, description = "The API key is not valid")))]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<ListsInput>,
) -> Result<Json<Value>, Problem> {
    let storage = |error| Problem::storage(&error, caller.language);
    let saved = engagement::save(&state, caller.workspace, given, "api", TIMEOUT).await.map_err(storage)?;
    match saved {
        Ok(lists) => shown(&state, caller.workspace, &lists).await.map(Json).map_err(storage),
        Err(Refusal::Fields(problems)) => Err(Problem::invalid(problems, caller.language)),
        Err(Refusal::Unanswered(answer)) => Err(timeout_problem(answer.as_ref(), caller)),
    }
}

/// Starts a manual sync (リストを同期する).
#[utoipa::path(post, path = "/engagement-lists/sync", tag = "engagement lists", responses((status = 202, description = "The run that was started"), (status = 409, description = "Not connected, turned off, or a run is in progress"), (status = 429, description = "The last manual sync was less than two hours ago; `allowed_at` gives the next possible time"), (status = 401, description = "The API key is not valid")))]
pub async fn sync(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let asked = synced_fields::request_run(&state, caller.workspace, RunKind::EngagementLists, "api").await;
    let refuse = |status, code| Err(Problem::new(status, code, caller.language));
    match asked.map_err(|error| Problem::storage(&error, caller.language))? {
        Ok(run) => Ok((StatusCode::ACCEPTED, Json(json!({ "run": run })))),
        Err(RunRefusal::NotConnected) => refuse(StatusCode::CONFLICT, "not-connected"),
        Err(RunRefusal::NothingChosen) => refuse(StatusCode::CONFLICT, "nothing-to-refresh"),
        Err(RunRefusal::Running) => refuse(StatusCode::CONFLICT, "sync-running"),
        Err(RunRefusal::TooSoon(allowed)) => {
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "sync-too-soon", caller.language);
            Err(problem.with("allowed_at", json!(allowed)))
        }
    }
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
    wanted: Result<Query<RuleQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(wanted) = wanted.map_err(|error| {
        let fault = FieldProblem::new("", "bad-body").with("reason", error.body_text());
        Problem::invalid(vec![fault], caller.language)
    })?;
    let email = EmailAddress::parse(&wanted.email)
        .map_err(|_| Problem::invalid(vec![FieldProblem::new("email", "not-an-email")], caller.language))?;
    let found = async {
        let read = state.database.read();
        let lists = settings::find::<EngagementLists>(&read, caller.workspace).await?;
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
        Ok(answer)
    };
    found.await.map(Json).map_err(|error| Problem::storage(&error, caller.language))
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
