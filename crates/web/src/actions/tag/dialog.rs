//! What happens in a dialog: other days, a booking, and what the visitor thinks of it.

use crate::actions::booking::{BookingRequest, Routed, Source};
use crate::actions::tag::handle::OfferHandle;
use crate::actions::tag::offer::as_seen;
use crate::actions::tag::site::Site;
use crate::actions::tag::visitors;
use crate::state::AppState;
use domain::booking::BookingPage;
use domain::form::Answers;
use domain::tag::Conversion;
use domain::value::{Language, Timestamp};
use serde::Deserialize;
use storage::StorageError;
use storage::booking::pages;
use storage::tag::{conversions, offers};

/// What a visitor books, as it travels.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DialogBooking {
    pub(crate) handle: String,
    pub(crate) start: String,
    pub(crate) attendee: DialogAttendee,
    pub(crate) answers: Answers,
    pub(crate) language: String,
    pub(crate) work: String,
}

/// The visitor, as far as something was typed in the dialog.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DialogAttendee {
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) family_name: String,
    pub(crate) given_name: String,
    pub(crate) company: String,
}

/// What a visitor did with a dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DialogOutcome {
    /// It opened.
    Offered,
    /// It was closed.
    Closed,
    /// It is not to open again.
    Never,
    /// The address is not the visitor's.
    NotMe,
}

impl DialogOutcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Closed => "closed",
            Self::Never => "never",
            Self::NotMe => "not_me",
        }
    }
}

/// What a handle opens.
pub(crate) struct OpenDialog {
    pub(crate) handle: OfferHandle,
    /// The page with all its members: what is booked is chosen among them.
    pub(crate) whole: BookingPage,
    /// The page as this visitor sees it.
    pub(crate) page: BookingPage,
    /// What a router decided about the visitor.
    pub(crate) routed: Option<Routed>,
}

/// The page of a handle, as long as it can be booked.
pub(crate) async fn page_of(
    state: &AppState,
    site: &Site,
    handle: &str,
) -> Result<Option<OpenDialog>, StorageError> {
    let Some(handle) = OfferHandle::read(state, site.workspace, handle) else { return Ok(None) };
    let Some(page) = handle.page else { return Ok(None) };
    let page = pages::find(&state.database.read(), site.workspace, page).await?;
    let Some(whole) = page.filter(|page| page.active) else { return Ok(None) };
    let (page, routed) = as_seen(state, &handle, &whole).await?;
    Ok(Some(OpenDialog { handle, whole, page, routed }))
}

/// The request of a booking; what the form had is not typed again. One dialog makes one booking.
pub(crate) async fn request(
    state: &AppState,
    site: &Site,
    opened: &OpenDialog,
    given: DialogBooking,
) -> Result<BookingRequest, StorageError> {
    let handle = &opened.handle;
    let read = state.database.read();
    let conversion = match handle.conversion {
        Some(id) => conversions::find(&read, site.workspace, id).await?.map(|stored| stored.conversion),
        None => None,
    };
    let attendee = match &conversion {
        Some(conversion) => filled(given.attendee, conversion),
        None => given.attendee,
    };
    Ok(BookingRequest {
        start: Timestamp::parse(&given.start),
        email: attendee.email,
        name: attendee.name,
        family_name: attendee.family_name,
        given_name: attendee.given_name,
        company: attendee.company,
        guests: Vec::new(),
        hosts: Vec::new(),
        routed: opened.routed.clone(),
        answers: given.answers,
        external_id: None,
        language: Language::from_tag(&given.language).unwrap_or_default(),
        source: Source::Dialog { offer: handle.offer, conversion: handle.conversion },
        idempotency: Some((format!("dialog:{}", handle.offer), "dialog".to_owned())),
    })
}

fn filled(typed: DialogAttendee, conversion: &Conversion) -> DialogAttendee {
    let or = |typed: String, property: &str| {
        if typed.trim().is_empty() { conversion.text(property).to_owned() } else { typed }
    };
    let names = [&typed.name, &typed.family_name, &typed.given_name];
    let has_name = names.iter().any(|name| !name.trim().is_empty());
    let name = |typed: String, property: &str| if has_name { typed } else { or(typed, property) };
    DialogAttendee {
        email: or(typed.email, "email"),
        company: or(typed.company, "company"),
        name: name(typed.name, "name"),
        family_name: name(typed.family_name, "family_name"),
        given_name: name(typed.given_name, "given_name"),
    }
}

/// Takes note of what a visitor did with a dialog; whoever is not the person gets rid of the ID.
pub(crate) async fn note_outcome(
    state: &AppState,
    site: &Site,
    handle: &OfferHandle,
    outcome: DialogOutcome,
) -> Result<(), StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    offers::set_outcome(&write, site.workspace, handle.offer, outcome.name(), now).await?;
    if outcome == DialogOutcome::NotMe {
        let offer = offers::find(&write, site.workspace, handle.offer).await?;
        if let Some(hash) = offer.map(|offer| offer.visitor_hash).filter(|hash| !hash.is_empty()) {
            storage::tag::visitors::forget(&write, site.workspace, &hash).await?;
        }
    }
    write.commit().await
}

/// Deletes what belongs to a visitor who withdrew their consent, or who is someone else.
pub(crate) async fn forget(state: &AppState, site: &Site, visitor: &str) -> Result<(), StorageError> {
    let Some(hash) = visitors::hash(visitor) else { return Ok(()) };
    let write = state.database.write().await?;
    storage::tag::visitors::forget(&write, site.workspace, &hash).await?;
    write.commit().await
}
