//! One conversion: what was typed, what shows that it was sent, and what followed.

use crate::auth::session::SignedIn;
use crate::console::tag::conversions::{form_name, person, tone};
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::tag::TagSettings;
use domain::value::{ConversionId, OfferId};
use storage::tag::conversions::StoredConversion;
use storage::tag::{conversions, offers};
use storage::workspace::settings;

#[derive(Template)]
#[template(path = "console/tag/conversion.html")]
struct ConversionPage {
    frame: ConsoleFrame,
    id: String,
    when: String,
    facts: Vec<(String, String)>,
    values: Vec<(String, String)>,
    evidence: Vec<String>,
    meaning: String,
    /// Why it waits; empty if it counts.
    waits: String,
    followed: Vec<String>,
    booking: String,
    why: String,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let not_found = session.page_error(PageError::not_found());
    let id: ConversionId = id.parse().map_err(|_| not_found)?;
    let (read, workspace, t) = (state.database.read(), session.account.workspace, &session.words);
    let stored = conversions::find(&read, workspace, id).await?.ok_or(not_found)?;
    let settings = settings::find::<TagSettings>(&read, workspace).await?;
    let offer = offers::find(&read, workspace, OfferId(id.0)).await?;
    let conversion = &stored.conversion;
    let mut followed = Vec::new();
    if let Some(offer) = &offer {
        followed.push(t.fill("conversion-offered", "when", t.date_time(offer.at)));
        if !offer.outcome.is_empty() {
            followed.push(t.word("offer-outcome", &offer.outcome));
        }
    }
    render(&ConversionPage {
        id: id.to_string(),
        when: t.date_time(conversion.first.at),
        facts: facts(t, &settings, &stored),
        values: conversion.values.iter().map(|(key, value)| (property(t, key), value.text.clone())).collect(),
        evidence: conversion.evidence.iter().map(|word| evidence(t, word)).collect(),
        meaning: t.word("grade-meaning", conversion.grade.name()),
        waits: stored.quarantine.map(|reason| t.word("quarantine-text", reason.name())).unwrap_or_default(),
        followed,
        booking: stored.booking.map(|booking| format!("/console/bookings/{booking}")).unwrap_or_default(),
        why: why_address(conversion.text("email"), &conversion.first.url),
        frame: ConsoleFrame::new(&state, &session, "conversions", "conversion-title")
            .await?
            .named(person(t, &stored))
            .standing(tone(conversion.grade), t.word("grade", conversion.grade.name())),
    })
}

/// The address that answers why no dialog opened.
fn why_address(email: &str, url: &str) -> String {
    let mut address = url::form_urlencoded::Serializer::new("/console/tag/why?".to_owned());
    address.append_pair("email", email).append_pair("url", url).finish()
}

fn facts(t: &Translator, settings: &TagSettings, stored: &StoredConversion) -> Vec<(String, String)> {
    let first = &stored.conversion.first;
    let all = [
        ("column-form", form_name(t, settings, stored)),
        ("column-website-page", first.url.clone()),
        ("conversion-referrer", first.referrer.clone()),
        ("conversion-updated", t.date_time(stored.updated_at)),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (t.text(key), value)).collect()
}

/// A property in words; those that the admin named stay as they are.
fn property(t: &Translator, key: &str) -> String {
    let name = format!("property-{}", key.replace('_', "-"));
    let told = t.text(&name);
    if told == name { key.to_owned() } else { told }
}

/// Evidence in words, where there are some.
fn evidence(t: &Translator, word: &str) -> String {
    let key = format!("evidence-{word}");
    let told = t.text(&key);
    // The name of a plugin's or a service's own event.
    if told == key { t.fill("evidence-vendor", "name", word) } else { told }
}
