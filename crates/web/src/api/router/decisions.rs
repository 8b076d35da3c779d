//! `/routing-decisions`: each real decision with its path and version (G4).

use crate::api::refusals::{Invalid, NotFound, Refused};
use crate::api::router::response::{DecisionList, DecisionResponse};
use crate::auth::api_caller::Caller;
use crate::http::json::Parameters;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use domain::value::{FieldProblem, RoutingDecisionId};
use serde::Deserialize;
use storage::router::decisions;

const MAX_DECISIONS: u32 = 200;

/// Which part of the list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// Decisions per page, 1 to 200; 50 when missing.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// The workspace's decisions, the latest first.
#[utoipa::path(
    get, path = "/routing-decisions", tag = "routers", operation_id = "list_routing_decisions", params(Part),
    responses((status = 200, description = "Decisions, latest first, and the next cursor", body = DecisionList), Refused, Invalid),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Parameters(part): Parameters<Part>,
) -> Result<Json<DecisionList>, Problem> {
    let limit = part.limit.unwrap_or(50);
    if !(1..=MAX_DECISIONS).contains(&limit) {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_DECISIONS);
        return Err(Problem::invalid_field(fault));
    }
    let read = state.database.read();
    let bad_cursor = || Problem::invalid_field(FieldProblem::new("cursor", "bad-cursor"));
    let before = match part.cursor.as_deref() {
        None => None,
        Some(cursor) => {
            let id: RoutingDecisionId = cursor.parse().map_err(|_| bad_cursor())?;
            let last = decisions::find(&read, caller.workspace, id).await?.ok_or_else(bad_cursor)?;
            Some((last.at, last.id))
        }
    };
    let found = decisions::list(&read, caller.workspace, before, limit).await?;
    let is_full = found.len() == limit as usize;
    Ok(Json(DecisionList {
        next_cursor: found.last().filter(|_| is_full).map(|last| last.id.to_string()),
        decisions: found.iter().map(|one| DecisionResponse::of(one, caller.language)).collect(),
    }))
}

/// One decision.
#[utoipa::path(
    get, path = "/routing-decisions/{id}", tag = "routers", operation_id = "show_routing_decision",
    params(("id" = String, Path, description = "The decision's ID")),
    responses((status = 200, description = "The decision", body = DecisionResponse), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DecisionResponse>, Problem> {
    let id: RoutingDecisionId = id.parse().map_err(|_| Problem::not_found())?;
    let found = decisions::find(&state.database.read(), caller.workspace, id).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    Ok(Json(DecisionResponse::of(&found, caller.language)))
}
