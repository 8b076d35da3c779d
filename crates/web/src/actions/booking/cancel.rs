//! Cancels a booking.

use crate::state::AppState;
use domain::router::{LedgerEntry, LedgerReason, reversed};
use domain::value::{BookingId, MemberId, Step, Timestamp, WorkspaceId};
use storage::booking::bookings;
use storage::delivery::{deliveries, timeline};
use storage::router::ledger;
use storage::workspace::audit;
use storage::{StorageError, Write};

/// The visitor, who is named in the timeline only: the audit log is about those who have access.
pub const ATTENDEE: &str = "attendee";

/// Cancels a booking and what it has not begun to do in Salesforce; `false` when it was cancelled before.
pub async fn cancel(
    state: &AppState,
    workspace: WorkspaceId,
    booking: BookingId,
    by: &str,
) -> Result<bool, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let changed = ledger::of_booking(&write, workspace, booking).await?;
    if let Some(entry) = changed.first() {
        ledger::lock(&write, workspace, entry.team).await?;
    }
    if !bookings::cancel(&write, workspace, booking).await? {
        return Ok(false);
    }
    deliveries::cancel_waiting(&write, workspace, booking.into(), now).await?;
    add_entries(&write, workspace, &changed, (LedgerReason::Cancelled, reversed(&changed)), now).await?;
    let step = Step::new("booking-cancelled").with("by", by);
    timeline::add(&write, workspace, booking.into(), None, &[step], now).await?;
    if by != ATTENDEE {
        let step = Step::new("booking-cancelled").with("id", booking);
        audit::record(&write, workspace, by, &step, now).await?;
    }
    write.commit().await?;
    Ok(true)
}

/// Adds to what the booking changed for its team's hosts.
pub(super) async fn add_entries(
    write: &Write,
    workspace: WorkspaceId,
    changed: &[LedgerEntry],
    (reason, amounts): (LedgerReason, Vec<(MemberId, i64)>),
    now: Timestamp,
) -> Result<(), StorageError> {
    let Some(first) = changed.first() else { return Ok(()) };
    for (member, amount) in amounts {
        let entry = LedgerEntry {
            id: storage::ids::new(now),
            member,
            at: now,
            amount,
            reason,
            note: String::new(),
            ..first.clone()
        };
        ledger::add(write, workspace, &entry).await?;
    }
    Ok(())
}
