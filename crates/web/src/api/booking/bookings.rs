//! `/bookings`: make, list, show, cancel, and whether the visitor came.

use crate::actions::booking;
use crate::actions::booking::{BookingProblem, BookingRequest, OutcomeSaved, Routed, Source, routing};
use crate::api::booking::response::{AnswerSchema, BookingDetails, BookingResponse, EntryResponse};
use crate::api::delivery::response::DeliveryResponse;
use crate::api::refusals::{
    AlreadyCancelled, Invalid, InvalidBody, InvalidBooking, NoMeeting, NotFound, Refused, SlotTaken,
};
use crate::api::value::Id;
use crate::auth::api_caller::Caller;
use crate::http::json::{Body, Parameters, idempotency_key};
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use domain::booking::{BookingPage, MeetingOutcome};
use domain::form::Answers;
use domain::value::{BookingId, FieldProblem, Language, RoutingDecisionId, Timestamp, is_slug};
use serde::{Deserialize, Serialize};
use storage::booking::{bookings, pages};
use storage::delivery::{deliveries, timeline};
use storage::org::connections;
use uuid::Uuid;

/// What a booking is made from.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBooking {
    /// The page: `team/page`, or the page's own part when only one page has it.
    pub page: String,
    /// When it starts, RFC 3339.
    pub start: String,
    /// The visitor.
    pub attendee: NewAttendee,
    /// Fellow attendees' addresses.
    #[serde(default)]
    pub guests: Vec<String>,
    /// Members who attend, by id or address.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// The router's decision that led here, by its ID; its members attend, and the booking tells of it.
    #[serde(default)]
    pub decision: Option<String>,
    /// Answers by question key.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, AnswerSchema>)]
    pub answers: Answers,
    /// The caller's own id for it.
    #[serde(default)]
    pub external_id: Option<String>,
    /// `ja` or `en`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
}

/// The visitor of a new booking.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAttendee {
    /// The e-mail address.
    pub email: String,
    /// 氏名
    #[serde(default)]
    pub name: String,
    /// 姓
    #[serde(default)]
    pub family_name: String,
    /// 名
    #[serde(default)]
    pub given_name: String,
    /// 会社名
    #[serde(default)]
    pub company: String,
}

/// Creates a booking; responds at once, without a call to Salesforce.
#[utoipa::path(
    post, path = "/bookings", tag = "bookings", operation_id = "create_booking", request_body = NewBooking,
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeated request with the same key returns the first booking")),
    responses((status = 201, description = "The booking with its deliveries", body = BookingDetails), Refused, InvalidBooking, SlotTaken),
)]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Body(new): Body<NewBooking>,
) -> Result<(StatusCode, Json<BookingDetails>), Problem> {
    let page = find_page(&state, &caller, &new.page).await?;
    let idempotency = idempotency_key(&headers, &new)?;
    let routed = routed(&state, &caller, &page, new.decision.as_deref()).await?;
    let request = BookingRequest {
        start: Timestamp::parse(&new.start),
        email: new.attendee.email,
        name: new.attendee.name,
        family_name: new.attendee.family_name,
        given_name: new.attendee.given_name,
        company: new.attendee.company,
        guests: new.guests,
        hosts: new.hosts,
        routed,
        answers: new.answers,
        external_id: new.external_id,
        language: new.language.unwrap_or(caller.language),
        source: Source::Key(caller.actor.clone()),
        idempotency,
    };
    let made = booking::make(&state, caller.workspace, &page, &request).await;
    let booking = made.map_err(refuse)?;
    Ok((StatusCode::CREATED, Json(full(&state, &caller, booking.id).await?)))
}

/// A decision has to be one of a router of this workspace for this page.
async fn routed(
    state: &AppState,
    caller: &Caller,
    page: &BookingPage,
    decision: Option<&str>,
) -> Result<Option<Routed>, Problem> {
    let Some(decision) = decision else { return Ok(None) };
    let found = match Uuid::parse_str(decision) {
        Ok(id) => routing::of_decision(state, caller.workspace, page, RoutingDecisionId(id)).await?,
        Err(_) => None,
    };
    let problem = || Problem::invalid_field(FieldProblem::new("decision", "no-such-decision"));
    found.map(Some).ok_or_else(problem)
}

fn refuse(problem: BookingProblem) -> Problem {
    match problem {
        BookingProblem::Invalid(fields) => Problem::invalid(fields),
        BookingProblem::SlotTaken => Problem::conflict("slot-taken"),
        BookingProblem::KeyReused => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused"),
        BookingProblem::Storage(error) => Problem::from(error),
    }
}

/// A page by `team/page` or by its own part.
pub(crate) async fn find_page(state: &AppState, caller: &Caller, path: &str) -> Result<BookingPage, Problem> {
    let read = state.database.read();
    let found = match path.split_once('/') {
        Some((team, slug)) if !is_slug(team) || !is_slug(slug) => None,
        Some((team, slug)) => pages::find_by_path(&read, caller.workspace, team, slug).await?,
        None => {
            let pages = pages::list(&read, caller.workspace).await?;
            let mut named = pages.into_iter().filter(|page| page.slug == path);
            named.next().filter(|_| named.next().is_none())
        }
    };
    found.ok_or_else(|| {
        let shown: String = path.chars().take(80).collect();
        Problem::invalid_field(FieldProblem::new("page", "no-such-page").with("value", shown))
    })
}

