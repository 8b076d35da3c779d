//! What becomes of a report of the tag: stored once an attempt, quarantined where it must be looked at, never dropped.

use crate::actions::router::after_conversion;
use crate::actions::router::routed_offer::RoutedOffer;
use crate::actions::tag::offer::{Told, Wanted, make, tell};
use crate::actions::tag::site::Site;
use crate::actions::tag::visitors::Identified;
use crate::actions::tag::{identity_proof, page_token, visitors};
use crate::http::client_address::ClientAddress;
use crate::state::AppState;
use domain::tag::{
    CONFIRMED, Conversion, Grade, OfferSource, Report, ReportedField, ReportedForm, SiteOrigin, TYPED, Then,
    clean_values,
};
use domain::value::{EmailAddress, Language, Timestamp, clean_line};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use storage::secret::token_hash;
use storage::tag::conversions::{Quarantine, StoredConversion};
use storage::tag::forms_seen::FormSeen;
use storage::tag::{conversions, forms_seen, sites};
use storage::workspace::attempts;
use storage::workspace::attempts::AttemptLimit;
use storage::{StorageError, Write};

/// A report as it travels.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) grade: String,
    pub(crate) evidence: Vec<String>,
    pub(crate) url: String,
    pub(crate) referrer: String,
    pub(crate) form: ReportedForm,
    pub(crate) values: BTreeMap<String, Value>,
    pub(crate) revision: u32,
    pub(crate) visitor: Option<String>,
    pub(crate) proof: String,
    pub(crate) language: String,
}

/// What the tag is told of a report that is stored.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// What follows.
    pub(crate) offer: Option<Value>,
    /// The visitor's ID from now on, if it is another one.
    pub(crate) renewed: Option<String>,
}

/// What became of a report.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// It is stored.
    Stored(Box<Stored>),
    /// It is of a form whose submissions don't count; only the form was noted.
    Noted,
    /// Its ID or its grade is none.
    Malformed,
    /// So many wait already that no more are taken now.
    Full,
}

/// New attempts of one address that count; those beyond wait for someone to look at them.
const PER_ADDRESS: AttemptLimit = AttemptLimit { free: 120, pause_seconds: 5, window_minutes: 60 };
/// Attempts of a workspace that wait, at most.
const MAX_QUARANTINED: i64 = 20_000;
/// Characters of an attempt's ID.
const ID_LENGTH: std::ops::RangeInclusive<usize> = 16..=64;
/// Fields of a form that are noted.
const MAX_FIELDS: usize = 200;
/// Characters of names and labels.
const MAX_NAME: usize = 200;
/// Kinds of inputs into which nobody types.
const NOT_TYPED: [&str; 6] = ["hidden", "submit", "button", "checkbox", "image", "reset"];

