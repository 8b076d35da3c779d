//! `/segments/{id}/people`: who belongs to a segment, by page or as a file.

use crate::actions::segment::count::ready;
use crate::actions::segment::file;
use crate::api::people::person::shown;
use crate::api::refusals::{Invalid, NotFound, Refused, SegmentNotReady};
use crate::api::segment::response::{SegmentPeopleList, in_condition};
use crate::api::segment::segments::find;
use crate::auth::api_caller::Caller;
use crate::http::json::Parameters;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::segment::{ResolvedCondition, Segment};
use domain::value::{FieldProblem, PersonId};
use serde::Deserialize;
use storage::people::person;
use storage::segment::members;
use storage::segment::members::Among;

const MAX_PEOPLE: u32 = 200;

/// Which people of a segment.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MembersQuery {
    /// Only those who have an address and do not refuse mail.
    #[param(required = false)]
    mailable: bool,
    /// People per page, 1 to 200; 50 when missing.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// The people of a segment.
#[utoipa::path(
    get, path = "/segments/{id}/people", tag = "segments", operation_id = "list_segment_people",
    params(("id" = String, Path, description = "The segment's ID"), MembersQuery),
    responses(
        (status = 200, description = "People and the next cursor", body = SegmentPeopleList),
        Refused, Invalid, NotFound, SegmentNotReady
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Parameters(query): Parameters<MembersQuery>,
) -> Result<Json<SegmentPeopleList>, Problem> {
    let segment = find(&state, &caller, &id).await?;
    let limit = query.limit.unwrap_or(50);
    if !(1..=MAX_PEOPLE).contains(&limit) {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_PEOPLE);
        return Err(Problem::invalid_field(fault));
    }
    let bad_cursor = |_| Problem::invalid_field(FieldProblem::new("cursor", "bad-cursor"));
    let after: Option<PersonId> = query.cursor.as_deref().map(str::parse).transpose().map_err(bad_cursor)?;
    let condition = condition(&state, &caller, &segment).await?;
    let among = if query.mailable { Among::Mailable } else { Among::Everyone };
    let read = state.database.read();
    let found = members::page(&read, caller.workspace, &condition, among, after, limit + 1).await?;
    let mut found = found.ok_or_else(not_ready)?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let ids: Vec<PersonId> = found.iter().map(|member| member.person).collect();
    let mut people = person::find_many(&read, caller.workspace, &ids).await?;
    people.sort_by_key(|person| person.id);
    let last = ids.last().filter(|_| has_more).map(ToString::to_string);
    Ok(Json(SegmentPeopleList { people: shown(&state, &caller, &people).await?, next_cursor: last }))
}

/// The people of a segment as a CSV file: the ID, whether mail is refused, and every field of people by its name.
///
/// A value that a spreadsheet would take for a formula begins with an apostrophe.
#[utoipa::path(
    get, path = "/segments/{id}/people.csv", tag = "segments", operation_id = "download_segment_people",
    params(("id" = String, Path, description = "The segment's ID")),
    responses(
        (status = 200, description = "The file", body = String, content_type = "text/csv", example = json!("\"id\",\"opted_out\",\"email\"\r\n")),
        Refused, Invalid, NotFound, SegmentNotReady
    ),
)]
pub async fn file(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let segment = find(&state, &caller, &id).await?;
    let condition = condition(&state, &caller, &segment).await?;
    Ok(file::people(state, caller.workspace, condition).await?)
}

async fn condition(
    state: &AppState,
    caller: &Caller,
    segment: &Segment,
) -> Result<ResolvedCondition, Problem> {
    match ready(state, caller.workspace, &segment.condition, Some(segment.id)).await? {
        Ok(Some(condition)) => Ok(condition),
        Ok(None) => Err(not_ready()),
        Err(problems) => Err(Problem::invalid(in_condition(problems))),
    }
}

const fn not_ready() -> Problem {
    Problem::conflict("segment-preparing")
}
