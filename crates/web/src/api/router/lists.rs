//! `/lists`: lists that routers ask, replaced by CSV files (G1).

use crate::actions::router::list_import;
use crate::actions::router::list_import::ListInput;
use crate::actions::router::lists as actions;
use crate::actions::router::lists::ListRemoved;
use crate::api::refusals::{Invalid, InvalidBody, NotFound, Refused};
use crate::api::router::list_response::{ListReplacedResponse, ListRows, LookupLists};
use crate::auth::api_caller::Caller;
use crate::http::json::Parameters;
use crate::http::problem::Problem;
use crate::http::request_body::{BodyError, MAX_FILE, receive_file};
use crate::state::AppState;
use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::router::LookupList;
use domain::value::FieldProblem;
use serde::Deserialize;
use storage::router::lists;

/// Rows that are shown of a list.
const FIRST_ROWS: u32 = 100;

/// What is looked for in a list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListSearch {
    /// An email address, a domain or a corporate number.
    value: Option<String>,
}

/// What a file is.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListParameters {
    /// `values`, `assignments`, `table` or `aliases`; needed for a new list.
    #[param(required = false)]
    kind: String,
    /// `email`, `domain` or `corporate_number`; needed for a new list of values or assignments.
    #[param(required = false)]
    by: String,
    /// What the list is called; the last part of its address for a new list without a name.
    #[param(required = false)]
    name: String,
    /// Leaves out faulty rows instead of refusing the file, as long as one is left; not for `table`, whose rows need each
    /// other.
    #[param(required = false)]
    skip_faulty: bool,
}

/// The workspace's lists.
#[utoipa::path(
    get, path = "/lists", tag = "routers", operation_id = "list_lists",
    responses((status = 200, description = "Lists", body = LookupLists), Refused),
)]
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<LookupLists>, Problem> {
    let found = lists::list(&state.database.read(), caller.workspace).await?;
    Ok(Json(LookupLists { lists: found.into_iter().map(Into::into).collect() }))
}

/// One list with its first rows, and the row for a value.
#[utoipa::path(
    get, path = "/lists/{slug}", tag = "routers", operation_id = "show_list",
    params(("slug" = String, Path, description = "Its name in charts and addresses"), ListSearch),
    responses((status = 200, description = "The list", body = ListRows), Refused, Invalid, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
    Parameters(search): Parameters<ListSearch>,
) -> Result<Json<ListRows>, Problem> {
    let list = find(&state, &caller, &slug).await?;
    let found = match &search.value {
        Some(typed) => actions::search(&state, caller.workspace, &list, typed).await?,
        None => None,
    };
    let rows = lists::entries(&state.database.read(), caller.workspace, &slug, 0, FIRST_ROWS).await?;
    Ok(Json(ListRows {
        list: list.into(),
        first_rows: rows.into_iter().map(Into::into).collect(),
        found: found.map(Into::into),
    }))
}

/// Makes a list of a CSV file, or replaces all rows of one; a file with faulty rows changes nothing.
///
/// The file is UTF-8 with or without byte order mark, or Shift_JIS, and has 32 MB at most. Its first row may name the
/// columns, in Japanese or English and any order; else they are in this order. `values`: value. `assignments`: value,
/// users (separated by `;`, the host first) or a group (a team or `team/page`), meeting type (`team/page`); both blank
/// means no meeting. `table`: order, fact, operator, values (separated by `;`), users or group, meeting type; rows of
/// one order hold together and the lowest order that holds is taken. `aliases`: domain, main domain of the group. A
/// listed domain means that host, or every host of a domain that a company has registered.
#[utoipa::path(
    put, path = "/lists/{slug}", tag = "routers", operation_id = "replace_list",
    params(("slug" = String, Path, description = "Its name in charts and addresses"), ListParameters),
    request_body(content = String, content_type = "text/csv", description = "The file"),
    responses(
        (status = 200, description = "The list as replaced", body = ListReplacedResponse),
        (status = 201, description = "The new list", body = ListReplacedResponse),
        Refused, InvalidBody, NotFound
    ),
)]
pub async fn replace(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
    Parameters(told): Parameters<ListParameters>,
    request: Request,
) -> Result<(StatusCode, Json<ListReplacedResponse>), Problem> {
    let too_large = || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file-too-large");
    let (request, _turn) = receive_file(request).await.map_err(|error| match error {
        BodyError::TooLarge => too_large(),
        other => other.into(),
    })?;
    let file = to_bytes(request.into_body(), MAX_FILE).await.map_err(|_| too_large())?;
    let ListParameters { kind, by, name, skip_faulty } = told;
    let input = ListInput { slug, name, kind, by, skip_faulty };
    let replaced = list_import::replace(&state, caller.workspace, input, file, &caller.actor).await?;
    let replaced = replaced.map_err(Problem::invalid)?;
    let status = if replaced.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(ListReplacedResponse::of(replaced, caller.language))))
}

/// Deletes a list that no published chart asks.
#[utoipa::path(
    delete, path = "/lists/{slug}", tag = "routers", operation_id = "remove_list",
    params(("slug" = String, Path, description = "Its name in charts and addresses")),
    responses((status = 204, description = "The list is gone"), Refused, Invalid, NotFound),
)]
pub async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<StatusCode, Problem> {
    match actions::remove(&state, caller.workspace, &slug, &caller.actor).await? {
        ListRemoved::Removed => Ok(StatusCode::NO_CONTENT),
        ListRemoved::NotFound => Err(Problem::not_found()),
        ListRemoved::InUse(routers) => {
            let fault = FieldProblem::new("", "list-in-use").with("routers", routers.join(", "));
            Err(Problem::invalid_field(fault))
        }
    }
}

async fn find(state: &AppState, caller: &Caller, slug: &str) -> Result<LookupList, Problem> {
    let found = lists::find(&state.database.read(), caller.workspace, slug).await?;
    found.ok_or_else(Problem::not_found)
}
