//! What the dialog needs to open: everything in one answer, and nothing about a person.

use crate::actions::booking::{Routed, routing};
use crate::actions::tag::handle::{OPEN_SECONDS, OfferHandle};
use crate::actions::tag::site::Site;
use crate::actions::tag::slots;
use crate::state::AppState;
use crate::text::translator::Translator;
use domain::booking::BookingPage;
use domain::tag::{FirstScreen, OfferSource};
use domain::value::{ConversionId, Language, OfferId, PageId, RoutingDecisionId};
use serde_json::{Map, Value, json};
use storage::StorageError;
use storage::booking::pages;
use storage::tag::offers;
use storage::tag::offers::Offer;

/// To whom and why a dialog is offered.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) source: OfferSource,
    pub(crate) rule: usize,
    pub(crate) conversion: Option<ConversionId>,
    pub(crate) visitor_hash: String,
    pub(crate) email_key: String,
    pub(crate) language: Language,
}

/// What stands in place of times: a text, another page to go to, or both.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) text: String,
    pub(crate) url: String,
}

/// Texts of the dialog: their names there, and their keys.
const TEXTS: [(&str, &str); 33] = [
    ("choose", "days-choose"),
    ("more", "days-more"),
    ("none", "days-none"),
    ("none_remedy", "dialog-none-remedy"),
    ("earlier", "dialog-earlier"),
    ("zone", "fact-zone"),
    ("details", "form-heading"),
    ("other_time", "form-other-time"),
    ("submit", "form-submit"),
    ("working", "dialog-working"),
    ("required", "required-mark"),
    ("choose_one", "choose-one"),
    ("problems", "problems-title"),
    ("email", "attendee-email"),
    ("name", "attendee-name"),
    ("family_name", "attendee-family-name"),
    ("given_name", "attendee-given-name"),
    ("company", "attendee-company"),
    ("start", "dialog-start"),
    ("close", "dialog-close"),
    ("never", "dialog-never"),
    ("not_me", "dialog-not-me"),
    ("leave", "dialog-leave"),
    ("leave_yes", "dialog-leave-yes"),
    ("leave_no", "dialog-leave-no"),
    ("taken", "problem-slot-taken"),
    ("gone", "dialog-gone"),
    ("failed", "dialog-failed"),
    ("fallback", "dialog-fallback"),
    ("done", "done-title"),
    ("done_text", "dialog-done-text"),
    ("done_link", "dialog-done-link"),
    ("using", "dialog-using"),
];

/// Makes an offer and keeps that it was made; `None` if the page can't be booked any more.
///
/// The same offer of a form again has the same ID, so that a lost answer costs nothing.
pub(crate) async fn make(
    state: &AppState,
    site: &Site,
    (page, decision): (PageId, Option<RoutingDecisionId>),
    wanted: &Wanted,
) -> Result<Option<Value>, StorageError> {
    let read = state.database.read();
    let page = pages::find(&read, site.workspace, page).await?.filter(|page| page.active);
    let Some(page) = page else { return Ok(None) };
    let handle = handle(state, site, (Some(page.id), decision), wanted);
    let page = as_seen(state, &handle, &page).await?.0;
    let (days, more) = slots::find(state, site.workspace, &page, None, wanted.language).await?;
    keep(state, &handle, wanted).await?;
    Ok(Some(body(state, site, wanted, &page, &handle.write(state)?, (days, more))))
}

/// Makes an offer of a text, and keeps that it was made: it counts as often as a dialog with times.
pub(crate) async fn tell(
    state: &AppState,
    site: &Site,
    told: &Told,
    wanted: &Wanted,
) -> Result<Value, StorageError> {
    let handle = handle(state, site, (None, None), wanted);
    keep(state, &handle, wanted).await?;
    Ok(message(site, wanted, told, &handle.write(state)?))
}

fn handle(
    state: &AppState,
    site: &Site,
    (page, decision): (Option<PageId>, Option<RoutingDecisionId>),
    wanted: &Wanted,
) -> OfferHandle {
    let now = state.clock.now();
    OfferHandle {
        workspace: site.workspace,
        offer: wanted.conversion.map_or_else(|| storage::ids::new(now), |conversion| OfferId(conversion.0)),
        page,
        source: wanted.source,
        conversion: wanted.conversion,
        decision,
        at: now,
    }
}

