//! The error inbox (要対応): what was given up, grouped by cause, with another try for one or all.

use crate::actions::delivery;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::catalogue::find_text;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::response::{Redirect, Response};
use domain::booking::Booking;
use domain::delivery::{Delivery, DeliveryState};
use domain::value::{BookingId, DeliveryId};
use storage::booking::bookings;
use storage::delivery::deliveries;

const MAX: u32 = 500;

struct Item {
    id: String,
    address: String,
    who: String,
    when: String,
    kind: &'static str,
}

struct Group {
    code: String,
    cause: String,
    said: String,
    items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "console/delivery/failed.html")]
struct ErrorsPage {
    frame: ConsoleFrame,
    groups: Vec<Group>,
    held: i64,
}

/// Shows it.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let read = state.database.read();
    let workspace = session.account.workspace;
    let failed = deliveries::in_state(&read, workspace, DeliveryState::Failed, MAX).await?;
    let counts = deliveries::count_by_state(&read, workspace).await?;
    let held = counts.iter().find(|(state, _)| *state == DeliveryState::Held).map_or(0, |(_, n)| *n);
    let ids: Vec<BookingId> = failed.iter().filter_map(|delivery| delivery.subject.booking()).collect();
    let bookings = bookings::find_many(&read, workspace, &ids).await?;
    render(&ErrorsPage {
        groups: groups(&session.words, &failed, &bookings),
        held,
        frame: ConsoleFrame::new(&state, &session, "errors", "nav-errors").await?,
    })
}

/// Tries one or several again.
pub async fn retry(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    for id in posted.form.all("delivery").iter().filter_map(|id| id.parse::<DeliveryId>().ok()) {
        delivery::retry(&state, session.account.workspace, id, session.account.email.as_str()).await?;
    }
    let booking = posted.form.find("booking").and_then(|id| id.parse::<BookingId>().ok());
    Ok(Redirect::to(&match booking {
        Some(booking) => format!("/console/bookings/{booking}?done=retried"),
        None => "/console/errors?done=retried".to_owned(),
    }))
}

fn groups(t: &Translator, failed: &[Delivery], bookings: &[Booking]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for delivery in failed {
        let code = delivery.error_code.clone().unwrap_or_else(|| "unknown".to_owned());
        let item = item(t, delivery, bookings);
        match groups.iter_mut().find(|group| group.code == code) {
            Some(group) => group.items.push(item),
            None => groups.push(Group {
                cause: cause(t, &code),
                said: response_text(t, &code, delivery),
                code,
                items: vec![item],
            }),
        }
    }
    groups
}

fn item(t: &Translator, delivery: &Delivery, bookings: &[Booking]) -> Item {
    let id = delivery.subject.booking();
    let booking = bookings.iter().find(|booking| Some(booking.id) == id);
    Item {
        id: delivery.id.to_string(),
        address: id.map(|id| format!("/console/bookings/{id}")).unwrap_or_default(),
        who: booking.map(|booking| booking.attendee.name.display(booking.language)).unwrap_or_default(),
        when: booking.map(|booking| t.date_time(booking.start)).unwrap_or_default(),
        kind: delivery.kind.name(),
    }
}

/// The cause in plain words, with what to do; a general one for codes that are rare.
fn cause(t: &Translator, code: &str) -> String {
    let plain = code.len() < 80 && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let known = plain.then(|| find_text(t.language, &format!("cause-{code}"))).flatten();
    known.unwrap_or_else(|| t.text("cause-other"))
}

/// What Salesforce said last, in its own words; its code alone when it said nothing.
fn response_text(t: &Translator, code: &str, delivery: &Delivery) -> String {
    let messages = delivery.explanation.iter().rev().filter_map(|step| step.data.get("message"));
    match messages.filter(|message| !message.is_empty()).map(String::as_str).next() {
        Some(message) => {
            t.sentence("errors-said", [("code", code.to_owned()), ("message", message.to_owned())])
        }
        None => code.to_owned(),
    }
}
