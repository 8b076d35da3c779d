//! Bookings.

use crate::booking::cells;
use crate::database::booking_search;
use crate::database::statements::{Row, Session, all, execute, one, placeholders, text, time, to_json};
use crate::error::StorageError;
use crate::list::{Conditions, Page, Select, Sort, contains};
use domain::booking::{Booking, BookingState, MeetingOutcome};
use domain::delivery::DeliveryState;
use domain::list::{Direction, Position};
use domain::value::{BookingId, MemberId, Timestamp, WorkspaceId};
use std::collections::BTreeSet;

/// A quarter of an hour in microseconds.
const QUARTER_HOUR: i64 = 15 * 60 * 1_000_000;

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
    let sql = "INSERT INTO bookings (workspace_id, booking_id, page_id, state, start_at, email_key, body, created_at,
            search_key)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = vec![
        text(workspace),
        text(booking.id),
        text(booking.page),
        text(booking.state.name()),
        time(booking.start),
        text(booking.attendee.email.key()),
        to_json(booking)?,
        time(booking.created_at),
        text(booking_search::key(booking)),
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

/// Says whether the visitor came; `false` if the booking was cancelled since it was read.
pub async fn set_outcome(
    on: &crate::Write,
    workspace: WorkspaceId,
    read: &Booking,
    outcome: MeetingOutcome,
) -> Result<bool, StorageError> {
    let told = Booking { outcome: Some(outcome), ..read.clone() };
    let sql = "UPDATE bookings SET body = $3 WHERE workspace_id = $1 AND booking_id = $2 AND state = $4";
    let values = vec![text(workspace), text(read.id), to_json(&told)?, text(read.state.name())];
    Ok(execute(on, sql, values).await? == 1)
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

/// What was booked with an e-mail address, the latest first.
pub async fn of_email(
    on: &impl Session,
    workspace: WorkspaceId,
    email_key: &str,
    limit: u32,
) -> Result<Vec<Booking>, StorageError> {
    let sql = "SELECT body FROM bookings WHERE workspace_id = $1 AND email_key = $2
        ORDER BY booking_id DESC LIMIT $3";
    let rows = all(on, sql, vec![text(workspace), text(email_key), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
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

/// How many bookings were made in each quarter of an hour since a moment: no day of any zone begins within one.
pub async fn made_since(
    on: &impl Session,
    workspace: WorkspaceId,
    since: Timestamp,
) -> Result<Vec<(Timestamp, i64)>, StorageError> {
    let sql = format!(
        "SELECT created_at / {QUARTER_HOUR} AS quarter, CAST(COUNT(*) AS BIGINT) AS n FROM bookings
        WHERE workspace_id = $1 AND created_at >= $2 GROUP BY created_at / {QUARTER_HOUR}"
    );
    let rows = all(on, &sql, vec![text(workspace), time(since)]).await?;
    rows.iter()
        .map(|row| {
            let quarter: i64 = row.get("quarter")?;
            Ok((Timestamp::from_microseconds(quarter * QUARTER_HOUR), row.get("n")?))
        })
        .collect()
}

/// Which bookings a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BookingFilter {
    /// What is searched for; empty for nothing.
    pub search: String,
    /// Confirmed or cancelled ones.
    pub state: Option<BookingState>,
    /// Only those of a page, by its ID.
    pub page: Option<String>,
    /// Only those with a delivery in this state.
    pub delivery_state: Option<DeliveryState>,
    /// Meetings that start at or after this.
    pub start_from: Option<Timestamp>,
    /// Meetings that start before this.
    pub start_until: Option<Timestamp>,
    /// Bookings that were made at or after this.
    pub made_from: Option<Timestamp>,
    /// Bookings that were made before this.
    pub made_until: Option<Timestamp>,
}

/// By what a list of bookings is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookingSort {
    /// When they were made.
    Made,
    /// When the meeting starts.
    Start,
}

/// A page of the bookings that a filter lets through.
pub async fn select(
    on: &impl Session,
    workspace: WorkspaceId,
    filter: &BookingFilter,
    (sort, direction): (BookingSort, Direction),
    position: &Position,
    limit: u32,
) -> Result<Page<Booking>, StorageError> {
    let sort = Sort::Number(match sort {
        BookingSort::Made => "created_at",
        BookingSort::Start => "start_at",
    });
    let select = Select { table: "bookings", id: "booking_id", sort, direction };
    select.page(on, &conditions(workspace, filter), position, limit, read).await
}

fn conditions(workspace: WorkspaceId, filter: &BookingFilter) -> Conditions {
    let mut all = Conditions::of(workspace);
    if !filter.search.is_empty() {
        all.and("search_key LIKE ? ESCAPE '!'", [contains(&filter.search)]);
    }
    if let Some(state) = filter.state {
        all.and("state = ?", [text(state.name())]);
    }
    if let Some(page) = &filter.page {
        all.and("page_id = ?", [text(page)]);
    }
    if let Some(state) = filter.delivery_state {
        all.and(
            "booking_id IN (SELECT subject_id FROM deliveries
                WHERE deliveries.workspace_id = $1 AND subject_kind = 'booking' AND deliveries.state = ?)",
            [text(state.name())],
        );
    }
    for (column, sign, at) in [
        ("start_at", ">=", filter.start_from),
        ("start_at", "<", filter.start_until),
        ("created_at", ">=", filter.made_from),
        ("created_at", "<", filter.made_until),
    ] {
        if let Some(at) = at {
            all.and(&format!("{column} {sign} ?"), [time(at)]);
        }
    }
    all
}

fn read(row: &Row) -> Result<Booking, StorageError> {
    row.json("bookings", "body")
}
