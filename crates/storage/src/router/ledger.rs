//! Balances of a team's hosts, and every change of them (G5).

use crate::database::statements::{Row, Session, all, execute, text, time};
use crate::error::StorageError;
use domain::router::{Balance, LedgerEntry, LedgerReason};
use domain::value::{BookingId, LedgerEntryId, MemberId, TeamId, Timestamp, WorkspaceId};
use std::collections::BTreeMap;

const TABLE: &str = "ledger_entries";

/// Holds a team's ledger until the transaction ends: bookings at once are chosen for one after the other.
///
/// Takes this before any calendar cell, so that no two transactions wait for each other.
pub async fn lock(on: &crate::Write, workspace: WorkspaceId, team: TeamId) -> Result<(), StorageError> {
    let sql = "INSERT INTO team_turns (workspace_id, team_id, turns) VALUES ($1, $2, 1)
        ON CONFLICT (workspace_id, team_id) DO UPDATE SET turns = team_turns.turns + 1";
    execute(on, sql, vec![text(workspace), text(team)]).await.map(drop)
}

/// What is due to each host of a team; those without an entry are not there.
pub async fn balances(
    on: &impl Session,
    workspace: WorkspaceId,
    team: TeamId,
) -> Result<BTreeMap<MemberId, Balance>, StorageError> {
    let sql = "SELECT * FROM host_balances WHERE workspace_id = $1 AND team_id = $2";
    let rows = all(on, sql, vec![text(workspace), text(team)]).await?;
    rows.iter()
        .map(|row| {
            let last: i64 = row.get("last_at")?;
            let last = (last > 0).then(|| Timestamp::from_microseconds(last));
            Ok((row.parse("host_balances", "member_id")?, Balance { amount: row.get("amount")?, last }))
        })
        .collect()
}

/// The weights of a team's members.
pub async fn weights(
    on: &impl Session,
    workspace: WorkspaceId,
    team: TeamId,
) -> Result<BTreeMap<MemberId, u32>, StorageError> {
    let sql = "SELECT member_id, weight FROM team_members WHERE workspace_id = $1 AND team_id = $2";
    let rows = all(on, sql, vec![text(workspace), text(team)]).await?;
    rows.iter()
        .map(|row| {
            let weight = u32::try_from(row.get::<i64>("weight")?).unwrap_or_default();
            Ok((row.parse("team_members", "member_id")?, weight))
        })
        .collect()
}

/// Sets the weight of a team's member; `false` if there is no such member.
pub async fn set_weight(
    on: &crate::Write,
    workspace: WorkspaceId,
    team: TeamId,
    (member, weight): (MemberId, u32),
) -> Result<bool, StorageError> {
    let sql = "UPDATE team_members SET weight = $4
        WHERE workspace_id = $1 AND team_id = $2 AND member_id = $3";
    let values = vec![text(workspace), text(team), text(member), i64::from(weight).into()];
    Ok(execute(on, sql, values).await? == 1)
}

/// Writes an entry and changes the balance by it.
pub async fn add(on: &crate::Write, workspace: WorkspaceId, entry: &LedgerEntry) -> Result<(), StorageError> {
    let sql = "INSERT INTO ledger_entries (workspace_id, entry_id, team_id, member_id, booking_id, at, amount, reason,
            note)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = vec![
        text(workspace),
        text(entry.id),
        text(entry.team),
        text(entry.member),
        text(entry.booking.map(|booking| booking.to_string()).unwrap_or_default()),
        time(entry.at),
        entry.amount.into(),
        text(entry.reason.name()),
        text(&entry.note),
    ];
    execute(on, sql, values).await?;
    let last = if entry.reason == LedgerReason::Chosen { entry.at.microseconds() } else { 0 };
    let sql = "INSERT INTO host_balances (workspace_id, team_id, member_id, amount, last_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace_id, team_id, member_id) DO UPDATE SET
            amount = host_balances.amount + excluded.amount,
            last_at = CASE WHEN excluded.last_at > host_balances.last_at THEN excluded.last_at
                ELSE host_balances.last_at END";
    let values =
        vec![text(workspace), text(entry.team), text(entry.member), entry.amount.into(), last.into()];
    execute(on, sql, values).await.map(drop)
}

/// What a booking has changed.
pub async fn of_booking(
    on: &impl Session,
    workspace: WorkspaceId,
    booking: BookingId,
) -> Result<Vec<LedgerEntry>, StorageError> {
    let sql = "SELECT * FROM ledger_entries WHERE workspace_id = $1 AND booking_id = $2 ORDER BY entry_id";
    all(on, sql, vec![text(workspace), text(booking)]).await?.iter().map(read).collect()
}

/// A team's entries, the latest first, from a moment and an ID on backwards.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    team: TeamId,
    before: Option<(Timestamp, LedgerEntryId)>,
    limit: u32,
) -> Result<Vec<LedgerEntry>, StorageError> {
    let mut values = vec![text(workspace), text(team), i64::from(limit).into()];
    let further = match before {
        None => "",
        Some((at, id)) => {
            values.extend([time(at), text(id)]);
            "AND (at < $4 OR (at = $4 AND entry_id < $5))"
        }
    };
    let sql = format!(
        "SELECT * FROM ledger_entries WHERE workspace_id = $1 AND team_id = $2 {further}
        ORDER BY at DESC, entry_id DESC LIMIT $3"
    );
    all(on, &sql, values).await?.iter().map(read).collect()
}

/// How many meetings each host of a team was given since a moment, by the reason: by turns or by a router; those that
/// were cancelled are not counted.
pub async fn meetings_since(
    on: &impl Session,
    workspace: WorkspaceId,
    team: TeamId,
    since: Timestamp,
) -> Result<BTreeMap<(MemberId, LedgerReason), i64>, StorageError> {
    let sql = "SELECT member_id, reason, CAST(COUNT(*) AS BIGINT) AS n FROM ledger_entries
        WHERE workspace_id = $1 AND team_id = $2 AND at >= $3 AND reason IN ('chosen', 'routed')
            AND booking_id IN (SELECT booking_id FROM bookings WHERE bookings.workspace_id = $1 AND state = 'confirmed')
        GROUP BY member_id, reason";
    let rows = all(on, sql, vec![text(workspace), text(team), time(since)]).await?;
    rows.iter()
        .map(|row| {
            let reason = row.word(TABLE, "reason", LedgerReason::from_name)?;
            Ok(((row.parse(TABLE, "member_id")?, reason), row.get("n")?))
        })
        .collect()
}

fn read(row: &Row) -> Result<LedgerEntry, StorageError> {
    let booking: String = row.get("booking_id")?;
    Ok(LedgerEntry {
        id: row.parse(TABLE, "entry_id")?,
        team: row.parse(TABLE, "team_id")?,
        member: row.parse(TABLE, "member_id")?,
        booking: if booking.is_empty() { None } else { Some(row.parse(TABLE, "booking_id")?) },
        at: row.time("at")?,
        amount: row.get("amount")?,
        reason: row.word(TABLE, "reason", LedgerReason::from_name)?,
        note: row.get("note")?,
    })
}
