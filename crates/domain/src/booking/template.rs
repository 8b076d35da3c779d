//! The booking-notification template: `{{placeholders}}` for a booking's values (K2).

use crate::booking::{Booking, local};
use crate::value::{Language, TemplatePiece, template_pieces};

/// The placeholders that templates may use, in the order in which they are offered.
pub const PLACEHOLDERS: [&str; 11] =
    ["title", "start", "end", "name", "company", "email", "hosts", "guests", "answers", "page", "routing"];

/// The first placeholder of a template that doesn't exist.
pub fn unknown_placeholder(template: &str) -> Option<String> {
    template_pieces(template).find_map(|piece| match piece {
        TemplatePiece::Placeholder(name) if !is_known(name) => Some(name.to_owned()),
        _ => None,
    })
}

fn is_known(name: &str) -> bool {
    PLACEHOLDERS.contains(&name) || name.strip_prefix("answer.").is_some_and(|key| !key.is_empty())
}

/// Fills a template with a booking's values; times in `time_zone`, wording in `language`.
///
/// `labels` gives the questions' wordings by key, in the form's order, for `{{answers}}`.
pub fn fill(
    template: &str,
    booking: &Booking,
    labels: &[(String, String)],
    time_zone: &str,
    language: Language,
) -> String {
    let mut filled = String::with_capacity(template.len() + 64);
    for piece in template_pieces(template) {
        match piece {
            TemplatePiece::Text(text) => filled.push_str(text),
            TemplatePiece::Placeholder(name) => {
                filled.push_str(&value(name, booking, labels, time_zone, language));
            }
        }
    }
    filled
}

fn value(
    name: &str,
    booking: &Booking,
    labels: &[(String, String)],
    time_zone: &str,
    language: Language,
) -> String {
    match name {
        "title" => booking.title.clone(),
        "start" => format_date_time(booking.start, time_zone, language),
        "end" => local(booking.end, time_zone).strftime("%H:%M").to_string(),
        "name" => booking.attendee.name.display(language),
        "company" => booking.attendee.company.clone(),
        "email" => booking.attendee.email.to_string(),
        "hosts" => booking.hosts.iter().map(|host| host.name.as_str()).collect::<Vec<_>>().join(", "),
        "guests" => {
            booking.guests.iter().map(crate::value::EmailAddress::as_str).collect::<Vec<_>>().join(", ")
        }
        "page" => booking.page_path.clone(),
        "routing" => booking.routing.clone(),
        "answers" => labels
            .iter()
            .filter_map(|(key, label)| {
                booking.answers.get(key).map(|answer| format!("{label}: {}", answer.to_text()))
            })
            .collect::<Vec<_>>()
            .join("\n"),
        other => other
            .strip_prefix("answer.")
            .and_then(|key| booking.answers.get(key))
            .map(crate::form::Answer::to_text)
            .unwrap_or_default(),
    }
}

/// A moment for people: `2026年5月7日(木) 14:00` or `Thu, May 7, 2026, 14:00`.
pub fn format_date_time(moment: crate::value::Timestamp, time_zone: &str, language: Language) -> String {
    let shown = local(moment, time_zone);
    format!("{} {}", format_day(shown.date(), language), shown.strftime("%H:%M"))
}

/// A day for people: `2026年5月7日(木)` or `Thu, May 7, 2026`.
pub fn format_day(day: jiff::civil::Date, language: Language) -> String {
    const JAPANESE: [&str; 7] = ["日", "月", "火", "水", "木", "金", "土"];
    match language {
        Language::Japanese => {
            let weekday = JAPANESE[usize::from(day.weekday().to_sunday_zero_offset().unsigned_abs())];
            format!("{}年{}月{}日({weekday})", day.year(), day.month(), day.day())
        }
        Language::English => day.strftime("%a, %b %-d, %Y").to_string(),
    }
}
