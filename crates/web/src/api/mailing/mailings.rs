//! `/mailings`: what mailings say, and how they stand.

use crate::actions::mailing::changes::{MailingRefusal, create as create_mailing, save as save_mailing};
use crate::actions::mailing::compose;
use crate::api::mailing::response::{MailingList, MailingPreview, MailingResponse};
use crate::api::refusals::{Invalid, InvalidBody, MailingRefused, NotFound, Refused};
use crate::auth::api_caller::Caller;
use crate::http::json::{Body, Parameters};
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::mailing::{Audience, MailingContent};
use domain::people::Person;
use domain::value::{FieldProblem, Language, MailingId, PersonId};
use serde::Deserialize;
use storage::mailing::mailings::Mailing;
use storage::mailing::{mailings, recipients};

const MAX_MAILINGS: u32 = 100;

/// What a mailing says.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailingBody {
    /// What it is called here.
    #[schema(example = "6月のお知らせ")]
    name: String,
    /// `ja` or `en`: the language of what is appended, and of the page behind the link.
    #[serde(default)]
    #[schema(value_type = String, example = "ja")]
    language: Language,
    /// `{"kind": "everyone"}`, or `{"kind": "segment", "segment": "ID"}` for those whom a segment has when it begins.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({ "kind": "everyone" }))]
    audience: Audience,
    /// The subject, with `{{placeholders}}` of person fields.
    #[serde(default)]
    #[schema(example = "{{last_name}}様へのご案内")]
    subject: String,
    /// The text part.
    #[serde(default)]
    #[schema(example = "{{last_name}}様\nいつもお世話になっております。")]
    text: String,
    /// The HTML part; empty for none. Values are escaped.
    #[serde(default)]
    #[schema(example = "<p>{{last_name}}様</p>")]
    html: String,
    /// The version that was seen; the call is refused if somebody has changed it since. Only for `PUT`.
    #[schema(example = 1)]
    version: Option<i64>,
}

impl MailingBody {
    fn content(self) -> MailingContent {
        MailingContent {
            name: self.name,
            language: self.language,
            audience: self.audience,
            subject: self.subject,
            text: self.text,
            html: self.html,
        }
    }
}

/// Which part of the list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MailingQuery {
    /// Mailings per page, 1 to 100; 50 when missing.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// For whom a mailing is previewed.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PreviewQuery {
    /// The person's ID; sample values when missing.
    person: Option<String>,
}

/// Mailings, the latest first.
#[utoipa::path(
    get, path = "/mailings", tag = "mailings", operation_id = "list_mailings", params(MailingQuery),
    responses((status = 200, description = "Mailings and the next cursor", body = MailingList), Refused, Invalid),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Parameters(query): Parameters<MailingQuery>,
) -> Result<Json<MailingList>, Problem> {
    let limit = query.limit.unwrap_or(50);
    if !(1..=MAX_MAILINGS).contains(&limit) {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_MAILINGS);
        return Err(Problem::invalid_field(fault));
    }
    let bad_cursor = |_| Problem::invalid_field(FieldProblem::new("cursor", "bad-cursor"));
    let before: Option<MailingId> = query.cursor.map(|id| id.parse()).transpose().map_err(bad_cursor)?;
    let found = mailings::list(&state.database.read(), caller.workspace, before, limit).await?;
    let next_cursor = found.last().filter(|_| found.len() == limit as usize).map(|one| one.id.to_string());
    let mut shown = Vec::with_capacity(found.len());
    for mailing in found {
        shown.push(with_counts(&state, &caller, mailing).await?);
    }
    Ok(Json(MailingList { mailings: shown, next_cursor }))
}

/// Makes a draft.
#[utoipa::path(
    post, path = "/mailings", tag = "mailings", operation_id = "create_mailing", request_body = MailingBody,
    responses((status = 201, description = "The mailing", body = MailingResponse), Refused, InvalidBody),
)]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<MailingBody>,
) -> Result<(StatusCode, Json<MailingResponse>), Problem> {
    let made = create_mailing(&state, caller.workspace, body.content(), &caller.actor).await?;
    Ok((StatusCode::CREATED, Json(MailingResponse::of(made.map_err(refused)?, &[]))))
}

