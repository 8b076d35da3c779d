//! `/routers`: drafts, versions, trying and deciding (G).

use crate::actions::router::{backtest, route, routers as actions};
use crate::api::refusals::{InvalidBody, NotFound, Refused};
use crate::api::router::body::{RouterBody, VisitorBody};
use crate::api::router::response::{
    BacktestResponse, ChartCheck, ChartFault, DecisionResponse, Published, RouterList, RouterResponse,
    RoutingResultResponse, VersionList, VersionResponse,
};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use crate::text::catalogue;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::router::Router;
use storage::router::routers;

/// Versions that are listed.
const MAX_VERSIONS: u32 = 200;

/// The workspace's routers.
#[utoipa::path(
    get, path = "/routers", tag = "routers", operation_id = "list_routers",
    responses((status = 200, description = "Routers", body = RouterList), Refused),
)]
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<RouterList>, Problem> {
    let found = routers::list(&state.database.read(), caller.workspace).await?;
    Ok(Json(RouterList { routers: found.into_iter().map(RouterResponse::from).collect() }))
}

/// One router with its draft.
#[utoipa::path(
    get, path = "/routers/{slug}", tag = "routers", operation_id = "show_router",
    params(("slug" = String, Path, description = "Its part of the address")),
    responses((status = 200, description = "The router", body = RouterResponse), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<RouterResponse>, Problem> {
    Ok(Json(find(&state, &caller, &slug).await?.into()))
}

/// Creates a router; it decides nothing until it is published.
#[utoipa::path(
    post, path = "/routers", tag = "routers", operation_id = "create_router", request_body = RouterBody,
    responses((status = 201, description = "The router", body = RouterResponse), Refused, InvalidBody),
)]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<RouterBody>,
) -> Result<(StatusCode, Json<RouterResponse>), Problem> {
    let made = actions::save(&state, caller.workspace, None, body.into_input()?, &caller.actor).await?;
    Ok((StatusCode::CREATED, Json(made.map_err(Problem::invalid)?.into())))
}

/// Replaces a router's draft; the published version goes on deciding.
#[utoipa::path(
    put, path = "/routers/{slug}", tag = "routers", operation_id = "save_router", request_body = RouterBody,
    params(("slug" = String, Path, description = "Its part of the address")),
    responses((status = 200, description = "The router as saved", body = RouterResponse), Refused, InvalidBody, NotFound),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
    Body(body): Body<RouterBody>,
) -> Result<Json<RouterResponse>, Problem> {
    let known = find(&state, &caller, &slug).await?;
    let saved =
        actions::save(&state, caller.workspace, Some(&known), body.into_input()?, &caller.actor).await?;
    Ok(Json(saved.map_err(Problem::invalid)?.into()))
}

