//! `/settings/visitor-tag`: whether the visitor tag (Web接客タグ) is on, which the lists' tag excludes (E4).

use crate::actions::tag::switch_visitor_tag;
use crate::api::refusals::{InvalidBody, Refused};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use domain::tag::Tag;
use serde::{Deserialize, Serialize};
use storage::tag::keys;

/// The tag's switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitorTag {
    /// The visitor tag is on.
    enabled: bool,
}

/// Whether it is on.
#[utoipa::path(
    get, path = "/settings/visitor-tag", tag = "settings", operation_id = "show_visitor_tag",
    responses((status = 200, description = "The switch", body = VisitorTag), Refused),
)]
pub async fn show(State(state): State<AppState>, caller: Caller) -> Result<Json<VisitorTag>, Problem> {
    let found = keys::find(&state.database.read(), caller.workspace).await;
    let found = found?;
    let enabled = found.and_then(|tags| tags.active) == Some(Tag::Visitor);
    Ok(Json(VisitorTag { enabled }))
}

/// Turns it on or off.
#[utoipa::path(
    put, path = "/settings/visitor-tag", tag = "settings", operation_id = "save_visitor_tag", request_body = VisitorTag,
    responses((status = 200, description = "The switch as saved", body = VisitorTag), Refused, InvalidBody),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<VisitorTag>,
) -> Result<Json<VisitorTag>, Problem> {
    let switched = switch_visitor_tag(&state, caller.workspace, given.enabled, &caller.actor).await;
    match switched? {
        Ok(()) => Ok(Json(given)),
        Err(problem) => Err(Problem::invalid_field(problem)),
    }
}
