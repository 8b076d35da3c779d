//! A rule of the visitor tag that leads to a router: what is known goes through its chart, the rest is asked on its page.

use crate::actions::router::after_visit;
use crate::actions::router::after_visit::AfterVisit;
use crate::actions::router::routed_offer::RoutedOffer;
use crate::actions::tag::offer::{Told, Wanted, make, tell};
use crate::actions::tag::site::Site;
use crate::state::AppState;
use crate::text::catalogue;
use domain::router::{Facts, Router};
use domain::tag::{VisitFacts, may_answer_address};
use domain::value::{EmailAddress, Language, RouterId};
use serde_json::Value;
use storage::StorageError;
use storage::router::routers;

/// What a router offers to a visitor of a page; `None` for nothing.
pub(crate) async fn offer(
    state: &AppState,
    site: &Site,
    router: RouterId,
    (visit, url): (&VisitFacts, &str),
    wanted: &Wanted,
) -> Result<Option<Value>, StorageError> {
    let found = routers::find(&state.database.read(), site.workspace, router).await?;
    let Some(router) = found else { return Ok(None) };
    let person = (wanted.email_key.as_str(), wanted.visitor_hash.as_str());
    let facts = facts(Some(visit), url, person, wanted.language);
    let told = match after_visit::decide(state, site.workspace, &router, facts).await? {
        AfterVisit::Decided(RoutedOffer::Nothing) => return Ok(None),
        AfterVisit::Decided(RoutedOffer::Page { page, decision }) => {
            return make(state, site, (page, Some(decision)), wanted).await;
        }
        AfterVisit::Decided(RoutedOffer::Message { text, url }) if url.is_empty() => {
            Told { text: text.text_in(wanted.language).to_owned(), url }
        }
        AfterVisit::Decided(RoutedOffer::Message { url, .. }) => {
            Told { text: catalogue::text(wanted.language, "dialog-onward"), url }
        }
        AfterVisit::Asks => Told {
            text: catalogue::text(wanted.language, "dialog-asks"),
            url: address(state, &router, url, wanted.language),
        },
    };
    tell(state, site, &told, wanted).await.map(Some)
}

/// What is known of a visit. The address counts only as far as an answer may depend on it.
pub(crate) fn facts(
    visit: Option<&VisitFacts>,
    url: &str,
    (email_key, visitor_hash): (&str, &str),
    language: Language,
) -> Facts {
    let is_told = visit.is_some_and(|visit| may_answer_address(visit).is_ok());
    let email = EmailAddress::parse(email_key).ok().filter(|_| is_told);
    Facts {
        // The same browser goes the same way at a split.
        visitor: email.as_ref().map_or_else(|| visitor_hash.to_owned(), EmailAddress::key),
        email,
        url: url.to_owned(),
        language: language.tag().to_owned(),
        ..Facts::default()
    }
}

/// The router's own page, which asks the rest.
fn address(state: &AppState, router: &Router, page: &str, language: Language) -> String {
    let base = state.settings.public_url.as_str().trim_end_matches('/');
    let mut parameters = url::form_urlencoded::Serializer::new(String::new());
    parameters.append_pair("page", page).append_pair("language", language.tag());
    format!("{base}/r/{}?{}", router.slug, parameters.finish())
}
