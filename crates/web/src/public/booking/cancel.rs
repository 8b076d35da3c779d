//! Cancelling by a signed link; looking at the link changes nothing (B3).

use crate::actions::booking;
use crate::http::language::RequestLanguage;
use crate::http::language::other_language;
use crate::http::page_error::PageError;
use crate::public::booking::confirmation;
use crate::public::booking::confirmation::Summary;
use crate::public::booking::signed_links::Purpose;
use crate::public::booking::zone;
use crate::public::brand::look;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{PublicFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::booking::BookingState;

#[derive(Template)]
#[template(path = "public/booking/cancel.html")]
struct CancelPage {
    frame: PublicFrame,
    cancelled: bool,
    over: bool,
    action: String,
    summary: Summary,
    again: String,
}

/// Asks whether to cancel, or says that it is done.
pub async fn show(
    State(state): State<AppState>,
    Path(token): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let (workspace, booking) = confirmation::find(&state, Purpose::Cancel, &token, &visitor).await?;
    let t =
        Translator::new(visitor.language, &zone::wanted(&visitor.query).unwrap_or(booking.time_zone.clone()));
    let cancelled = booking.state == BookingState::Cancelled;
    let other = other_language(visitor.language);
    render(&CancelPage {
        cancelled,
        over: booking.start <= state.clock.now(),
        action: zone::with_zone(&format!("{}?language={}", visitor.path, t.tag()), &visitor.query),
        summary: confirmation::summary(&state, workspace, &booking, &t).await?,
        again: zone::with_zone(&format!("/b/{}?language={}", booking.page_path, t.tag()), &visitor.query),
        frame: PublicFrame {
            brand: confirmation::brand(&state, &booking, &t).await?,
            title: t.text(if cancelled { "cancel-done-title" } else { "cancel-title" }),
            t,
            switch: Some((
                other,
                zone::with_zone(&format!("{}?language={}", visitor.path, other.tag()), &visitor.query),
            )),
            switch_form: "",
            look: look(&state.database.read(), workspace).await?,
        },
    })
}

/// Cancels; a second time changes nothing.
pub async fn cancel(
    State(state): State<AppState>,
    Path(token): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let (workspace, booking) = confirmation::find(&state, Purpose::Cancel, &token, &visitor).await?;
    if booking.start > state.clock.now() {
        booking::cancel(&state, workspace, booking.id, booking::ATTENDEE).await?;
    }
    let back = format!("{}?language={}", visitor.path, visitor.language.tag());
    Ok(Redirect::to(&zone::with_zone(&back, &visitor.query)).into_response())
}
