//! One lease per connected org: one worker at a time delivers to it.
//!
//! Two workers on one org could both find no record for an email address and both create the Lead. So an org is
//! claimed as a whole, with a lease; the fence number grows with each claim, and a worker whose number
//! is no longer the lease's must not write any more.

use crate::database::statements::{Session, all, dialect, execute, one, text, time};
use crate::error::StorageError;
use crate::queue::lease;
use domain::value::{Timestamp, WorkspaceId};
use std::time::Duration;

/// The right to work on a workspace's deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrgLease {
    /// Whose deliveries.
    pub workspace: WorkspaceId,
    /// The number that must still be the lease's when something is saved.
    pub fence: i64,
}

/// Creates a workspace's lease, or ends its pause; done on connecting.
///
/// The first fence number is the time, so that it can't be one that a lease of an earlier connection had.
pub async fn open(on: &crate::Write, workspace: WorkspaceId, now: Timestamp) -> Result<(), StorageError> {
    let sql = "INSERT INTO org_leases (workspace_id, claimed_by, fence, lease_until, paused_until)
        VALUES ($1, '', $2, 0, 0)
        ON CONFLICT (workspace_id) DO UPDATE SET fence = org_leases.fence + 1, lease_until = 0, paused_until = 0";
    execute(on, sql, vec![text(workspace), time(now)]).await.map(drop)
}

/// Deletes a workspace's lease; the worker that holds it loses it.
pub async fn close(on: &crate::Write, workspace: WorkspaceId) -> Result<(), StorageError> {
    execute(on, "DELETE FROM org_leases WHERE workspace_id = $1", vec![text(workspace)]).await.map(drop)
}

/// Claims free orgs that have deliveries due at `now`, for the length of a lease.
pub async fn claim(
    on: &crate::Write,
    worker: &str,
    now: Timestamp,
    lease: Duration,
    limit: u32,
) -> Result<Vec<OrgLease>, StorageError> {
    let sql = format!(
        "UPDATE org_leases SET claimed_by = $1, fence = fence + 1, lease_until = {} WHERE workspace_id IN (
            SELECT workspace_id FROM org_leases WHERE {} AND paused_until <= $3 AND EXISTS (
                SELECT 1 FROM deliveries WHERE deliveries.workspace_id = org_leases.workspace_id
                AND deliveries.state IN ('due', 'held') AND deliveries.due_at <= $3
            ) LIMIT $4{}
        ) RETURNING workspace_id, fence",
        lease::until(on.dialect, "$2"),
        lease::is_over(on.dialect),
        on.dialect.skip_locked()
    );
    let values = vec![text(worker), lease::length(lease), time(now), i64::from(limit).into()];
    let rows = all(on, &sql, values).await?;
    rows.iter()
        .map(|row| {
            Ok(OrgLease { workspace: row.parse("org_leases", "workspace_id")?, fence: row.get("fence")? })
        })
        .collect()
}

/// Renews a claim inside the transaction that saves its work, and gives the database's time;
/// [`StorageError::LeaseLost`] when it is no longer ours.
pub async fn renew(on: &crate::Write, claim: OrgLease, lease: Duration) -> Result<Timestamp, StorageError> {
    let until = lease::until(on.dialect, "$3");
    let sql = format!(
        "UPDATE org_leases SET lease_until = {until} WHERE workspace_id = $1 AND fence = $2 RETURNING {} AS now",
        on.dialect.now()
    );
    let values = vec![text(claim.workspace), claim.fence.into(), lease::length(lease)];
    let rows = all(on, &sql, values).await?;
    rows.first().ok_or(StorageError::LeaseLost)?.time("now")
}

/// How much is left of a claim by the database's time; `None` when it is no longer ours or is over.
pub async fn time_left(on: &impl Session, claim: OrgLease) -> Result<Option<Duration>, StorageError> {
    let sql = format!(
        "SELECT lease_until - {} AS time_left FROM org_leases WHERE workspace_id = $1 AND fence = $2",
        dialect(on).now()
    );
    let row = one(on, &sql, vec![text(claim.workspace), claim.fence.into()]).await?;
    let left: i64 = row.map_or(Ok(0), |row| row.get("time_left"))?;
    Ok(u64::try_from(left).ok().filter(|left| *left > 0).map(Duration::from_micros))
}

/// Gives a claim back; nothing happens when it is no longer ours.
pub async fn release(on: &impl Session, claim: OrgLease) -> Result<(), StorageError> {
    let sql = "UPDATE org_leases SET lease_until = 0 WHERE workspace_id = $1 AND fence = $2";
    execute(on, sql, vec![text(claim.workspace), claim.fence.into()]).await.map(drop)
}

/// Pauses an org until then: the org's API limit is reached (C9).
pub async fn pause(on: &impl Session, workspace: WorkspaceId, until: Timestamp) -> Result<(), StorageError> {
    let sql = "UPDATE org_leases SET paused_until = $2 WHERE workspace_id = $1";
    execute(on, sql, vec![text(workspace), time(until)]).await.map(drop)
}

/// Claims an org for work that isn't a delivery's; `None` while someone has it, it is paused, or deliveries are due.
pub async fn claim_idle(
    on: &crate::Write,
    workspace: WorkspaceId,
    worker: &str,
    now: Timestamp,
    lease: Duration,
) -> Result<Option<OrgLease>, StorageError> {
    let sql = format!(
        "UPDATE org_leases SET claimed_by = $2, fence = fence + 1, lease_until = {}
        WHERE workspace_id = $1 AND {} AND paused_until <= $4 AND NOT EXISTS (
            SELECT 1 FROM deliveries WHERE deliveries.workspace_id = $1
            AND deliveries.state = 'due' AND deliveries.due_at <= $4
        ) RETURNING fence",
        lease::until(on.dialect, "$3"),
        lease::is_over(on.dialect)
    );
    let values = vec![text(workspace), text(worker), lease::length(lease), time(now)];
    let rows = all(on, &sql, values).await?;
    rows.first().map(|row| Ok(OrgLease { workspace, fence: row.get("fence")? })).transpose()
}
