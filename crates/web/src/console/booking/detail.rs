//! One booking with its timeline (履歴): every look-up, decision, record and error (K21).

use crate::actions::booking;
use crate::actions::booking::OutcomeSaved;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::delivery::progress::Progress;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use domain::booking::{Booking, BookingPage, BookingState, MeetingOutcome};
use domain::value::{BookingId, Timestamp};
use storage::booking::{bookings, pages};

#[derive(Template)]
#[template(path = "console/booking/detail.html")]
struct BookingDetails {
    frame: ConsoleFrame,
    id: String,
    when: String,
    may_cancel: bool,
    /// The words of whether the visitor came, where it can be said, and which of them is true.
    outcomes: Vec<(&'static str, String, bool)>,
    facts: Vec<(String, String)>,
    progress: Progress,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let booking = find(&state, &session, &id).await?;
    let read = state.database.read();
    let workspace = session.account.workspace;
    let t = &session.words;
    let page = pages::find(&read, workspace, booking.page).await?;
    render(&BookingDetails {
        id: booking.id.to_string(),
        when: t.date_time(booking.start),
        may_cancel: booking.state == BookingState::Confirmed && booking.start > state.clock.now(),
        outcomes: outcomes(t, &booking, state.clock.now()),
        facts: facts(t, &booking, page.as_ref()),
        progress: Progress::load(&read, &session, booking.id.into()).await?,
        frame: ConsoleFrame::new(&state, &session, "bookings", "booking-title")
            .await?
            .named(name_of(t, &booking))
            .standing(booking.state.name(), t.word("booking-state", booking.state.name())),
    })
}

/// Cancels a booking.
pub async fn cancel(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Redirect, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let booking = find(&state, session, &id).await?;
    booking::cancel(&state, session.account.workspace, booking.id, session.account.email.as_str()).await?;
    Ok(Redirect::to(&format!("/console/bookings/{}?done=cancelled", booking.id)))
}

/// Says whether the visitor came.
pub async fn outcome(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Redirect, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let booking = find(&state, session, &id).await?;
    let outcome = MeetingOutcome::from_name(posted.form.text("outcome"));
    let outcome = outcome.ok_or_else(|| session.page_error(PageError::not_found()))?;
    let by = session.account.email.as_str();
    let saved = booking::save_outcome(&state, session.account.workspace, booking.id, outcome, by).await?;
    // Else the page shows what has happened meanwhile, and offers no outcome any more.
    let done = if saved == OutcomeSaved::Saved { "?done=outcome-saved" } else { "" };
    Ok(Redirect::to(&format!("/console/bookings/{}{done}", booking.id)))
}

/// What can be said of a meeting that has begun.
fn outcomes(t: &Translator, booking: &Booking, now: Timestamp) -> Vec<(&'static str, String, bool)> {
    if booking.state == BookingState::Cancelled || booking.start > now {
        return Vec::new();
    }
    let word = |outcome: MeetingOutcome| {
        (outcome.name(), t.word("meeting-outcome", outcome.name()), booking.outcome == Some(outcome))
    };
    MeetingOutcome::ALL.map(word).to_vec()
}

/// Who comes, and from which company.
fn name_of(t: &Translator, booking: &Booking) -> String {
    let name = booking.attendee.name.display(booking.language);
    let names = [name.as_str(), booking.attendee.company.as_str()];
    t.list(names.into_iter().filter(|name| !name.is_empty()))
}

async fn find(state: &AppState, session: &SignedIn, id: &str) -> Result<Booking, PageError> {
    let not_found = session.page_error(PageError::not_found());
    let id: BookingId = id.parse().map_err(|_| not_found)?;
    bookings::find(&state.database.read(), session.account.workspace, id).await?.ok_or(not_found)
}

fn facts(t: &Translator, booking: &Booking, page: Option<&BookingPage>) -> Vec<(String, String)> {
    let addresses = booking.guests.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let hosts = booking.hosts.iter().map(|host| format!("{} ({})", host.name, host.email));
    let mut facts = vec![
        (t.text("fact-title"), booking.title.clone()),
        (t.text("attendee-name"), booking.attendee.name.display(booking.language)),
        (t.text("attendee-company"), booking.attendee.company.clone()),
        (t.text("attendee-email"), booking.attendee.email.to_string()),
        (t.text("attendee-guests"), addresses),
        (t.text("fact-hosts"), hosts.collect::<Vec<_>>().join("\n")),
    ];
    let place = |key: &str| page.and_then(|page| page.fields.iter().position(|field| field.key == key));
    let mut answers: Vec<_> = booking.answers.iter().collect();
    answers.sort_by_key(|(key, _)| place(key).unwrap_or(usize::MAX));
    facts.extend(answers.into_iter().map(|(key, answer)| {
        let field = page.and_then(|page| page.fields.iter().find(|field| field.key == *key));
        (field.map_or(key.as_str(), |field| field.label_in(t.language)).to_owned(), t.answer(answer))
    }));
    facts.extend([
        (
            t.text("fact-outcome"),
            booking.outcome.map_or_else(String::new, |outcome| t.word("meeting-outcome", outcome.name())),
        ),
        (t.text("fact-page"), booking.page_path.clone()),
        (t.text("fact-made"), t.date_time(booking.created_at)),
        (t.text("fact-external-id"), booking.external_id.clone().unwrap_or_default()),
    ]);
    facts.retain(|(_, value)| !value.is_empty());
    facts
}
