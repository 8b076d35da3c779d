//! Bookings, and the calendar cells that make double booking impossible (B3).

use crate::database::statements::{
    Row, Session, Value, all, execute, one, placeholders, text, time, to_json,
};
use crate::error::StorageError;
use domain::booking::{Booking, BookingState, BusyCells, cells};
use domain::value::{BookingId, MemberId, Timestamp, WorkspaceId};
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
        if !reserve_cells(on, workspace, member, booking).await? {
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

/// Each cell of a member's calendar is a row with a unique key: two meetings can't have the same.
async fn reserve_cells(
    on: &crate::Write,
    workspace: WorkspaceId,
    member: MemberId,
    booking: &Booking,
) -> Result<bool, StorageError> {
    let wanted = cells(booking.start, booking.end);
    let mut values = vec![text(workspace), text(member), text(booking.id)];
    let rows: Vec<String> = (4..).zip(&wanted).map(|(place, _)| format!("($1, $2, ${place}, $3)")).collect();
    values.extend(wanted.iter().map(|cell| Value::from(*cell)));
    let sql = format!(
        "INSERT INTO booked_cells (workspace_id, member_id, cell, booking_id) VALUES {}
        ON CONFLICT (workspace_id, member_id, cell) DO NOTHING",
        rows.join(", ")
    );
    Ok(execute(on, &sql, values).await? == wanted.len() as u64)
}

/// Cells that are taken between two moments, by member.
pub async fn busy_cells(
    on: &impl Session,
    workspace: WorkspaceId,
    members: &[MemberId],
    from: Timestamp,
    to: Timestamp,
) -> Result<BusyCells, StorageError> {
    let mut taken = BusyCells::new();
    if members.is_empty() {
        return Ok(taken);
    }
    let (first, last) = (cells(from, from.plus_seconds(1)), cells(to, to.plus_seconds(1)));
    let sql = format!(
        "SELECT member_id, cell FROM booked_cells
        WHERE workspace_id = $1 AND cell >= $2 AND cell <= $3 AND member_id IN ({})",
        placeholders(4, members.len())
    );
    let bounds = [first, last].map(|cells| Value::from(cells.first().copied().unwrap_or_default()));
    let values = std::iter::once(text(workspace)).chain(bounds).chain(members.iter().map(text)).collect();
    for row in all(on, &sql, values).await? {
        let member: MemberId = row.parse("booked_cells", "member_id")?;
        taken.entry(member).or_default().insert(row.get("cell")?);
    }
    Ok(taken)
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
    let free = "DELETE FROM booked_cells WHERE workspace_id = $1 AND booking_id = $2";
    execute(on, free, vec![text(workspace), text(booking)]).await?;
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

/// How many confirmed meetings each of some members has from a moment on, for taking turns.
pub async fn upcoming_counts(
    on: &impl Session,
    workspace: WorkspaceId,
    members: &[MemberId],
    from: Timestamp,
) -> Result<std::collections::HashMap<MemberId, i64>, StorageError> {
    let sql = format!(
        "SELECT member_id, CAST(COUNT(DISTINCT booking_id) AS BIGINT) AS n FROM booked_cells
        WHERE workspace_id = $1 AND cell >= $2 AND member_id IN ({}) GROUP BY member_id",
        placeholders(3, members.len())
    );
    let first = cells(from, from.plus_seconds(1)).first().copied().unwrap_or_default();
    let values = [text(workspace), first.into()].into_iter().chain(members.iter().map(text)).collect();
    let rows = all(on, &sql, values).await?;
    rows.iter().map(|row| Ok((row.parse("booked_cells", "member_id")?, row.get("n")?))).collect()
}

/// What is known of an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// The hash of the request that used it first.
    pub request_hash: String,
    /// The booking that it made.
    pub booking: BookingId,
}

/// Whether a request with this idempotency key was carried out before.
pub async fn find_idempotent_request(
    on: &impl Session,
    workspace: WorkspaceId,
    key: &str,
) -> Result<Option<IdempotentRequest>, StorageError> {
    let sql = "SELECT * FROM idempotency_keys WHERE workspace_id = $1 AND idempotency_key = $2";
    let row = one(on, sql, vec![text(workspace), text(key)]).await?;
    row.map(|row| {
        Ok(IdempotentRequest {
            request_hash: row.get("request_hash")?,
            booking: row.parse("idempotency_keys", "booking_id")?,
        })
    })
    .transpose()
}

/// Remembers a request by its idempotency key; `false` when another request took it meanwhile.
pub async fn save_idempotent_request(
    on: &crate::Write,
    workspace: WorkspaceId,
    key: &str,
    request: &IdempotentRequest,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let sql =
        "INSERT INTO idempotency_keys (workspace_id, idempotency_key, request_hash, booking_id, created_at)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, idempotency_key) DO NOTHING";
    let values =
        vec![text(workspace), text(key), text(&request.request_hash), text(request.booking), time(now)];
    Ok(execute(on, sql, values).await? == 1)
}

fn read(row: &Row) -> Result<Booking, StorageError> {
    row.json("bookings", "body")
}
