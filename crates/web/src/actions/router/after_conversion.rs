//! Deciding about whoever sent a form of the website: one decision for each conversion (E2, G1).

use crate::actions::router::route::route;
use crate::actions::router::routed_offer::RoutedOffer;
use crate::actions::tag::site::Site;
use crate::state::AppState;
use domain::form::Answer;
use domain::router::Facts;
use domain::value::{EmailAddress, RouterId, RoutingDecisionId};
use storage::StorageError;
use storage::router::routers;
use storage::tag::conversions::StoredConversion;

/// What the router decides; nothing if it is gone or decides nothing yet.
pub(crate) async fn decide(
    state: &AppState,
    site: &Site,
    router: RouterId,
    stored: &StoredConversion,
) -> Result<RoutedOffer, StorageError> {
    let read = state.database.read();
    let Some(router) = routers::find(&read, site.workspace, router).await? else {
        return Ok(RoutedOffer::Nothing);
    };
    let of = Some(RoutingDecisionId(stored.id.0));
    match route(state, site.workspace, &router, facts(stored), of).await? {
        Some(decided) => RoutedOffer::of(&read, site.workspace, decided).await,
        None => Ok(RoutedOffer::Nothing),
    }
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
