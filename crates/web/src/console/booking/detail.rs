//! One booking with its timeline (履歴): every look-up, decision, record and error (K21).

use crate::actions::booking;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::record_links;
use crate::ui::record_links::RecordLink;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use domain::booking::{Booking, BookingPage, BookingState};
use domain::delivery::{Delivery, DeliveryState};
use domain::value::{BookingId, Step};
use storage::booking::{bookings, pages};
use storage::delivery::timeline::Entry;
use storage::delivery::{deliveries, timeline};
use storage::org::connections;

/// A line of an explanation, told.
pub struct TimelineLine {
    /// The time of day; empty where there is none.
    pub time: String,
    /// Which delivery it is about; empty for the booking itself.
    pub kind: &'static str,
    /// Good, bad, a warning, or nothing of these.
    pub tone: &'static str,
    /// The sentence.
    pub text: String,
    /// Records that it names.
    pub links: Vec<RecordLink>,
}

struct Work {
    id: String,
    kind: &'static str,
    state: &'static str,
    due: String,
    attempts: u32,
    may_retry: bool,
    waits: bool,
    records: Vec<(&'static str, RecordLink)>,
}

struct Day {
    name: String,
    lines: Vec<TimelineLine>,
}

#[derive(Template)]
#[template(path = "console/booking/detail.html")]
struct BookingDetails {
    frame: ConsoleFrame,
    id: String,
    when: String,
    may_cancel: bool,
    facts: Vec<(String, String)>,
    work: Vec<Work>,
    days: Vec<Day>,
    /// Something is still to be done.
    waits: bool,
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
    let connection = connections::find(&read, workspace).await?;
    let instance = connection.as_ref().map(|connection| connection.instance_url.as_str());
    let page = pages::find(&read, workspace, booking.page).await?;
    let deliveries = deliveries::of_subjects(&read, workspace, &[booking.id.into()]).await?;
    let entries = timeline::list(&read, workspace, booking.id.into()).await?;
    render(&BookingDetails {
        id: booking.id.to_string(),
        when: t.date_time(booking.start),
        may_cancel: booking.state == BookingState::Confirmed && booking.start > state.clock.now(),
        facts: facts(t, &booking, page.as_ref()),
        waits: deliveries.iter().any(|delivery| delivery.state == DeliveryState::Due),
        work: deliveries.iter().map(|delivery| work(t, instance, delivery)).collect(),
        days: days(t, instance, &entries, &deliveries),
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
        (t.text("fact-page"), booking.page_path.clone()),
        (t.text("fact-made"), t.date_time(booking.created_at)),
        (t.text("fact-external-id"), booking.external_id.clone().unwrap_or_default()),
    ]);
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

fn work(t: &Translator, instance: Option<&str>, delivery: &Delivery) -> Work {
    use domain::delivery::DeliveryState as S;
    Work {
        id: delivery.id.to_string(),
        kind: delivery.kind.name(),
        state: delivery.state.name(),
        due: t.date_time(delivery.due_at),
        attempts: delivery.attempts,
        may_retry: delivery.state.may_retry(),
        waits: matches!(delivery.state, S::Due | S::Held),
        records: delivery
            .records
            .iter()
            .map(|record| {
                (record.action.name(), record_links::to_record(t, instance, &record.object, &record.id))
            })
            .collect(),
    }
}

fn days(t: &Translator, instance: Option<&str>, entries: &[Entry], deliveries: &[Delivery]) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for entry in entries {
        let kind = entry.delivery.and_then(|id| deliveries.iter().find(|delivery| delivery.id == id));
        let line = TimelineLine {
            time: t.exact_time(entry.at),
            kind: kind.map_or("", |delivery| delivery.kind.name()),
            ..timeline_line(t, instance, &entry.step)
        };
        let name = t.day(domain::booking::local(entry.at, &t.zone).date());
        match days.last_mut().filter(|day| day.name == name) {
            Some(day) => day.lines.push(line),
            None => days.push(Day { name, lines: vec![line] }),
        }
    }
    days
}

/// A step with its tone and its links.
pub fn timeline_line(t: &Translator, instance: Option<&str>, step: &Step) -> TimelineLine {
    TimelineLine {
        time: String::new(),
        kind: "",
        tone: tone(&step.code),
        text: t.step(step),
        links: record_links::of_step(t, instance, step),
    }
}

fn tone(code: &str) -> &'static str {
    match code {
        "org-refused" | "gave-up" | "connection-lost" | "lead-duplicate-blocked" => "bad",
        "value-dropped"
        | "email-in-description"
        | "lead-duplicate-allowed"
        | "answer-lost"
        | "org-unavailable"
        | "limit-reached"
        | "retry-at"
        | "delivery-held"
        | "todo-not-made"
        | "campaign-nobody"
        | "event-nobody"
        | "booking-cancelled" => "warn",
        "record-created"
        | "record-updated"
        | "record-recovered"
        | "delivery-done"
        | "booking-made"
        | "campaign-member-already"
        | "lead-duplicate-adopted" => "good",
        _ => "",
    }
}