/// What keeps the draft from being published.
#[utoipa::path(
    post, path = "/routers/{slug}/check", tag = "routers", operation_id = "check_router",
    params(("slug" = String, Path, description = "Its part of the address")),
    responses((status = 200, description = "Faults by node", body = ChartCheck), Refused, NotFound),
)]
pub async fn check(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<ChartCheck>, Problem> {
    let router = find(&state, &caller, &slug).await?;
    let faults = actions::check(&state, caller.workspace, &router).await?;
    let listed = faults.into_iter().map(|found| ChartFault {
        message: catalogue::problem(caller.language, &found.fault),
        node: found.node,
        field: found.fault.field,
        code: found.fault.code,
    });
    Ok(Json(ChartCheck { faults: listed.collect() }))
}

/// Publishes the draft as a new version, which decides from now on.
#[utoipa::path(
    post, path = "/routers/{slug}/publish", tag = "routers", operation_id = "publish_router",
    params(("slug" = String, Path, description = "Its part of the address")),
    responses((status = 200, description = "The new version", body = Published), Refused, InvalidBody, NotFound),
)]
pub async fn publish(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<Published>, Problem> {
    let router = find(&state, &caller, &slug).await?;
    let published = actions::publish(&state, caller.workspace, &router, &caller.actor).await?;
    Ok(Json(Published { version: published.map_err(Problem::invalid)? }))
}

/// The published versions.
#[utoipa::path(
    get, path = "/routers/{slug}/versions", tag = "routers", operation_id = "list_router_versions",
    params(("slug" = String, Path, description = "Its part of the address")),
    responses((status = 200, description = "Versions, latest first", body = VersionList), Refused, NotFound),
)]
pub async fn versions(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<VersionList>, Problem> {
    let router = find(&state, &caller, &slug).await?;
    let found = routers::versions(&state.database.read(), caller.workspace, router.id, MAX_VERSIONS).await?;
    Ok(Json(VersionList { versions: found.into_iter().map(VersionResponse::from).collect() }))
}

/// Makes a published version the draft.
#[utoipa::path(
    post, path = "/routers/{slug}/versions/{version}/restore", tag = "routers", operation_id = "restore_router_version",
    params(
        ("slug" = String, Path, description = "Its part of the address"),
        ("version" = u32, Path, description = "The version's number"),
    ),
    responses((status = 200, description = "The router with that draft", body = RouterResponse), Refused, InvalidBody, NotFound),
)]
pub async fn restore(
    State(state): State<AppState>,
    caller: Caller,
    Path((slug, version)): Path<(String, String)>,
) -> Result<Json<RouterResponse>, Problem> {
    let router = find(&state, &caller, &slug).await?;
    let version = version.parse().map_err(|_| Problem::not_found())?;
    let found = routers::find_version(&state.database.read(), caller.workspace, router.id, version).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let saved = actions::restore(&state, caller.workspace, &router, found, &caller.actor).await?;
    Ok(Json(saved.map_err(Problem::invalid)?.into()))
}

/// What the draft would have decided about the visitors of the last 90 days; nothing is changed.
#[utoipa::path(
    post, path = "/routers/{slug}/backtest", tag = "routers", operation_id = "backtest_router",
    params(("slug" = String, Path, description = "Its part of the address")),
    responses((status = 200, description = "How many decisions would have gone elsewhere, and which", body = BacktestResponse), Refused, NotFound),
)]
pub async fn backtest(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<BacktestResponse>, Problem> {
    let router = find(&state, &caller, &slug).await?;
    Ok(Json(backtest::run(&state, caller.workspace, &router).await?.into()))
}

/// What the draft would decide about a visitor; nothing is kept.
#[utoipa::path(
    post, path = "/routers/{slug}/try", tag = "routers", operation_id = "try_router", request_body = VisitorBody,
    params(("slug" = String, Path, description = "Its part of the address")),
    responses((status = 200, description = "The way through the draft and its outcome", body = RoutingResultResponse), Refused, InvalidBody, NotFound),
)]
pub async fn try_out(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
    Body(body): Body<VisitorBody>,
) -> Result<Json<RoutingResultResponse>, Problem> {
    let router = find(&state, &caller, &slug).await?;
    let facts = body.into_facts(caller.language)?;
    let (_, result) = route::try_out(&state, caller.workspace, &router.draft, facts).await?;
    Ok(Json(RoutingResultResponse::of(&result, caller.language)))
}

/// Decides about a visitor by the published version; the decision is kept.
#[utoipa::path(
    post, path = "/routers/{slug}/route", tag = "routers", operation_id = "route_visitor", request_body = VisitorBody,
    params(("slug" = String, Path, description = "Its part of the address")),
    responses((status = 201, description = "The decision", body = DecisionResponse), Refused, InvalidBody, NotFound),
)]
pub async fn decide(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
    Body(body): Body<VisitorBody>,
) -> Result<(StatusCode, Json<DecisionResponse>), Problem> {
    let router = find(&state, &caller, &slug).await?;
    let facts = body.into_facts(caller.language)?;
    let decided = route::route(&state, caller.workspace, &router, facts, None).await?;
    let decided = decided.ok_or_else(Problem::not_found)?;
    Ok((StatusCode::CREATED, Json(DecisionResponse::of(&decided, caller.language))))
}

async fn find(state: &AppState, caller: &Caller, slug: &str) -> Result<Router, Problem> {
    let found = routers::find_by_slug(&state.database.read(), caller.workspace, slug).await?;
    found.ok_or_else(Problem::not_found)
}
