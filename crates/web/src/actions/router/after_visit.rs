//! Deciding about a visitor to whom a rule of the visitor tag leads (E4, G1).

use crate::actions::router::route::{deciding, keep, try_out};
use crate::actions::router::routed_offer::RoutedOffer;
use crate::actions::router::visitor_lists::VisitorLists;
use crate::state::AppState;
use domain::router::{Chart, Facts, Node, Router, RoutingResult, Visited, depends_on_untold, route_needs};
use domain::tag::RouterVerdict;
use domain::value::{EmailAddress, Timestamp, WorkspaceId};
use std::collections::BTreeSet;
use storage::StorageError;
use storage::router::decisions;

/// What a router makes of a visit.
pub(crate) enum AfterVisit {
    /// What it decided.
    Decided(RoutedOffer),
    /// It depends on what the visitor is asked on the router's own page.
    Asks,
}

/// Microseconds of a day, in which the same visitor at the same address is decided about once.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// What the router decides. Only a decision is kept, and the same one again all day: each page is a visit.
pub(crate) async fn decide(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
    facts: Facts,
) -> Result<AfterVisit, StorageError> {
    let read = state.database.read();
    let Some(version) = deciding(&read, workspace, router).await? else {
        return Ok(AfterVisit::Decided(RoutedOffer::Nothing));
    };
    let email = facts.email.as_ref().map(EmailAddress::key).unwrap_or_default();
    let name = [&router.id.to_string(), &version.version.to_string(), &facts.visitor, &facts.url, &email];
    let now = state.clock.now().microseconds();
    let today = Timestamp::from_microseconds(now - now.rem_euclid(DAY));
    let id = storage::ids::named(today, &name.map(String::as_str).join(" "));
    if let Some(known) = decisions::find(&read, workspace, id).await? {
        return Ok(AfterVisit::Decided(RoutedOffer::of(&read, workspace, known).await?));
    }
    let (facts, result) = try_out(state, workspace, &version.chart, facts).await?;
    if asks(state, workspace, &version.chart, &facts, &result.path).await? {
        return Ok(AfterVisit::Asks);
    }
    let decided = keep(state, workspace, (id, router, &version), facts, result).await?;
    Ok(AfterVisit::Decided(match decided {
        Some(decided) => RoutedOffer::of(&read, workspace, decided).await?,
        None => RoutedOffer::Nothing,
    }))
}

/// What the router would decide now; nothing is kept.
pub(crate) async fn foretell(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
    facts: Facts,
) -> Result<RouterVerdict, StorageError> {
    let Some(version) = deciding(&state.database.read(), workspace, router).await? else {
        return Ok(RouterVerdict::Closed);
    };
    let (facts, result): (Facts, RoutingResult) = try_out(state, workspace, &version.chart, facts).await?;
    let asks = asks(state, workspace, &version.chart, &facts, &result.path).await?;
    Ok(if asks { RouterVerdict::Asks } else { RouterVerdict::Gets(result.outcome.kind()) })
}

async fn asks(
    state: &AppState,
    workspace: WorkspaceId,
    chart: &Chart,
    facts: &Facts,
    path: &[Visited],
) -> Result<bool, StorageError> {
    let meets_list = path.iter().any(|at| matches!(chart.nodes.get(&at.node), Some(Node::List { .. })));
    let listed = if meets_list {
        VisitorLists::load(state, workspace, &route_needs(chart), &Facts::default()).await?.facts
    } else {
        BTreeSet::new()
    };
    Ok(depends_on_untold(chart, facts, path, &listed))
}
