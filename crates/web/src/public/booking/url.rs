//! The address of a booking page, and what it carries from step to step.

use crate::actions::booking::{Routed, routing};
use crate::http::form::Form;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::public::booking::routed::ROUTED;
use crate::public::booking::{routed, zone};
use crate::public::brand;
use crate::state::AppState;
use crate::ui::frame::Look;
use domain::booking::BookingPage;
use domain::value::{Language, RoutingDecisionId, Timestamp, WorkspaceId, is_slug};
use storage::booking::pages;
use storage::workspace::teams;
use storage::workspace::teams::Team;

/// A booking page that an address names.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// Its team.
    pub team: Team,
    /// The page, with all its members: what is booked is chosen among them.
    pub whole: BookingPage,
    /// The page as this visitor sees it: with the members whose times can be chosen.
    pub page: BookingPage,
    /// What a router decided about the visitor.
    pub routed: Option<Routed>,
    /// How the workspace's pages look.
    pub look: Option<Look>,
}

/// Finds the page of an address; closed ones are a fault of their own.
pub async fn open(
    state: &AppState,
    team: &str,
    slug: &str,
    visitor: &RequestLanguage,
) -> Result<Opened, PageError> {
    let routed = visitor.query.text(ROUTED).to_owned();
    open_routed(state, (team, slug), visitor.language, |workspace| {
        routed::read(state.database.vault(), workspace, &routed)
    })
    .await
}

/// The same for a visitor about whom a router has just decided.
pub async fn open_routed(
    state: &AppState,
    (team, slug): (&str, &str),
    language: Language,
    decision: impl FnOnce(WorkspaceId) -> Option<RoutingDecisionId> + Send,
) -> Result<Opened, PageError> {
    let not_found = PageError::not_found().in_language(language);
    if !is_slug(team) || !is_slug(slug) {
        return Err(not_found);
    }
    let read = state.database.read();
    let (workspace, team) = teams::find_by_slug(&read, team).await?.ok_or(not_found)?;
    let page = pages::find_by_path(&read, workspace, &team.slug, slug).await?.ok_or(not_found)?;
    if !page.active {
        return Err(PageError::page_closed().in_language(language));
    }
    let look = brand::look(&read, workspace).await?;
    let routed = match decision(workspace) {
        // Whoever gets the link from the visitor who booked with it books as anybody does.
        Some(decision) if routing::is_used(state, workspace, decision).await? => None,
        Some(decision) => routing::of_decision(state, workspace, &page, decision).await?,
        None => None,
    };
    let shown = routing::for_visitor(state, workspace, &page, routed.as_ref()).await?;
    Ok(Opened { workspace, team, whole: page, page: shown, routed, look })
}

/// Inputs of the booking form that an address may fill in beforehand, besides the page's own questions.
pub const PREFILLED: [&str; 5] = ["email", "name", "family_name", "given_name", "company"];
const MAX_CARRIED: usize = 1_000;

/// What an address carries on to the next step: the language, and values for the form (B2).
#[derive(Clone, Debug, Default)]
pub struct CarriedParams(pub Vec<(String, String)>);

impl CarriedParams {
    /// Keeps of a query only what the page's form knows.
    pub fn of(state: &AppState, opened: &Opened, query: &Form, language: Language) -> Self {
        let page = &opened.page;
        let is_ours = |name: &str| matches!(name, zone::ZONE | ROUTED);
        let known = |name: &str| {
            PREFILLED.contains(&name) || page.fields.iter().any(|field| field.key == name && !is_ours(name))
        };
        let mut kept = vec![("language".to_owned(), language.tag().to_owned())];
        kept.extend(zone::wanted(query).map(|zone| (zone::ZONE.to_owned(), zone)));
        let vault = state.database.vault();
        kept.extend(
            opened
                .routed
                .as_ref()
                .map(|routed| (ROUTED.to_owned(), routed::write(vault, opened.workspace, routed.decision))),
        );
        for (name, value) in query.pairs() {
            if known(name) && value.chars().count() <= MAX_CARRIED {
                kept.push((name.clone(), value.clone()));
            }
        }
        Self(kept)
    }

    /// An address with everything carried, and one value more if there is one.
    pub fn on(&self, path: &str, more: Option<(&str, String)>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.0);
        if let Some((name, value)) = more {
            query.append_pair(name, &value);
        }
        format!("{path}?{}", query.finish())
    }

    /// The same in another language.
    pub fn in_language(&self, language: Language) -> Self {
        let swap = |(name, value): &(String, String)| match name.as_str() {
            "language" => (name.clone(), language.tag().to_owned()),
            _ => (name.clone(), value.clone()),
        };
        Self(self.0.iter().map(swap).collect())
    }
}

/// The address of a page's days.
pub fn days_path(page: &BookingPage) -> String {
    format!("/b/{}", page.path())
}

/// The address of the form for one start.
pub fn form_path(page: &BookingPage, start: Timestamp) -> String {
    format!("/b/{}/{start}", page.path())
}
