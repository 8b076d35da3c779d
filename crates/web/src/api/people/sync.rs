//! `/people-sync`: keeping people and the org's Leads and Contacts equal (S5, S11).

use crate::actions::people::sync;
use crate::actions::people::sync::StartRefusal;
use crate::actions::run::request_run;
use crate::actions::seen_version::Author;
use crate::api::people::response::{CauseResponse, SyncErrorList, SyncErrorResponse};
use crate::api::refusals::{Invalid, InvalidBody, PeopleSyncRefused, Refused, StartSyncRefused};
use crate::api::run::StartedRun;
use crate::api::run_refusal::run_problem;
use crate::api::value::FilterOperatorWord;
use crate::auth::api_caller::Caller;
use crate::http::json::{Body, Parameters};
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::people::{
    FilterOperator, FilterRule, PeopleFilter, PeopleReview, PeopleSync, PeopleSyncStart, PersonObject,
};
use domain::run::RunKind;
use domain::value::{FieldProblem, PersonId, WorkspaceId};
use serde::{Deserialize, Serialize};
use storage::StorageError;
use storage::people::{faults, links, listeners, person};
use storage::workspace::settings;
use utoipa::ToSchema;

const MAX_ERRORS: u32 = 200;

/// The settings of the sync.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PeopleSyncSettings)]
pub struct PeopleSyncBody {
    /// It is on.
    #[schema(example = true)]
    enabled: bool,
    /// Minutes between two runs, 1 to 1,440.
    #[serde(default = "five_minutes")]
    #[schema(example = 5)]
    interval_minutes: u32,
    /// People whose address the org doesn't know become Leads.
    #[serde(default = "yes")]
    #[schema(example = true)]
    create_in_salesforce: bool,
    /// Leads and Contacts whose address isn't known here become people.
    #[serde(default = "yes")]
    #[schema(example = true)]
    create_locally: bool,
    /// A run that would change more than so many percent of all people, and more than 50 of them, stops and asks; 100
    /// never does.
    #[serde(default = "twenty_percent")]
    #[schema(example = 20)]
    ask_above_percent: u32,
    /// Changes in the org are heard of as they happen, where the org offers that.
    #[serde(default = "yes")]
    #[schema(example = true)]
    change_events: bool,
    /// Who is synced; everybody when missing.
    #[serde(default)]
    filter: FilterBody,
}

/// Who is synced.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = PeopleFilter)]
pub struct FilterBody {
    /// What a person's values have to fit, all of them.
    people: Vec<FilterRuleBody>,
    /// What a record's values have to fit, by the person fields that are tied to it.
    records: Vec<FilterRuleBody>,
    /// Objects whose records are left out: `Lead` or `Contact`.
    #[schema(value_type = Vec<String>, example = json!([]))]
    without: Vec<PersonObject>,
}

/// What the value of a person field has to fit.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PeopleFilterRule)]
pub struct FilterRuleBody {
    /// The person field's name.
    #[schema(example = "company")]
    field: String,
    /// How it is compared.
    #[schema(value_type = FilterOperatorWord)]
    operator: FilterOperator,
    /// With what; nothing for `is_blank` and `is_not_blank`.
    #[serde(default)]
    #[schema(example = json!(["サンプル株式会社"]))]
    values: Vec<String>,
}

impl From<FilterBody> for PeopleFilter {
    fn from(body: FilterBody) -> Self {
        let rule = |rule: FilterRuleBody| FilterRule {
            field: rule.field,
            operator: rule.operator,
            values: rule.values,
        };
        Self {
            people: body.people.into_iter().map(rule).collect(),
            records: body.records.into_iter().map(rule).collect(),
            without: body.without,
        }
    }
}

impl From<PeopleFilter> for FilterBody {
    fn from(filter: PeopleFilter) -> Self {
        let rule = |rule: FilterRule| FilterRuleBody {
            field: rule.field,
            operator: rule.operator,
            values: rule.values,
        };
        Self {
            people: filter.people.into_iter().map(rule).collect(),
            records: filter.records.into_iter().map(rule).collect(),
            without: filter.without,
        }
    }
}

const fn yes() -> bool {
    true
}

