//! Says whether the visitor of a meeting came.

use crate::actions::booking::cancel::add_entries;
use crate::state::AppState;
use domain::booking::{BookingState, MeetingOutcome};
use domain::router::{LedgerReason, restored, reversed};
use domain::value::{BookingId, Step, WorkspaceId};
use storage::StorageError;
use storage::booking::bookings;
use storage::delivery::timeline;
use storage::router::ledger;
use storage::workspace::audit;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeSaved {
    /// It is known now, or was before.
    Saved,
    /// The meeting has not begun.
    TooEarly,
    /// There is no meeting: it was cancelled.
    Cancelled,
    /// There is no such booking.
    NotFound,
}

/// Says whether the visitor came. A host who waited in vain gets the turn back; whoever is right later can say so.
pub async fn save_outcome(
    state: &AppState,
    workspace: WorkspaceId,
    booking: BookingId,
    outcome: MeetingOutcome,
    by: &str,
) -> Result<OutcomeSaved, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let changed = ledger::of_booking(&write, workspace, booking).await?;
    if let Some(entry) = changed.first() {
        ledger::lock(&write, workspace, entry.team).await?;
    }
    let Some(found) = bookings::find(&write, workspace, booking).await? else {
        return Ok(OutcomeSaved::NotFound);
    };
    match found.state {
        BookingState::Cancelled => return Ok(OutcomeSaved::Cancelled),
        BookingState::Confirmed if found.start > now => return Ok(OutcomeSaved::TooEarly),
        BookingState::Confirmed if found.outcome == Some(outcome) => return Ok(OutcomeSaved::Saved),
        BookingState::Confirmed => {}
    }
    if !bookings::set_outcome(&write, workspace, &found, outcome).await? {
        return Ok(OutcomeSaved::Cancelled);
    }
    // Read again: the lock has kept others out only since it was taken.
    let changed = ledger::of_booking(&write, workspace, booking).await?;
    let amounts = match outcome {
        MeetingOutcome::NoShow => reversed(&changed),
        MeetingOutcome::Held => restored(&changed),
    };
    add_entries(&write, workspace, &changed, (LedgerReason::NoShow, amounts), now).await?;
    let step = Step::new("meeting-outcome").with("outcome", outcome.name()).with("by", by);
    timeline::add(&write, workspace, booking.into(), None, &[step], now).await?;
    let step = Step::new("meeting-outcome").with("outcome", outcome.name()).with("id", booking);
    audit::record(&write, workspace, by, &step, now).await?;
    write.commit().await?;
    Ok(OutcomeSaved::Saved)
}