const MAX_BOOKINGS: u32 = 200;

/// Which part of a list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// Bookings per page, 1 to 200; a larger number gives 200, and 50 is meant when it is missing.
    #[param(minimum = 0)]
    limit: Option<i32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// A page of a list of bookings.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BookingList {
    /// Bookings, latest first.
    bookings: Vec<BookingResponse>,
    /// Where the next page begins; null on the last page.
    next_cursor: Option<Id>,
}

/// The workspace's bookings, latest first.
#[utoipa::path(
    get, path = "/bookings", tag = "bookings", operation_id = "list_bookings", params(Part),
    responses((status = 200, description = "Bookings, latest first, and the next cursor", body = BookingList), Refused, Invalid),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Parameters(part): Parameters<Part>,
) -> Result<Json<BookingList>, Problem> {
    let wanted = part.limit.unwrap_or(50);
    if wanted < 0 {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_BOOKINGS);
        return Err(Problem::invalid_field(fault));
    }
    let limit = u32::try_from(wanted).unwrap_or(MAX_BOOKINGS).clamp(1, MAX_BOOKINGS);
    let before = part.cursor.as_deref().map(str::parse::<BookingId>).transpose();
    let before = before.map_err(|_| Problem::invalid_field(FieldProblem::new("cursor", "bad-cursor")))?;
    let found = bookings::list(&state.database.read(), caller.workspace, before, limit).await;
    let found = found?;
    let next = (found.len() == limit as usize).then(|| found.last().map(|last| last.id)).flatten();
    let bookings = found.iter().map(BookingResponse::from).collect();
    Ok(Json(BookingList { bookings, next_cursor: next.map(Id::from) }))
}

/// One booking with its deliveries and timeline.
#[utoipa::path(
    get, path = "/bookings/{id}", tag = "bookings", operation_id = "show_booking",
    params(("id" = String, Path, description = "The ID")),
    responses((status = 200, description = "The booking with deliveries and timeline", body = BookingDetails), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<BookingDetails>, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    Ok(Json(full(&state, &caller, id).await?))
}

/// Cancels a booking.
#[utoipa::path(
    post, path = "/bookings/{id}/cancel", tag = "bookings", operation_id = "cancel_booking",
    params(("id" = String, Path, description = "The ID")),
    responses((status = 200, description = "The cancelled booking", body = BookingDetails), Refused, NotFound, AlreadyCancelled),
)]
pub async fn cancel(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<BookingDetails>, Problem> {
    let id: BookingId = id.parse().map_err(|_| Problem::not_found())?;
    full(&state, &caller, id).await?;
    let done = booking::cancel(&state, caller.workspace, id, &caller.actor).await;
    if !done? {
        return Err(Problem::conflict("already-cancelled"));
    }
    Ok(Json(full(&state, &caller, id).await?))
}

/// Whether the visitor came.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewOutcome {
    /// `held`, or `no_show` if the visitor did not come.
    #[schema(required, example = "no_show")]
    outcome: String,
}

/// Says whether the visitor came, once the meeting has begun; it can be corrected.
///
/// After `no_show` the host's turn is given back.
#[utoipa::path(
    post, path = "/bookings/{id}/outcome", tag = "bookings", operation_id = "save_booking_outcome",
    params(("id" = String, Path, description = "The ID")),
    request_body = NewOutcome,
    responses(
        (status = 200, description = "The booking", body = BookingDetails),
        Refused, InvalidBody, NotFound, NoMeeting
    ),
)]
pub async fn outcome(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Body(told): Body<NewOutcome>,
) -> Result<Json<BookingDetails>, Problem> {
    let id: BookingId = id.parse().map_err(|_| Problem::not_found())?;
    full(&state, &caller, id).await?;
    let Some(outcome) = MeetingOutcome::from_name(&told.outcome) else {
        let code = if told.outcome.is_empty() { "required" } else { "not-an-option" };
        let fault = FieldProblem::new("outcome", code).with("value", &told.outcome);
        return Err(Problem::invalid_field(fault));
    };
    match booking::save_outcome(&state, caller.workspace, id, outcome, &caller.actor).await? {
        OutcomeSaved::Saved => Ok(Json(full(&state, &caller, id).await?)),
        OutcomeSaved::TooEarly => Err(Problem::conflict("meeting-not-begun")),
        OutcomeSaved::Cancelled => Err(Problem::conflict("already-cancelled")),
        OutcomeSaved::NotFound => Err(Problem::not_found()),
    }
}

async fn full(state: &AppState, caller: &Caller, id: BookingId) -> Result<BookingDetails, Problem> {
    let read = state.database.read();
    let booking = bookings::find(&read, caller.workspace, id).await?;
    let booking = booking.ok_or_else(Problem::not_found)?;
    let connection = connections::find(&read, caller.workspace).await?;
    let instance = connection.as_ref().map(|connection| connection.instance_url.as_str());
    let deliveries = deliveries::of_subjects(&read, caller.workspace, &[id.into()]).await?;
    let entries = timeline::list(&read, caller.workspace, id.into()).await?;
    let deliveries = deliveries.iter().map(|one| DeliveryResponse::of(one, instance, caller.language));
    Ok(BookingDetails {
        booking: BookingResponse::from(&booking),
        deliveries: deliveries.collect(),
        timeline: entries.iter().map(|entry| EntryResponse::of(entry, caller.language)).collect(),
    })
}
