//! Deciding about whoever sent a form of the website: one decision for each conversion (E2, G1).

use crate::actions::router::route::route;
use crate::actions::tag::site::Site;
use crate::state::AppState;
use domain::form::Answer;
use domain::router::{Facts, MessageText, Outcome};
use domain::value::{EmailAddress, PageId, RouterId, RoutingDecisionId};
use storage::StorageError;
use storage::booking::pages;
use storage::router::routers;
use storage::tag::conversions::StoredConversion;

/// What follows a conversion.
pub(crate) enum AfterConversion {
    /// The dialog of a page.
    Page { page: PageId, decision: RoutingDecisionId },
    /// A text, or another page of the website.
    Message { decision: RoutingDecisionId, text: MessageText, url: String },
    /// Nothing.
    Nothing,
}

/// What the router decides; nothing if it is gone or decides nothing yet.
pub(crate) async fn decide(
    state: &AppState,
    site: &Site,
    router: RouterId,
    stored: &StoredConversion,
) -> Result<AfterConversion, StorageError> {
    let read = state.database.read();
    let all = routers::list(&read, site.workspace).await?;
    let Some(router) = all.into_iter().find(|one| one.id == router) else {
        return Ok(AfterConversion::Nothing);
    };
    let facts = facts(stored);
    let of = Some(RoutingDecisionId(stored.id.0));
    let Some(decided) = route(state, site.workspace, &router, facts, of).await? else {
        return Ok(AfterConversion::Nothing);
    };
    let page = match decided.result.page().and_then(|path| path.split_once('/')) {
        Some((team, slug)) => pages::find_by_path(&read, site.workspace, team, slug).await?,
        None => None,
    };
    let decision = decided.id;
    Ok(match (page, decided.result.outcome) {
        (Some(page), _) => AfterConversion::Page { page: page.id, decision },
        (None, Outcome::Message { text }) => AfterConversion::Message { decision, text, url: String::new() },
        (None, Outcome::Redirect { url }) => {
            AfterConversion::Message { decision, text: MessageText::default(), url }
        }
        (None, _) => AfterConversion::Nothing,
    })
}

fn facts(stored: &StoredConversion) -> Facts {
    let conversion = &stored.conversion;
    let email = conversion.email();
    let answer = |(property, value): (&String, &domain::tag::ConversionValue)| {
        (property.clone(), Answer::One(value.text.clone()))
    };
    Facts {
        // The same person goes the same way at a split; without an address each conversion is on its own.
        visitor: email.as_ref().map_or_else(|| stored.id.to_string(), EmailAddress::key),
        email,
        answers: conversion.values.iter().map(answer).collect(),
        url: conversion.first.url.clone(),
        referrer: conversion.first.referrer.clone(),
        language: conversion.language().tag().to_owned(),
        ..Facts::default()
    }
}
