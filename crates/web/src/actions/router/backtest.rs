//! What a draft would have decided about the visitors of the last 90 days (G7).

use crate::state::AppState;
use domain::router::{Chart, Outcome, Router, RoutingDecision, decide, route_needs};
use domain::value::{RoutingDecisionId, Timestamp, WorkspaceId};
use storage::StorageError;
use storage::router::decisions;

/// Days that are looked back.
pub(crate) const DAYS: i64 = 90;
/// Decisions that are looked at: the latest ones.
const MAX_DECISIONS: u32 = 10_000;
/// Changed decisions that are listed.
const MAX_LISTED: usize = 200;

/// What a draft would change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Backtest {
    /// Decisions that were run again.
    pub(crate) decisions: usize,
    /// Those that would have gone elsewhere.
    pub(crate) changed: usize,
    /// Those of them that can't be told for certain: the draft asks what nobody looked up then.
    pub(crate) unsure: usize,
    /// The latest changed ones.
    pub(crate) listed: Vec<ChangedDecision>,
}

/// A decision that would have gone elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct ChangedDecision {
    pub(crate) decision: RoutingDecisionId,
    pub(crate) at: Timestamp,
    pub(crate) email: String,
    pub(crate) was: Outcome,
    pub(crate) would_be: Outcome,
    pub(crate) is_unsure: bool,
}

/// Runs a draft over the decisions of its router; the facts of each are those that were kept with it.
pub(crate) async fn run(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
) -> Result<Backtest, StorageError> {
    let since = state.clock.now().plus_minutes(-DAYS * 24 * 60);
    let read = state.database.read();
    let kept = decisions::since(&read, workspace, router.id, since, MAX_DECISIONS).await?;
    let draft = router.draft.clone();
    let compared = tokio::task::spawn_blocking(move || compare(&draft, &kept)).await;
    Ok(compared.unwrap_or_default())
}

fn compare(draft: &Chart, kept: &[RoutingDecision]) -> Backtest {
    let needs = route_needs(draft);
    let mut result = Backtest { decisions: kept.len(), ..Backtest::default() };
    for decision in kept {
        let again = decide(draft, &decision.facts);
        let was = decision.result.wanted();
        if again.outcome == *was {
            continue;
        }
        let is_known = |name: &String| {
            decision.facts.lists.contains_key(name) || decision.facts.records.contains_key(name)
        };
        let is_unsure = again.path.iter().any(|at| at.exit == "error")
            && needs.iter().any(|need| !is_known(&need.name()));
        result.changed += 1;
        result.unsure += usize::from(is_unsure);
        if result.listed.len() < MAX_LISTED {
            result.listed.push(ChangedDecision {
                decision: decision.id,
                at: decision.at,
                email: decision.facts.email.as_ref().map(ToString::to_string).unwrap_or_default(),
                was: was.clone(),
                would_be: again.outcome,
                is_unsure,
            });
        }
    }
    result
}
