//! `/mailings/{id}/recipients`: who gets a mailing, and what has become of it.

use crate::api::mailing::mailings::find;
use crate::api::mailing::response::RecipientList;
use crate::api::refusals::{Invalid, NotFound, Refused};
use crate::auth::api_caller::Caller;
use crate::http::json::Parameters;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use domain::list::{Key, Position};
use domain::mailing::RecipientState;
use domain::value::{FieldProblem, MailingRecipientId};
use serde::Deserialize;
use storage::mailing::recipients;

const MAX_RECIPIENTS: u32 = 200;

/// Which recipients.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecipientQuery {
    /// Only those that stand so.
    state: Option<String>,
    /// A part of the address.
    #[serde(default)]
    search: String,
    /// Recipients per page, 1 to 200; 50 when missing.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// Recipients, by address.
#[utoipa::path(
    get, path = "/mailings/{id}/recipients", tag = "mailings", operation_id = "list_mailing_recipients",
    params(("id" = String, Path, description = "The mailing's ID"), RecipientQuery),
    responses((status = 200, description = "Recipients and the next cursor", body = RecipientList), Refused, NotFound, Invalid),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Parameters(query): Parameters<RecipientQuery>,
) -> Result<Json<RecipientList>, Problem> {
    let limit = query.limit.unwrap_or(50);
    if !(1..=MAX_RECIPIENTS).contains(&limit) {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_RECIPIENTS);
        return Err(Problem::invalid_field(fault));
    }
    let mailing = find(&state, &caller, &id).await?;
    let wanted = query.state.map(|name| {
        let bad = FieldProblem::new("state", "not-an-option").with("value", &name);
        RecipientState::parse(&name).ok_or_else(|| Problem::invalid_field(bad))
    });
    let bad_cursor = || Problem::invalid_field(FieldProblem::new("cursor", "bad-cursor"));
    let position = match query.cursor.as_deref() {
        None => Position::Start,
        Some(cursor) => {
            let (value, id) = cursor.rsplit_once(' ').ok_or_else(bad_cursor)?;
            id.parse::<MailingRecipientId>().map_err(|_| bad_cursor())?;
            Position::After(Key { value: value.to_owned(), id: id.to_owned() })
        }
    };
    let which = (wanted.transpose()?, query.search.trim());
    let read = state.database.read();
    let page = recipients::select(&read, caller.workspace, mailing.id, which, &position, limit).await?;
    let next_cursor = page.after.map(|key| format!("{} {}", key.value, key.id));
    let recipients = page.rows.into_iter().map(Into::into).collect();
    Ok(Json(RecipientList { recipients, next_cursor }))
}
