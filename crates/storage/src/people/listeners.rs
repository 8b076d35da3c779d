//! Who listens to a workspace's change events: one node at a time, by a lease.

use crate::database::statements::{Session, all, execute, one, text, time};
use crate::error::StorageError;
use crate::queue::lease;
use domain::people::ListeningState;
use domain::value::{Timestamp, WorkspaceId};
use std::time::Duration;

const TABLE: &str = "change_listeners";

/// The right to listen for a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListenerClaim {
    /// Whose changes.
    pub workspace: WorkspaceId,
    /// The number that must still be the listener's when something is saved.
    pub fence: i64,
}

/// How listening stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// How.
    pub state: ListeningState,
    /// The org's own words where something is wrong.
    pub reason: String,
    /// When a change was heard of last.
    pub heard_at: Option<Timestamp>,
}

/// Has a workspace's changes listened to from now on.
pub async fn want(on: &crate::Write, workspace: WorkspaceId) -> Result<(), StorageError> {
    let sql =
        "INSERT INTO change_listeners (workspace_id, claimed_by, fence, lease_until, position, state, reason,
            retry_at, heard_at)
        VALUES ($1, '', 0, 0, '', $2, '', 0, 0)
        ON CONFLICT (workspace_id) DO UPDATE SET retry_at = 0";
    execute(on, sql, vec![text(workspace), text(ListeningState::Starting.name())]).await.map(drop)
}

/// Has nobody listen any more.
pub async fn forget(on: &crate::Write, workspace: WorkspaceId) -> Result<(), StorageError> {
    execute(on, "DELETE FROM change_listeners WHERE workspace_id = $1", vec![text(workspace)]).await.map(drop)
}

/// Whether somebody is to begin listening.
pub async fn any_free(on: &impl Session, now: Timestamp) -> Result<bool, StorageError> {
    let sql = format!(
        "SELECT 1 AS n FROM change_listeners WHERE {} AND retry_at <= $1 LIMIT 1",
        lease::is_over(crate::database::statements::dialect(on))
    );
    Ok(one(on, &sql, vec![time(now)]).await?.is_some())
}

/// Claims workspaces to which nobody listens.
pub async fn claim(
    on: &crate::Write,
    worker: &str,
    now: Timestamp,
    length: Duration,
    limit: u32,
) -> Result<Vec<ListenerClaim>, StorageError> {
    let sql = format!(
        "UPDATE change_listeners SET claimed_by = $1, fence = fence + 1, lease_until = {} WHERE workspace_id IN (
            SELECT workspace_id FROM change_listeners WHERE {} AND retry_at <= $3 LIMIT $4{}
        ) RETURNING workspace_id, fence",
        lease::until(on.dialect, "$2"),
        lease::is_over(on.dialect),
        on.dialect.skip_locked()
    );
    let values = vec![text(worker), lease::length(length), time(now), i64::from(limit).into()];
    let rows = all(on, &sql, values).await?;
    let claim = |row: &crate::database::statements::Row| {
        Ok(ListenerClaim { workspace: row.parse(TABLE, "workspace_id")?, fence: row.get("fence")? })
    };
    rows.iter().map(claim).collect()
}

/// Where listening goes on; empty for what comes from now on.
pub async fn position(on: &impl Session, claim: ListenerClaim) -> Result<String, StorageError> {
    let sql = "SELECT position FROM change_listeners WHERE workspace_id = $1 AND fence = $2";
    let row = one(on, sql, vec![text(claim.workspace), claim.fence.into()]).await?;
    row.ok_or(StorageError::LeaseLost)?.get("position")
}

/// Renews a claim, and keeps how far was heard; [`StorageError::LeaseLost`] when it is no longer ours.
pub async fn renew(
    on: &crate::Write,
    claim: ListenerClaim,
    position: &str,
    heard_at: Option<Timestamp>,
    length: Duration,
) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE change_listeners SET lease_until = {}, position = $4, state = $5, reason = '',
            heard_at = CASE WHEN $6 > 0 THEN $6 ELSE heard_at END
        WHERE workspace_id = $1 AND fence = $2",
        lease::until(on.dialect, "$3")
    );
    let values = vec![
        text(claim.workspace),
        claim.fence.into(),
        lease::length(length),
        text(position),
        text(ListeningState::Listening.name()),
        time(heard_at.unwrap_or(Timestamp::from_seconds(0))),
    ];
    if execute(on, &sql, values).await? == 1 { Ok(()) } else { Err(StorageError::LeaseLost) }
}

/// Ends a claim: why, and when somebody may try again. Without a `position`, what comes from then on is listened to.
pub async fn release(
    on: &crate::Write,
    claim: ListenerClaim,
    (state, reason): (ListeningState, &str),
    retry_at: Timestamp,
    keeps_position: bool,
) -> Result<(), StorageError> {
    let sql = "UPDATE change_listeners SET lease_until = 0, state = $3, reason = $4, retry_at = $5,
            position = CASE WHEN $6 THEN position ELSE '' END
        WHERE workspace_id = $1 AND fence = $2";
    let values = vec![
        text(claim.workspace),
        claim.fence.into(),
        text(state.name()),
        text(reason),
        time(retry_at),
        keeps_position.into(),
    ];
    execute(on, sql, values).await.map(drop)
}

/// How listening stands; `None` if nobody is to listen.
pub async fn find(on: &impl Session, workspace: WorkspaceId) -> Result<Option<Listener>, StorageError> {
    let sql = "SELECT * FROM change_listeners WHERE workspace_id = $1";
    let Some(row) = one(on, sql, vec![text(workspace)]).await? else { return Ok(None) };
    let heard_at = row.time("heard_at")?;
    Ok(Some(Listener {
        state: row.word(TABLE, "state", ListeningState::parse)?,
        reason: row.get("reason")?,
        heard_at: (heard_at.microseconds() > 0).then_some(heard_at),
    }))
}
