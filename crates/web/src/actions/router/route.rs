//! Deciding about a visitor: trying it, and the real decision, which is kept.

use crate::actions::router::gather::gather;
use crate::actions::router::settle::settle;
use crate::state::AppState;
use domain::router::{Chart, Facts, Router, RoutingDecision, RoutingResult, decide};
use domain::value::{RoutingDecisionId, WorkspaceId};
use storage::StorageError;
use storage::router::{decisions, routers};

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
    if router.archived_at.is_some() {
        return Ok(None);
    }
    let read = state.database.read();
    if let Some(of) = of
        && let Some(known) = decisions::find(&read, workspace, of).await?
    {
        return Ok(Some(known));
    }
    let Some(version) = routers::find_version(&read, workspace, router.id, router.published).await? else {
        return Ok(None);
    };
    let (facts, result) = try_out(state, workspace, &version.chart, facts).await?;
    let now = state.clock.now();
    let decision = RoutingDecision {
        id: of.unwrap_or_else(|| storage::ids::new(now)),
        router: router.id,
        version: version.version,
        at: now,
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