async fn keep(state: &AppState, handle: &OfferHandle, wanted: &Wanted) -> Result<(), StorageError> {
    let offer = Offer {
        id: handle.offer,
        at: handle.at,
        source: wanted.source,
        rule: i64::try_from(wanted.rule).unwrap_or(0),
        page: handle.page,
        visitor_hash: wanted.visitor_hash.clone(),
        email_key: wanted.email_key.clone(),
        outcome: String::new(),
    };
    let write = state.database.write().await?;
    offers::add(&write, handle.workspace, &offer).await?;
    write.commit().await
}

/// The page as the visitor of a dialog sees it, and what a router decided about them.
pub(crate) async fn as_seen(
    state: &AppState,
    handle: &OfferHandle,
    page: &BookingPage,
) -> Result<(BookingPage, Option<Routed>), StorageError> {
    let routed = match handle.decision {
        Some(decision) => routing::of_decision(state, handle.workspace, page, decision).await?,
        None => None,
    };
    Ok((routing::for_visitor(state, handle.workspace, page, routed.as_ref()).await?, routed))
}

/// Texts of a dialog without times.
const TOLD_TEXTS: [(&str, &str); 4] =
    [("close", "dialog-close"), ("never", "dialog-never"), ("not_me", "dialog-not-me"), ("go", "dialog-go")];

/// What the dialog shows where a router decided for a text, or for another page.
fn message(site: &Site, wanted: &Wanted, told: &Told, handle: &str) -> Value {
    let t = Translator::new(wanted.language, "Asia/Tokyo");
    let wording = site.settings.wording(wanted.source);
    let heading = match (wording.heading_in(wanted.language), wanted.source) {
        ("", OfferSource::Form) => t.text("dialog-heading-message"),
        ("", source) => t.word("dialog-heading", source.name()),
        (heading, _) => heading.to_owned(),
    };
    json!({
        "handle": handle,
        "expires": OPEN_SECONDS,
        "heading": heading,
        "message": told.text,
        "url": told.url,
        "language": wanted.language.tag(),
        "texts": texts(&t, &TOLD_TEXTS),
        "caps": { "session": site.settings.caps.session, "month": site.settings.caps.month },
        "delay": delay(wanted.source),
    })
}

fn texts(t: &Translator, names: &[(&str, &str)]) -> Map<String, Value> {
    names.iter().map(|(name, key)| ((*name).to_owned(), Value::from(t.text(key)))).collect()
}

/// Whoever sent a form waits for an answer; others are not to be disturbed.
const fn delay(source: OfferSource) -> &'static str {
    match source {
        OfferSource::Form => "now",
        OfferSource::List | OfferSource::Visitor => "interaction",
    }
}

fn body(
    state: &AppState,
    site: &Site,
    wanted: &Wanted,
    page: &BookingPage,
    handle: &str,
    (days, more): (Value, Value),
) -> Value {
    let t = Translator::new(wanted.language, &page.time_zone);
    let wording = site.settings.wording(wanted.source);
    let heading = match wording.heading_in(wanted.language) {
        "" => t.word("dialog-heading", wanted.source.name()),
        heading => heading.to_owned(),
    };
    let base = state.settings.public_url.as_str().trim_end_matches('/');
    json!({
        "handle": handle,
        "expires": OPEN_SECONDS,
        "page": page.path(),
        "title": page.title_in(wanted.language),
        "minutes": page.slot_minutes,
        "zone": page.time_zone,
        "heading": heading,
        "message": wording.message_in(wanted.language),
        "first": if wording.first == FirstScreen::Message { "message" } else { "slots" },
        "language": wanted.language.tag(),
        "texts": texts(&t, &TEXTS),
        "fields": fields(page, wanted.language),
        "name_parts": page.salesforce.split_name,
        "days": days,
        "more": more,
        "fallback": format!("{base}/b/{}?language={}", page.path(), wanted.language.tag()),
        "caps": { "session": site.settings.caps.session, "month": site.settings.caps.month },
        "delay": delay(wanted.source),
    })
}

fn fields(page: &BookingPage, language: Language) -> Value {
    let field = |field: &domain::form::FormField| {
        json!({
            "key": field.key,
            "label": field.label_in(language),
            "kind": field.kind.name(),
            "required": field.required,
            "options": field.options,
        })
    };
    page.fields.iter().map(field).collect()
}
