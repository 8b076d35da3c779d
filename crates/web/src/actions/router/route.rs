//! Deciding about a visitor: trying it, and the real decision, which is kept.

use crate::actions::router::gather::gather;
use crate::actions::router::settle::settle;
use crate::state::AppState;
use domain::router::{Chart, Facts, Router, RouterVersion, RoutingDecision, RoutingResult, decide};
use domain::value::{RoutingDecisionId, WorkspaceId};
use storage::router::{decisions, routers};
use storage::{Session, StorageError};

/// What a chart would decide; nothing is kept.
pub(crate) async fn try_out(
    state: &AppState,
    workspace: WorkspaceId,
    chart: &Chart,
    facts: Facts,
) -> Result<(Facts, RoutingResult), StorageError> {
    let facts = gather(state, workspace, chart, facts).await?;
    let decision = decide(chart, &facts);
    let result = settle(state, workspace, &facts, decision).await?;
    Ok((facts, result))
}

/// Decides by the published version and keeps the decision; `None` if no version was published, or it is archived.
///
/// `of` is what is decided about, such as a submission: about one thing there is one decision, however often it is asked.
pub(crate) async fn route(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
    facts: Facts,
    of: Option<RoutingDecisionId>,
) -> Result<Option<RoutingDecision>, StorageError> {
    let read = state.database.read();
    let Some(version) = deciding(&read, workspace, router).await? else { return Ok(None) };
    if let Some(of) = of
        && let Some(known) = decisions::find(&read, workspace, of).await?
    {
        return Ok(Some(known));
    }
    let (facts, result) = try_out(state, workspace, &version.chart, facts).await?;
    let id = of.unwrap_or_else(|| storage::ids::new(state.clock.now()));
    keep(state, workspace, (id, router, &version), facts, result).await
}

/// The version that decides; `None` if none was published, or the router is archived.
pub(crate) async fn deciding(
    on: &impl Session,
    workspace: WorkspaceId,
    router: &Router,
) -> Result<Option<RouterVersion>, StorageError> {
    if router.archived_at.is_some() {
        return Ok(None);
    }
    routers::find_version(on, workspace, router.id, router.published).await
}

/// Keeps what a version decided; about what was decided before, that decision stays.
pub(crate) async fn keep(
    state: &AppState,
    workspace: WorkspaceId,
    (id, router, version): (RoutingDecisionId, &Router, &RouterVersion),
    facts: Facts,
    result: RoutingResult,
) -> Result<Option<RoutingDecision>, StorageError> {
    let decision = RoutingDecision {
        id,
        router: router.id,
        version: version.version,
        at: state.clock.now(),
        facts,
        result,
        booking: None,
    };
    let write = state.database.write().await?;
    if decisions::create(&write, workspace, &decision).await? {
        write.commit().await?;
        return Ok(Some(decision));
    }
    drop(write);
    decisions::find(&state.database.read(), workspace, decision.id).await
}