fn twenty_percent() -> u32 {
    PeopleSync::default().ask_above_percent
}

fn five_minutes() -> u32 {
    PeopleSync::default().interval_minutes
}

/// The sync: its settings and how it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PeopleSyncDetails {
    /// It is on.
    #[schema(example = true)]
    enabled: bool,
    /// Minutes between two runs.
    #[schema(example = 5)]
    interval_minutes: u32,
    /// People whose address the org doesn't know become Leads.
    #[schema(example = true)]
    create_in_salesforce: bool,
    /// Leads and Contacts whose address isn't known here become people.
    #[schema(example = true)]
    create_locally: bool,
    /// A run that would change more than so many percent of all people stops and asks.
    #[schema(example = 20)]
    ask_above_percent: u32,
    /// Changes in the org are heard of as they happen, where the org offers that.
    #[schema(example = true)]
    change_events: bool,
    /// How that stands: `starting`, `listening`, `limit_reached`, `not_offered` or `interrupted`; null when it is off.
    #[schema(example = "listening")]
    listening: Option<&'static str>,
    /// Who is synced.
    filter: FilterBody,
    /// A run would have changed too many people: nothing is synced before somebody confirms.
    #[schema(example = false)]
    is_held: bool,
    /// People of the customer database.
    #[schema(example = 120)]
    people: u64,
    /// Those of whom something waits to be synced.
    #[schema(example = 2)]
    waiting: u64,
    /// How many partners stand how.
    #[schema(example = json!({ "synced": 117, "failed": 1 }))]
    states: std::collections::BTreeMap<&'static str, u64>,
}

/// How the sync begins.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartBody {
    /// `everything` to read all records of the org first, `from_now` for what changes from now on.
    #[schema(value_type = String, example = "everything")]
    mode: PeopleSyncStart,
}

/// Which part of the list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ErrorQuery {
    /// Only errors of this cause.
    #[serde(default)]
    code: String,
    /// Errors per page, 1 to 200; 50 when missing.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// The sync's settings and how it stands.
#[utoipa::path(
    get, path = "/people-sync", tag = "people", operation_id = "show_people_sync",
    responses((status = 200, description = "The settings, and how many people stand how", body = PeopleSyncDetails), Refused),
)]
pub async fn show(State(state): State<AppState>, caller: Caller) -> Result<Json<PeopleSyncDetails>, Problem> {
    let found = settings::find::<PeopleSync>(&state.database.read(), caller.workspace).await?;
    Ok(Json(details(&state, caller.workspace, &found).await?))
}

/// Replaces the sync's settings.
#[utoipa::path(
    put, path = "/people-sync", tag = "people", operation_id = "save_people_sync", request_body = PeopleSyncBody,
    responses((status = 200, description = "The settings as saved", body = PeopleSyncDetails), Refused, InvalidBody),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<PeopleSyncBody>,
) -> Result<Json<PeopleSyncDetails>, Problem> {
    let wanted = PeopleSync {
        enabled: body.enabled,
        interval_minutes: body.interval_minutes,
        create_in_salesforce: body.create_in_salesforce,
        create_locally: body.create_locally,
        ask_above_percent: body.ask_above_percent,
        change_events: body.change_events,
        filter: body.filter.into(),
    };
    let saved = sync::save(&state, caller.workspace, wanted, Author::program(&caller.actor)).await?;
    let saved = saved.map_err(Problem::invalid)?;
    Ok(Json(details(&state, caller.workspace, &saved).await?))
}

/// Switches the sync on and begins with a run.
#[utoipa::path(
    post, path = "/people-sync/start", tag = "people", operation_id = "start_people_sync", request_body = StartBody,
    responses((status = 202, description = "The settings; the run has begun", body = PeopleSyncDetails), Refused, InvalidBody, StartSyncRefused),
)]
pub async fn start(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<StartBody>,
) -> Result<(StatusCode, Json<PeopleSyncDetails>), Problem> {
    let started = sync::start(&state, caller.workspace, body.mode, &caller.actor).await?;
    let started = started.map_err(start_problem)?;
    Ok((StatusCode::ACCEPTED, Json(details(&state, caller.workspace, &started).await?)))
}

