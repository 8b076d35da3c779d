//! A booking as a calendar file (RFC 5545), for the visitor's own calendar.

use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::public::booking::confirmation;
use crate::public::booking::signed_links::{Purpose, cancel_path};
use crate::state::AppState;
use crate::text::translator::Translator;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::booking::BookingState;
use domain::value::Timestamp;

/// The longest line, in octets, before it has to be folded.
const MAX_LINE: usize = 75;

/// Gives the file to the one who booked.
pub async fn show(
    State(state): State<AppState>,
    Path((_, _, token)): Path<(String, String, String)>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let (workspace, booking) = confirmation::find(&state, Purpose::Show, &token, &visitor).await?;
    let t = Translator::new(visitor.language, &booking.time_zone);
    let base = state.settings.public_url.as_str().trim_end_matches('/');
    let cancel = format!("{base}{}", cancel_path(state.database.vault(), workspace, booking.id));
    let hosts = t.list(booking.hosts.iter().map(|host| &host.name));
    let team = confirmation::brand(&state, &booking, &t).await?;
    let cancelled = booking.state == BookingState::Cancelled;
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Tsugite//Booking//EN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@tsugite", booking.id),
        format!("SEQUENCE:{}", u8::from(cancelled)),
        format!("STATUS:{}", if cancelled { "CANCELLED" } else { "CONFIRMED" }),
        format!("DTSTAMP:{}", date_time(booking.created_at)),
        format!("DTSTART:{}", date_time(booking.start)),
        format!("DTEND:{}", date_time(booking.end)),
        format!(
            "SUMMARY:{}",
            text(&t.sentence("calendar-title", [("title", booking.title.clone()), ("team", team)]))
        ),
        format!(
            "DESCRIPTION:{}",
            text(&t.sentence("calendar-text", [("hosts", hosts), ("address", cancel)]))
        ),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    let file: String = lines.iter().map(|line| fold(line)).collect();
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"booking.ics\""),
    ];
    Ok((headers, file).into_response())
}

fn date_time(at: Timestamp) -> String {
    at.to_jiff().strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn text(plain: &str) -> String {
    let escaped = plain.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    escaped.replace('\r', "").replace('\n', "\\n")
}

/// A line of at most 75 octets, and what is left on lines that begin with a space; characters stay whole.
fn fold(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + 8);
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > MAX_LINE {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(c);
        octets += c.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}
