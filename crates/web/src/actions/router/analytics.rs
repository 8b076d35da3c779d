//! How many visitors went through each exit of a router, and how many of them booked (G3).

use crate::state::AppState;
use domain::booking::BookingState;
use domain::router::{Router, RoutingDecision};
use domain::value::{BookingId, WorkspaceId};
use std::collections::{BTreeMap, BTreeSet};
use storage::StorageError;
use storage::booking::bookings;
use storage::router::decisions;

/// Days that are counted.
pub(crate) const DAYS: i64 = 90;
/// Decisions that are counted: the latest ones.
const MAX_DECISIONS: u32 = 10_000;
/// Bookings that are asked for together.
const PART: usize = 500;

/// Visitors, and how many of them booked; cancelled bookings don't count.
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
    let read = state.database.read();
    let kept = decisions::since(&read, workspace, router.id, since, MAX_DECISIONS).await?;
    let made: Vec<BookingId> = kept.iter().filter_map(|one| one.booking).collect();
    let mut standing = BTreeSet::new();
    for part in made.chunks(PART) {
        let found = bookings::find_many(&read, workspace, part).await?;
        let confirmed = found.iter().filter(|booking| booking.state == BookingState::Confirmed);
        standing.extend(confirmed.map(|booking| booking.id));
    }
    let wanted = kept.iter().filter(|one| version.is_none_or(|version| one.version == version));
    Ok(wanted.fold(Analytics::default(), |sums, one| add(sums, one, &standing)))
}

fn add(mut sums: Analytics, decision: &RoutingDecision, standing: &BTreeSet<BookingId>) -> Analytics {
    let booked = u32::from(decision.booking.is_some_and(|booking| standing.contains(&booking)));
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