/// Stores a report.
pub(crate) async fn store(
    state: &AppState,
    site: &Site,
    client: ClientAddress,
    entry: Entry,
) -> Result<Outcome, StorageError> {
    let (Some(grade), true) = (Grade::from_name(&entry.grade), is_id(&entry.id)) else {
        return Ok(Outcome::Malformed);
    };
    let now = state.clock.now();
    let has_token = page_token::is_good(state, &site.key, site.origin.as_ref(), &entry.token);
    let grade = if has_token { grade } else { grade.without_token() };
    let form = clean_form(&entry.form);
    let mapped = site.origin.as_ref().and_then(|origin| site.settings.form_of(origin, &form));
    let counts = mapped.map_or(site.settings.other_forms.on && !is_newsletter(&form), |mapped| mapped.on);
    let form_id = mapped.map(|mapped| mapped.id.clone()).unwrap_or_default();
    let seen = form_seen(site, &form, &form_id, now);
    let write = state.database.write().await?;
    // Tools name as many forms as they like.
    let notes_form = site.is_allowed() && has_token;
    if !counts {
        if notes_form {
            forms_seen::note(&write, site.workspace, &seen, (true, false)).await?;
        }
        write.commit().await?;
        return Ok(Outcome::Noted);
    }
    let is_known = conversions::is_known(&write, site.workspace, &entry.id).await?;
    let quarantine = if is_known { None } else { quarantine(&write, site, client, now).await? };
    if quarantine.is_some() && conversions::has_quarantined(&write, site.workspace, MAX_QUARANTINED).await? {
        return Ok(Outcome::Full);
    }
    let properties: Vec<&str> =
        mapped.map(|mapped| mapped.fields.keys().map(String::as_str).collect()).unwrap_or_default();
    let report = Report {
        at: now,
        grade,
        evidence: evidence(&entry.evidence),
        url: site.clean_url(&entry.url),
        referrer: SiteOrigin::parse(&entry.referrer).map(|origin| origin.to_string()).unwrap_or_default(),
        values: match grade {
            Grade::Unknown | Grade::Failed => BTreeMap::new(),
            Grade::Attempt | Grade::Likely | Grade::Confirmed => values(&entry.values, &properties),
        },
        revision: entry.revision,
        language: Language::from_tag(&entry.language).unwrap_or_default(),
        form,
    };
    let visitor = entry.visitor.unwrap_or_default();
    let stored = StoredConversion {
        id: storage::ids::new(now),
        attempt: entry.id,
        conversion: Conversion::of(report),
        quarantine,
        form_id,
        form_key: seen.key.clone(),
        origin: site.origin_text().to_owned(),
        visitor_hash: visitors::hash(&visitor).unwrap_or_default(),
        booking: None,
        updated_at: now,
    };
    let notes_form = notes_form && stored.quarantine.is_none();
    let merged = conversions::merge(&write, site.workspace, &stored).await?;
    let renewed = link(state, &write, site, client, &merged.stored, (&visitor, &entry.proof)).await?;
    sites::note(&write, site.workspace, site.origin_text(), i64::from(merged.is_new), now).await?;
    if notes_form {
        let was_conversion = merged.before.is_some_and(Grade::is_conversion);
        let succeeds = merged.stored.conversion.grade.is_conversion() && !was_conversion;
        forms_seen::note(&write, site.workspace, &seen, (merged.is_new, succeeds)).await?;
    }
    write.commit().await?;
    let visitor_hash = renewed.as_deref().map_or(merged.stored.visitor_hash.clone(), token_hash::of_token);
    let offer = offer(state, site, &merged.stored, visitor_hash).await?;
    Ok(Outcome::Stored(Box::new(Stored { offer, renewed })))
}

/// Links the address of a conversion to the visitor; the ID to use from now on if it is another one.
async fn link(
    state: &AppState,
    write: &Write,
    site: &Site,
    client: ClientAddress,
    stored: &StoredConversion,
    (visitor, proof): (&str, &str),
) -> Result<Option<String>, StorageError> {
    let conversion = &stored.conversion;
    let counts = conversion.grade.is_conversion() && stored.quarantine.is_none();
    let (true, Some(email), false) = (counts, conversion.email(), visitor.is_empty()) else {
        return Ok(None);
    };
    let key = email.into_key();
    let level = if identity_proof::is_good(state, site.workspace, &key, proof) { CONFIRMED } else { TYPED };
    match visitors::identify(state, write, site, client, (visitor, &key, level)).await? {
        Identified::Same | Identified::OverRation => Ok(None),
        Identified::Renewed(id) => {
            let hash = token_hash::of_token(&id);
            conversions::set_visitor(write, site.workspace, stored.id, &hash).await?;
            Ok(Some(id))
        }
    }
}

