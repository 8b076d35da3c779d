//! `/segments`: saving, counting and explaining segments.

use crate::actions::segment::count::count as count_people;
use crate::actions::segment::membership::{Explained, why as explain};
use crate::actions::segment::segment as actions;
use crate::actions::segment::segment::{SegmentRefusal, SegmentRemoved};
use crate::api::refusals::{Invalid, InvalidBody, NotFound, Refused};
use crate::api::segment::response::{
    CountResponse, MembershipResponse, SegmentBody, SegmentCountBody, SegmentDetails, SegmentList,
    TermResponse, in_condition,
};
use crate::auth::api_caller::Caller;
use crate::http::json::{Body, Parameters};
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::segment::Segment;
use domain::value::{FieldProblem, SegmentId};
use serde::Deserialize;
use storage::segment::segments;

/// Whose membership is asked for.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhyQuery {
    /// The person's e-mail address.
    #[serde(default)]
    email: String,
}

/// All segments, without their numbers.
#[utoipa::path(
    get, path = "/segments", tag = "segments", operation_id = "list_segments",
    responses((status = 200, description = "Segments", body = SegmentList), Refused),
)]
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<SegmentList>, Problem> {
    let found = segments::list(&state.database.read(), caller.workspace).await?;
    Ok(Json(SegmentList { segments: found.into_iter().map(Into::into).collect() }))
}

/// Makes a segment.
#[utoipa::path(
    post, path = "/segments", tag = "segments", operation_id = "create_segment", request_body = SegmentBody,
    responses((status = 201, description = "The segment", body = SegmentDetails), Refused, InvalidBody),
)]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<SegmentBody>,
) -> Result<(StatusCode, Json<SegmentDetails>), Problem> {
    let saved = actions::save(&state, caller.workspace, None, body.into_input(), &caller.actor).await?;
    let segment = saved.map_err(refused)?;
    Ok((StatusCode::CREATED, Json(details(&state, &caller, segment).await?)))
}

/// A segment and how many people it has now.
#[utoipa::path(
    get, path = "/segments/{id}", tag = "segments", operation_id = "show_segment",
    params(("id" = String, Path, description = "The segment's ID")),
    responses((status = 200, description = "The segment", body = SegmentDetails), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<SegmentDetails>, Problem> {
    let segment = find(&state, &caller, &id).await?;
    Ok(Json(details(&state, &caller, segment).await?))
}

/// Changes a segment.
#[utoipa::path(
    put, path = "/segments/{id}", tag = "segments", operation_id = "replace_segment", request_body = SegmentBody,
    params(("id" = String, Path, description = "The segment's ID")),
    responses((status = 200, description = "The segment", body = SegmentDetails), Refused, NotFound, InvalidBody),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<SegmentBody>,
) -> Result<Json<SegmentDetails>, Problem> {
    let id: SegmentId = id.parse().map_err(|_| Problem::not_found())?;
    let saved = actions::save(&state, caller.workspace, Some(id), body.into_input(), &caller.actor).await?;
    let segment = saved.map_err(refused)?;
    Ok(Json(details(&state, &caller, segment).await?))
}

/// Removes a segment that nothing uses.
#[utoipa::path(
    delete, path = "/segments/{id}", tag = "segments", operation_id = "remove_segment",
    params(("id" = String, Path, description = "The segment's ID")),
    responses((status = 204, description = "The segment is gone"), Refused, Invalid, NotFound),
)]
pub async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id: SegmentId = id.parse().map_err(|_| Problem::not_found())?;
    match actions::remove(&state, caller.workspace, id, &caller.actor).await? {
        SegmentRemoved::Removed => Ok(StatusCode::NO_CONTENT),
        SegmentRemoved::NotFound => Err(Problem::not_found()),
        SegmentRemoved::InUse(names) => {
            let fault = FieldProblem::new("", "segment-in-use").with("names", names.join(", "));
            Err(Problem::invalid_field(fault))
        }
    }
}

/// How many people a condition means that is not saved.
#[utoipa::path(
    post, path = "/segments/count", tag = "segments", operation_id = "count_segment", request_body = SegmentCountBody,
    responses((status = 200, description = "The number of people", body = CountResponse), Refused, InvalidBody),
)]
pub async fn count(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<SegmentCountBody>,
) -> Result<Json<CountResponse>, Problem> {
    let counted = count_people(&state, caller.workspace, &body.condition, None).await?;
    Ok(Json(CountResponse::of(counted, caller.language)))
}

/// Why the person with an address is in a segment, or is not.
#[utoipa::path(
    get, path = "/segments/{id}/why", tag = "segments", operation_id = "explain_segment",
    params(("id" = String, Path, description = "The segment's ID"), WhyQuery),
    responses((status = 200, description = "What holds for the person", body = MembershipResponse), Refused, Invalid, NotFound),
)]
pub async fn why(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Parameters(query): Parameters<WhyQuery>,
) -> Result<Json<MembershipResponse>, Problem> {
    let segment = find(&state, &caller, &id).await?;
    match explain(&state, caller.workspace, &segment, &query.email).await? {
        Explained::NotAnAddress => Err(Problem::invalid_field(FieldProblem::new("email", "not-an-email"))),
        Explained::Broken(problems) => Err(Problem::invalid(in_condition(problems))),
        Explained::NoPerson => {
            Ok(Json(MembershipResponse { person: None, member: false, groups: Vec::new() }))
        }
        Explained::Known { person, is_member, terms, .. } => {
            let term = |group: usize, (term, holds): (usize, bool)| TermResponse {
                at: format!("condition.any[{group}].all[{term}]"),
                holds,
            };
            let groups = terms
                .into_iter()
                .enumerate()
                .map(|(number, terms)| terms.into_iter().enumerate().map(|one| term(number, one)).collect());
            Ok(Json(MembershipResponse {
                person: Some(person.into()),
                member: is_member,
                groups: groups.collect(),
            }))
        }
    }
}

/// A segment of the caller's workspace.
pub(super) async fn find(state: &AppState, caller: &Caller, id: &str) -> Result<Segment, Problem> {
    let id: SegmentId = id.parse().map_err(|_| Problem::not_found())?;
    let found = segments::find(&state.database.read(), caller.workspace, id).await?;
    found.ok_or_else(Problem::not_found)
}

async fn details(state: &AppState, caller: &Caller, segment: Segment) -> Result<SegmentDetails, Problem> {
    let counted = count_people(state, caller.workspace, &segment.condition, Some(segment.id)).await?;
    Ok(SegmentDetails::of(segment, counted, caller.language))
}

fn refused(refusal: SegmentRefusal) -> Problem {
    match refusal {
        SegmentRefusal::NotFound => Problem::not_found(),
        SegmentRefusal::Faults(problems) => Problem::invalid(in_condition(problems)),
    }
}
