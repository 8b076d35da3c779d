//! The page after booking: what was booked, what comes next, how to cancel (B3).

use crate::http::language::RequestLanguage;
use crate::http::language::other_language;
use crate::http::page_error::PageError;
use crate::public::booking::signed_links::Purpose;
use crate::public::booking::{signed_links, zone};
use crate::public::brand::look;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{PublicFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::booking::{Booking, BookingPage, BookingState};
use domain::form::FieldKind;
use domain::value::WorkspaceId;

/// A booking as its visitor sees it.
pub struct Summary {
    /// The day of the meeting.
    pub day: String,
    /// When it starts.
    pub from: String,
    /// When it ends.
    pub to: String,
    /// When it starts, for programs.
    pub datetime: String,
    /// The zone's name.
    pub zone_name: String,
    /// The same in the page's own zone, when it is another.
    pub of_page: String,
    /// Names and values.
    pub facts: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "public/booking/confirmation.html")]
struct DonePage {
    frame: PublicFrame,
    cancelled: bool,
    summary: Summary,
    calendar: String,
    cancel: String,
    again: String,
}

/// Shows a booking to the one who made it.
pub async fn show(
    State(state): State<AppState>,
    Path((_, _, token)): Path<(String, String, String)>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let (workspace, booking) = find(&state, Purpose::Show, &token, &visitor).await?;
    let t =
        Translator::new(visitor.language, &zone::wanted(&visitor.query).unwrap_or(booking.time_zone.clone()));
    let cancelled = booking.state == BookingState::Cancelled;
    let other = other_language(visitor.language);
    let language = zone::with_zone(&format!("?language={}", t.tag()), &visitor.query);
    render(&DonePage {
        cancelled,
        summary: summary(&state, workspace, &booking, &t).await?,
        calendar: format!("{}/calendar.ics{language}", visitor.path),
        cancel: signed_links::cancel_path(state.database.vault(), workspace, booking.id) + &language,
        again: format!("/b/{}{language}", booking.page_path),
        frame: PublicFrame {
            brand: brand(&state, &booking, &t).await?,
            title: t.text(if cancelled { "cancel-done-title" } else { "done-title" }),
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

/// The booking that a signed link names.
pub async fn find(
    state: &AppState,
    purpose: Purpose,
    token: &str,
    visitor: &RequestLanguage,
) -> Result<(WorkspaceId, Booking), PageError> {
    let bad_link = PageError::bad_link().in_language(visitor.language);
    let (workspace, booking) = signed_links::read(state.database.vault(), purpose, token).ok_or(bad_link)?;
    let found = storage::booking::bookings::find(&state.database.read(), workspace, booking).await?;
    Ok((workspace, found.ok_or(bad_link)?))
}

/// In whose name a booking's pages speak: its team's.
pub async fn brand(state: &AppState, booking: &Booking, t: &Translator) -> Result<String, PageError> {
    let slug = booking.page_path.split('/').next().unwrap_or_default();
    let team = storage::workspace::teams::find_by_slug(&state.database.read(), slug).await?;
    Ok(team.map_or_else(|| t.text("product-name"), |(_, team)| team.name))
}

/// Everything that the visitor entered, for a look over it.
pub async fn summary(
    state: &AppState,
    workspace: WorkspaceId,
    booking: &Booking,
    t: &Translator,
) -> Result<Summary, PageError> {
    let page = storage::booking::pages::find(&state.database.read(), workspace, booking.page).await?;
    let mut facts = vec![
        (
            t.text("fact-title"),
            page.as_ref().map_or(booking.title.as_str(), |page| page.title_in(t.language)).to_owned(),
        ),
        (t.text("fact-hosts"), t.list(booking.hosts.iter().map(|host| &host.name))),
        (t.text("attendee-name"), booking.attendee.name.display(booking.language)),
        (t.text("attendee-company"), booking.attendee.company.clone()),
        (t.text("attendee-email"), booking.attendee.email.to_string()),
        (
            t.text("attendee-guests"),
            booking.guests.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        ),
    ];
    facts.extend(page.iter().flat_map(|page| answered(page, booking, t)));
    facts.retain(|(_, value)| !value.is_empty());
    Ok(Summary {
        day: t.day(booking.day_in(&t.zone)),
        from: t.time(booking.start),
        to: t.time(booking.end),
        datetime: booking.start.to_string(),
        zone_name: t.zone_name(),
        of_page: zone::in_zone(&booking.time_zone, t, booking.start),
        facts,
    })
}

fn answered(page: &BookingPage, booking: &Booking, t: &Translator) -> Vec<(String, String)> {
    let visible = page.fields.iter().filter(|field| field.kind != FieldKind::Hidden);
    visible
        .filter_map(|field| {
            let answer = booking.answers.get(&field.key)?;
            Some((field.label_in(t.language).to_owned(), t.answer(answer)))
        })
        .collect()
}