/// Why it can't begin.
pub(super) fn start_problem(refusal: StartRefusal) -> Problem {
    match refusal {
        StartRefusal::NotConnected => Problem::conflict("not-connected"),
        StartRefusal::EmailUnmapped => Problem::conflict("people-email-unmapped"),
    }
}

/// Switches the sync off. What both sides agreed on is remembered.
#[utoipa::path(
    post, path = "/people-sync/stop", tag = "people", operation_id = "stop_people_sync",
    responses((status = 200, description = "The settings", body = PeopleSyncDetails), Refused),
)]
pub async fn stop(State(state): State<AppState>, caller: Caller) -> Result<Json<PeopleSyncDetails>, Problem> {
    let stopped = sync::stop(&state, caller.workspace, &caller.actor).await?;
    Ok(Json(details(&state, caller.workspace, &stopped).await?))
}

/// Syncs now.
#[utoipa::path(
    post, path = "/people-sync/run", tag = "people", operation_id = "run_people_sync",
    responses((status = 202, description = "The run that was started", body = StartedRun), Refused, PeopleSyncRefused),
)]
pub async fn run(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, Json<StartedRun>), Problem> {
    let asked = request_run(&state, caller.workspace, RunKind::PeopleSync, &caller.actor).await?;
    let run = asked.map_err(|refusal| run_problem(RunKind::PeopleSync, refusal))?;
    Ok((StatusCode::ACCEPTED, Json(StartedRun { run: run.into() })))
}

/// What keeps people, or values of theirs, from being synced.
#[utoipa::path(
    get, path = "/people-sync/errors", tag = "people", operation_id = "list_people_sync_errors", params(ErrorQuery),
    responses((status = 200, description = "Causes with how many they affect, errors by person, and the next cursor", body = SyncErrorList), Refused, Invalid),
)]
pub async fn errors(
    State(state): State<AppState>,
    caller: Caller,
    Parameters(query): Parameters<ErrorQuery>,
) -> Result<Json<SyncErrorList>, Problem> {
    let limit = query.limit.unwrap_or(50);
    if !(1..=MAX_ERRORS).contains(&limit) {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_ERRORS);
        return Err(Problem::invalid_field(fault));
    }
    let read = state.database.read();
    let cursor = query.cursor.unwrap_or_default();
    let after = cursor.split_once('.').unwrap_or_default();
    if !cursor.is_empty() && after.0.parse::<PersonId>().is_err() {
        return Err(Problem::invalid_field(FieldProblem::new("cursor", "bad-cursor")));
    }
    let found = faults::list(&read, caller.workspace, &query.code, after, limit).await?;
    let is_full = found.len() == limit as usize;
    let causes = faults::count_by_code(&read, caller.workspace).await?;
    Ok(Json(SyncErrorList {
        causes: causes.into_iter().map(|(code, count)| CauseResponse { code, count }).collect(),
        next_cursor: found.last().filter(|_| is_full).map(|last| format!("{}.{}", last.person, last.field)),
        errors: found.iter().map(|fault| SyncErrorResponse::of(fault, caller.language)).collect(),
    }))
}

/// The settings and how the sync stands.
pub(super) async fn details(
    state: &AppState,
    workspace: WorkspaceId,
    found: &PeopleSync,
) -> Result<PeopleSyncDetails, StorageError> {
    let read = state.database.read();
    let (people, waiting) = person::count(&read, workspace).await?;
    let states = links::count_by_state(&read, workspace).await?;
    let states = states.into_iter().map(|(state, count)| (state.name(), count)).collect();
    Ok(PeopleSyncDetails {
        enabled: found.enabled,
        interval_minutes: found.interval_minutes,
        create_in_salesforce: found.create_in_salesforce,
        create_locally: found.create_locally,
        ask_above_percent: found.ask_above_percent,
        change_events: found.change_events,
        listening: listeners::find(&read, workspace).await?.map(|found| found.state.name()),
        filter: found.filter.clone().into(),
        is_held: settings::find::<PeopleReview>(&read, workspace).await?.is_held,
        people,
        waiting,
        states,
    })
}