/// A mailing with what came of it so far.
#[utoipa::path(
    get, path = "/mailings/{id}", tag = "mailings", operation_id = "show_mailing",
    params(("id" = String, Path, description = "The mailing's ID")),
    responses((status = 200, description = "The mailing", body = MailingResponse), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<MailingResponse>, Problem> {
    let mailing = find(&state, &caller, &id).await?;
    Ok(Json(with_counts(&state, &caller, mailing).await?))
}

/// Replaces what a draft says.
#[utoipa::path(
    put, path = "/mailings/{id}", tag = "mailings", operation_id = "save_mailing", request_body = MailingBody,
    params(("id" = String, Path, description = "The mailing's ID")),
    responses((status = 200, description = "The mailing", body = MailingResponse), Refused, NotFound, InvalidBody, MailingRefused),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<MailingBody>,
) -> Result<Json<MailingResponse>, Problem> {
    let id: MailingId = id.parse().map_err(|_| Problem::not_found())?;
    let seen = (id, body.version);
    let saved = save_mailing(&state, caller.workspace, seen, body.content(), &caller.actor).await?;
    Ok(Json(MailingResponse::of(saved.map_err(refused)?, &[])))
}

/// A mailing as a person would get it, with what the law asks for.
#[utoipa::path(
    get, path = "/mailings/{id}/preview", tag = "mailings", operation_id = "preview_mailing",
    params(("id" = String, Path, description = "The mailing's ID"), PreviewQuery),
    responses((status = 200, description = "The mailing as it would be sent", body = MailingPreview), Refused, NotFound, Invalid),
)]
pub async fn preview(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Parameters(query): Parameters<PreviewQuery>,
) -> Result<Json<MailingPreview>, Problem> {
    let mailing = find(&state, &caller, &id).await?;
    let person = find_person(&state, &caller, query.person.as_deref()).await?;
    let (_, filled) = compose::preview(&state, caller.workspace, &mailing.content, person.as_ref()).await?;
    Ok(Json(filled.into()))
}

/// The mailing of an address.
pub(super) async fn find(state: &AppState, caller: &Caller, id: &str) -> Result<Mailing, Problem> {
    let id: MailingId = id.parse().map_err(|_| Problem::not_found())?;
    mailings::find(&state.database.read(), caller.workspace, id).await?.ok_or_else(Problem::not_found)
}

/// The person who was named, if one was.
pub(super) async fn find_person(
    state: &AppState,
    caller: &Caller,
    id: Option<&str>,
) -> Result<Option<Person>, Problem> {
    let Some(id) = id else { return Ok(None) };
    let missing = || Problem::invalid_field(FieldProblem::new("person", "no-such-person"));
    let id: PersonId = id.parse().map_err(|_| missing())?;
    let found = storage::people::person::find(&state.database.read(), caller.workspace, id).await?;
    found.map(Some).ok_or_else(missing)
}

/// A mailing with how its recipients stand.
pub(super) async fn with_counts(
    state: &AppState,
    caller: &Caller,
    mailing: Mailing,
) -> Result<MailingResponse, Problem> {
    let counts = recipients::count_by_state(&state.database.read(), caller.workspace, mailing.id).await?;
    Ok(MailingResponse::of(mailing, &counts))
}

/// A refusal as the API tells it.
pub(super) fn refused(refusal: MailingRefusal) -> Problem {
    match refusal {
        MailingRefusal::NotFound => Problem::not_found(),
        MailingRefusal::Fields(problems) => Problem::invalid(problems),
        MailingRefusal::State(_) => Problem::conflict("mailing-state"),
        MailingRefusal::Changed => Problem::conflict("mailing-changed"),
        MailingRefusal::NoServer => Problem::conflict("mail-no-server"),
    }
}
