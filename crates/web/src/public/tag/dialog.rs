//! `/site/{key}/slots`, `/bookings` and `/outcomes`: what happens in the dialog, by its handle.

use crate::actions::booking;
use crate::actions::booking::BookingProblem;
use crate::actions::tag::dialog::{DialogBooking, DialogOutcome, OpenDialog, note_outcome, page_of, request};
use crate::actions::tag::handle::OfferHandle;
use crate::actions::tag::site::Site;
use crate::actions::tag::slots;
use crate::public::booking::{booking_limit, proof_of_work, signed_links};
use crate::public::tag::opened::SiteCall;
use crate::public::tag::reply::{SiteError, SiteReply};
use crate::state::AppState;
use crate::text::catalogue;
use crate::text::translator::Translator;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::booking::{Booking, BookingPage};
use domain::value::{FieldProblem, Language};
use serde::Deserialize;
use serde_json::{Value, json};

/// Which days are wanted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WantedDays {
    handle: String,
    from: String,
    language: String,
}

/// What a visitor did.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Done {
    handle: String,
    outcome: DialogOutcome,
}

/// The open days from a day on.
pub(crate) async fn slots(State(state): State<AppState>, call: SiteCall<WantedDays>) -> SiteReply {
    let opened = page_of(&state, &call.site, &call.body.handle).await?;
    let OpenDialog { handle, page, .. } = opened.ok_or(SiteError::Gone)?;
    let language = Language::from_tag(&call.body.language).unwrap_or_default();
    let from = call.body.from.parse().ok();
    let (days, more) = slots::find(&state, handle.workspace, &page, from, language).await?;
    Ok(Json(json!({ "days": days, "more": more })))
}

/// Takes note of what became of a dialog.
pub(crate) async fn note(State(state): State<AppState>, call: SiteCall<Done>) -> SiteReply {
    if let Some(handle) = OfferHandle::read(&state, call.site.workspace, &call.body.handle) {
        note_outcome(&state, &call.site, &handle, call.body.outcome).await?;
    }
    Ok(Json(json!({})))
}

/// Books, under the same limits as on the booking page. The same dialog again gives the same booking.
pub(crate) async fn book(
    State(state): State<AppState>,
    call: SiteCall<DialogBooking>,
) -> Result<Response, SiteError> {
    let opened = page_of(&state, &call.site, &call.body.handle).await?;
    let opened = opened.ok_or(SiteError::Gone)?;
    let OpenDialog { handle, page, whole, .. } = &opened;
    let has_worked = proof_of_work::is_solved(&handle.offer.to_string(), &call.body.work);
    let request = request(&state, &call.site, &opened, call.body).await?;
    if booking::is_valid(page, &request, state.clock.now())
        && let Some(at) = booking_limit::take(&state, call.client, page.id, has_worked).await?
    {
        let seconds = (at.seconds() - state.clock.now().seconds()).max(1);
        let text = Translator::new(request.language, &page.time_zone).fill(
            "form-too-often",
            "minutes",
            (seconds + 59) / 60,
        );
        let mut body = json!({ "problem": "often", "text": text });
        if !has_worked {
            body["work"] = json!({ "challenge": handle.offer, "bits": proof_of_work::BITS });
        }
        let headers = [(header::RETRY_AFTER, seconds.to_string())];
        return Ok((StatusCode::TOO_MANY_REQUESTS, headers, Json(body)).into_response());
    }
    match booking::make(&state, handle.workspace, whole, &request).await {
        Ok(booking) => Ok((StatusCode::CREATED, Json(booked(&state, &call.site, &booking))).into_response()),
        Err(BookingProblem::Storage(error)) => Err(error.into()),
        Err(BookingProblem::SlotTaken | BookingProblem::KeyReused) => {
            Ok((StatusCode::CONFLICT, Json(taken(&state, handle, page, request.language).await?))
                .into_response())
        }
        Err(BookingProblem::Invalid(problems)) => {
            if problems.iter().any(|problem| problem.field == "start") {
                let body = taken(&state, handle, page, request.language).await?;
                return Ok((StatusCode::CONFLICT, Json(body)).into_response());
            }
            let error = |problem: &FieldProblem| json!({ "field": problem.field, "text": catalogue::problem(request.language, problem) });
            let errors: Vec<Value> = problems.iter().map(error).collect();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "errors": errors }))).into_response())
        }
    }
}

fn booked(state: &AppState, site: &Site, booking: &Booking) -> Value {
    let base = state.settings.public_url.as_str().trim_end_matches('/');
    let path = signed_links::done_path(state.database.vault(), site.workspace, booking);
    let language = booking.language.tag();
    json!({
        "start": booking.start,
        "end": booking.end,
        "confirmation": format!("{base}{path}?language={language}"),
    })
}

async fn taken(
    state: &AppState,
    handle: &OfferHandle,
    page: &BookingPage,
    language: Language,
) -> Result<Value, SiteError> {
    let (days, more) = slots::find(state, handle.workspace, page, None, language).await?;
    let text = catalogue::text(language, "problem-slot-taken");
    Ok(json!({ "problem": "taken", "text": text, "days": days, "more": more }))
}
