//! The list of bookings.

use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::booking::Booking;
use domain::delivery::{Delivery, Subject};
use domain::value::BookingId;
use storage::booking::bookings;
use storage::delivery::deliveries;

const ROWS: u32 = 50;

/// One row.
pub struct BookingRow {
    /// Where its timeline is.
    pub address: String,
    /// When the meeting is.
    pub when: String,
    /// What it is called.
    pub title: String,
    /// The visitor.
    pub who: String,
    /// The visitor's company.
    pub company: String,
    /// The visitor's address.
    pub email: String,
    /// The members who attend.
    pub hosts: String,
    /// Where the booking stands.
    pub state: &'static str,
    /// Kind and state of its deliveries.
    pub deliveries: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "console/booking/list.html")]
struct BookingsPage {
    frame: ConsoleFrame,
    rows: Vec<BookingRow>,
    older: Option<String>,
}

/// Shows it, the latest made first.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let read = state.database.read();
    let workspace = session.account.workspace;
    let before: Option<BookingId> = visitor.query.find("before").and_then(|id| id.parse().ok());
    let found = bookings::list(&read, workspace, before, ROWS).await?;
    let subjects: Vec<Subject> = found.iter().map(|booking| booking.id.into()).collect();
    let deliveries = deliveries::of_subjects(&read, workspace, &subjects).await?;
    let full = found.len() == usize::try_from(ROWS).unwrap_or(usize::MAX);
    let older = found.last().filter(|_| full).map(|last| format!("/console/bookings?before={}", last.id));
    render(&BookingsPage {
        rows: found.iter().map(|booking| row(&session, booking, &deliveries)).collect(),
        older,
        frame: ConsoleFrame::new(&state, &session, "bookings", "nav-bookings").await?,
    })
}

fn row(session: &SignedIn, booking: &Booking, deliveries: &[Delivery]) -> BookingRow {
    let t = &session.words;
    BookingRow {
        address: format!("/console/bookings/{}", booking.id),
        when: t.date_time(booking.start),
        title: booking.title.clone(),
        who: booking.attendee.name.display(booking.language),
        company: booking.attendee.company.clone(),
        email: booking.attendee.email.to_string(),
        hosts: t.list(booking.hosts.iter().map(|host| &host.name)),
        state: booking.state.name(),
        deliveries: deliveries
            .iter()
            .filter(|delivery| delivery.subject == booking.id.into())
            .map(|delivery| (delivery.kind.name(), delivery.state.name()))
            .collect(),
    }
}
