//! Bookings.

use crate::booking::cells;
use crate::database::statements::{Row, Session, all, execute, one, placeholders, text, time, to_json};
use crate::error::StorageError;
use domain::booking::{Booking, BookingState};
use domain::value::{BookingId, MemberId, WorkspaceId};
use std::collections::BTreeSet;

/// Keeps a booking and takes its hosts' time; `false`, with nothing to be committed, when a host's time is taken.
pub async fn create(
    on: &crate::Write,
    workspace: WorkspaceId,
    booking: &Booking,
) -> Result<bool, StorageError> {
    // In one order everywhere: two bookings of the same members must not wait for each other.
    let members: BTreeSet<MemberId> = booking.hosts.iter().map(|host| host.member).collect();
    for member in members {
        if !cells::reserve(on, workspace, member, booking).await? {
            return Ok(false);
        }
    }
    let sql = "INSERT INTO bookings (workspace_id, booking_id, page_id, state, start_at, email_key, body, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = vec![
        text(workspace),
        text(booking.id),
        text(booking.page),
        text(booking.state.name()),
        time(booking.start),
        text(booking.attendee.email.key()),
        to_json(booking)?,
        time(booking.created_at),
    ];
    execute(on, sql, values).await?;
    Ok(true)
}

/// Cancels a booking and frees its time; `false` when it isn't there or was cancelled before.
pub async fn cancel(
    on: &crate::Write,
    workspace: WorkspaceId,
    booking: BookingId,
) -> Result<bool, StorageError> {
    let Some(mut cancelled) = find(on, workspace, booking).await? else { return Ok(false) };
    cancelled.state = BookingState::Cancelled;
    let sql = "UPDATE bookings SET state = $3, body = $4
        WHERE workspace_id = $1 AND booking_id = $2 AND state = $5";
    let values = vec![
        text(workspace),
        text(booking),
        text(BookingState::Cancelled.name()),
        to_json(&cancelled)?,
        text(BookingState::Confirmed.name()),
    ];
    if execute(on, sql, values).await? == 0 {
        return Ok(false);
    }
    cells::free(on, workspace, booking).await?;
    Ok(true)
}

/// A booking by id.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    booking: BookingId,
) -> Result<Option<Booking>, StorageError> {
    let sql = "SELECT body FROM bookings WHERE workspace_id = $1 AND booking_id = $2";
    let row = one(on, sql, vec![text(workspace), text(booking)]).await?;
    row.as_ref().map(read).transpose()
}

/// Several bookings by id, in no order; unknown ones are left out.
pub async fn find_many(
    on: &impl Session,
    workspace: WorkspaceId,
    bookings: &[BookingId],
) -> Result<Vec<Booking>, StorageError> {
    if bookings.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT body FROM bookings WHERE workspace_id = $1 AND booking_id IN ({})",
        placeholders(2, bookings.len())
    );
    let values = std::iter::once(text(workspace)).chain(bookings.iter().map(text)).collect();
    all(on, &sql, values).await?.iter().map(read).collect()
}

/// A page of a workspace's bookings, the latest made first; `before` is the last id of the page before.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    before: Option<BookingId>,
    limit: u32,
) -> Result<Vec<Booking>, StorageError> {
    let last = before.map_or_else(|| "g".to_owned(), |before| before.to_string());
    let sql = "SELECT body FROM bookings WHERE workspace_id = $1 AND booking_id < $2
        ORDER BY booking_id DESC LIMIT $3";
    let rows = all(on, sql, vec![text(workspace), text(last), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Booking, StorageError> {
    row.json("bookings", "body")
}
