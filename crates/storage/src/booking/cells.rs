//! Calendar cells, which make double booking impossible (B3).
//!
//! Each cell of a member's calendar is a row with a unique key: two meetings can't have the same.

use crate::database::statements::{Session, Value, all, execute, placeholders, text};
use crate::error::StorageError;
use domain::booking::{Booking, BusyCells, cells};
use domain::value::{BookingId, MemberId, Timestamp, WorkspaceId};
use std::collections::HashMap;

/// Takes the cells of a booking in a member's calendar; `false` when one is taken.
pub(crate) async fn reserve(
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

/// Frees the cells of a booking.
pub(crate) async fn free(
    on: &crate::Write,
    workspace: WorkspaceId,
    booking: BookingId,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM booked_cells WHERE workspace_id = $1 AND booking_id = $2";
    execute(on, sql, vec![text(workspace), text(booking)]).await.map(drop)
}

/// Cells that are taken between two moments, by member.
pub async fn busy(
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

/// How many confirmed meetings each of some members has from a moment on, for taking turns.
pub async fn upcoming_counts(
    on: &impl Session,
    workspace: WorkspaceId,
    members: &[MemberId],
    from: Timestamp,
) -> Result<HashMap<MemberId, i64>, StorageError> {
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