/// What follows a conversion that counts, once it is sure enough.
async fn offer(
    state: &AppState,
    site: &Site,
    stored: &StoredConversion,
    visitor_hash: String,
) -> Result<Option<Value>, StorageError> {
    let mapped = site.settings.forms.iter().find(|form| form.id == stored.form_id);
    let (least, then) = site.settings.follows(mapped);
    let conversion = &stored.conversion;
    let is_enough =
        stored.quarantine.is_none() && stored.booking.is_none() && conversion.grade.reaches(least);
    if !is_enough {
        return Ok(None);
    }
    let wanted = Wanted {
        source: OfferSource::Form,
        rule: 0,
        conversion: Some(stored.id),
        visitor_hash,
        email_key: conversion.email().map(EmailAddress::into_key).unwrap_or_default(),
        language: conversion.language(),
    };
    let offered = match then {
        Then::Nothing => RoutedOffer::Nothing,
        Then::Page { page } => return make(state, site, (page, None), &wanted).await,
        Then::Router { router } => after_conversion::decide(state, site, router, stored).await?,
    };
    match offered {
        RoutedOffer::Page { page, decision } => make(state, site, (page, Some(decision)), &wanted).await,
        RoutedOffer::Message { text, url } => {
            let told = Told { text: text.text_in(wanted.language).to_owned(), url };
            tell(state, site, &told, &wanted).await.map(Some)
        }
        RoutedOffer::Nothing => Ok(None),
    }
}

async fn quarantine(
    write: &Write,
    site: &Site,
    client: ClientAddress,
    now: Timestamp,
) -> Result<Option<Quarantine>, StorageError> {
    let name = format!("tag entry {} {}", site.workspace, client.block());
    let is_too_often = attempts::take(write, &name, PER_ADDRESS, now).await?.is_some();
    Ok(match (site.is_allowed(), is_too_often) {
        (false, _) => Some(Quarantine::UnknownSite),
        (true, true) => Some(Quarantine::TooMany),
        (true, false) => None,
    })
}

fn is_id(id: &str) -> bool {
    ID_LENGTH.contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn evidence(given: &[String]) -> BTreeSet<String> {
    let is_word = |word: &&String| {
        (1..=40).contains(&word.len())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
    };
    given.iter().filter(is_word).take(50).cloned().collect()
}

/// Several chosen options come as a list.
fn values(given: &BTreeMap<String, Value>, mapped: &[&str]) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Value::Null | Value::Bool(_) | Value::Object(_) => String::new(),
    };
    clean_values(&given.iter().map(|(key, value)| (key.clone(), text(value))).collect(), mapped)
}

fn short(text: &str) -> String {
    clean_line(text).chars().take(MAX_NAME).collect()
}

fn clean_form(form: &ReportedForm) -> ReportedForm {
    let field = |field: &ReportedField| ReportedField {
        name: short(&field.name),
        label: short(&field.label),
        kind: short(&field.kind),
        property: field.property.as_deref().map(short),
        filled: field.filled,
    };
    let path = form.path.split(['?', '#']).next().unwrap_or_default();
    ReportedForm {
        id: form.id.as_deref().map(short).filter(|id| !id.is_empty()),
        name: short(&form.name),
        path: path.chars().take(500).collect(),
        fields: form.fields.iter().take(MAX_FIELDS).map(field).collect(),
    }
}

/// A form that asks for an address and nothing else is listed, and counts once the admin maps it.
fn is_newsletter(form: &ReportedForm) -> bool {
    let mut typed = form.fields.iter().filter(|field| !NOT_TYPED.contains(&field.kind.as_str()));
    let first = typed.next();
    let is_address =
        |field: &ReportedField| field.kind == "email" || field.property.as_deref() == Some("email");
    first.is_some_and(is_address) && typed.next().is_none()
}

fn form_seen(site: &Site, form: &ReportedForm, form_id: &str, now: Timestamp) -> FormSeen {
    let origin = site.origin_text();
    FormSeen {
        key: forms_seen::key(origin, form),
        origin: origin.to_owned(),
        path: form.path.clone(),
        name: form.name.clone(),
        form_id: form_id.to_owned(),
        fields: form.fields.clone(),
        first_seen_at: now,
        last_seen_at: now,
        submissions: 0,
        successes: 0,
        is_told_silent: false,
    }
}
