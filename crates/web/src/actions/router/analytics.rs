//! How many visitors went through each exit of a router, and how many of them booked (G3).

use crate::state::AppState;
use domain::router::{Router, RoutingDecision};
use domain::value::WorkspaceId;
use std::collections::BTreeMap;
use storage::StorageError;
use storage::router::decisions;

/// Days that are counted.
pub(crate) const DAYS: i64 = 90;
/// Decisions that are counted: the latest ones.
const MAX_DECISIONS: u32 = 10_000;

/// Visitors, and how many of them booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visitors {
    pub(crate) all: u32,
    pub(crate) booked: u32,
}

/// What became of the visitors of a router.
#[derive(Clone, Debug, Default)]
pub(crate) struct Analytics {
    pub(crate) visitors: Visitors,
    /// By node and exit, as decisions name them.
    pub(crate) exits: BTreeMap<(String, String), Visitors>,
    /// By the kind of the outcome that they got.
    pub(crate) outcomes: BTreeMap<&'static str, Visitors>,
}

/// Counts the decisions of the published version, or of all versions of the last [`DAYS`].
pub(crate) async fn count(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
    version: Option<u32>,
) -> Result<Analytics, StorageError> {
    let since = state.clock.now().plus_minutes(-DAYS * 24 * 60);
    let kept = decisions::since(&state.database.read(), workspace, router.id, since, MAX_DECISIONS).await?;
    let wanted = kept.iter().filter(|one| version.is_none_or(|version| one.version == version));
    Ok(wanted.fold(Analytics::default(), add))
}

fn add(mut sums: Analytics, decision: &RoutingDecision) -> Analytics {
    let booked = u32::from(decision.booking.is_some());
    let count = |visitors: &mut Visitors| {
        visitors.all += 1;
        visitors.booked += booked;
    };
    count(&mut sums.visitors);
    count(sums.outcomes.entry(decision.result.outcome.kind()).or_default());
    for at in &decision.result.path {
        count(sums.exits.entry((at.node.clone(), at.exit.clone())).or_default());
    }
    sums
}
