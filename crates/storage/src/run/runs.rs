//! Runs of syncs and imports: one of a kind at a time in a workspace, each worked on under a lease.

use crate::database::statements::{Row, Session, Value, all, dialect, execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::list::{Conditions, Page, Select, Sort};
use crate::notification::inbox;
use crate::queue::lease;
use domain::list::{Direction, Position};
use domain::notification::{Notice, RunNews};
use domain::run::{Receipt, Run, RunKind, RunState, RunTrigger};
use domain::value::{RunId, Step, Timestamp, WorkspaceId};
use std::time::Duration;

const TABLE: &str = "runs";
/// Runs that are remembered of each kind.
const KEPT: i64 = 200;

/// The right to work on a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunClaim {
    /// Whose run.
    pub workspace: WorkspaceId,
    /// Which run.
    pub run: RunId,
    /// The number that must still be the run's when something is saved.
    pub fence: i64,
}

/// Wants a run; `None` when one of its kind waits or runs already.
pub async fn request(
    on: &crate::Write,
    workspace: WorkspaceId,
    kind: RunKind,
    origin: RunTrigger,
    now: Timestamp,
) -> Result<Option<RunId>, StorageError> {
    let id: RunId = crate::ids::new(now);
    let sql = "INSERT INTO runs
        (workspace_id, run_id, kind, origin, state, requested_at, receipt, claimed_by, fence, lease_until)
        VALUES ($1, $2, $3, $4, 'waiting', $5, $6, '', 0, 0) ON CONFLICT DO NOTHING";
    let values = vec![
        text(workspace),
        text(id),
        text(kind.name()),
        text(origin.name()),
        time(now),
        to_json(&Receipt::default())?,
    ];
    let made = execute(on, sql, values).await?;
    let sql = "DELETE FROM runs WHERE workspace_id = $1 AND kind = $2 AND run_id IN (
            SELECT run_id FROM runs WHERE workspace_id = $1 AND kind = $2 ORDER BY run_id DESC LIMIT 1000 OFFSET $3)";
    execute(on, sql, vec![text(workspace), text(kind.name()), KEPT.into()]).await?;
    Ok((made == 1).then_some(id))
}

/// When someone last asked for a run of this kind.
pub async fn last_requested(
    on: &impl Session,
    workspace: WorkspaceId,
    kind: RunKind,
) -> Result<Option<Timestamp>, StorageError> {
    let sql = "SELECT MAX(requested_at) AS at FROM runs
        WHERE workspace_id = $1 AND kind = $2 AND origin = 'manual'";
    one(on, sql, vec![text(workspace), text(kind.name())])
        .await?
        .map_or(Ok(None), |row| row.optional_time("at"))
}

/// The latest runs, the newest first.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    kind: Option<RunKind>,
    limit: u32,
) -> Result<Vec<Run>, StorageError> {
    let sql = "SELECT * FROM runs WHERE workspace_id = $1 AND ($2 = '' OR kind = $2)
        ORDER BY run_id DESC LIMIT $3";
    let kind = kind.map_or("", RunKind::name);
    let rows = all(on, sql, vec![text(workspace), text(kind), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

/// One run.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    run: RunId,
) -> Result<Option<Run>, StorageError> {
    let sql = "SELECT * FROM runs WHERE workspace_id = $1 AND run_id = $2";
    one(on, sql, vec![text(workspace), text(run)]).await?.as_ref().map(read).transpose()
}

/// Whether a run waits, or one was left by a worker that is gone.
pub async fn any_to_do(on: &impl Session) -> Result<bool, StorageError> {
    let is_over = lease::is_over(dialect(on));
    let sql = format!(
        "SELECT 1 AS n FROM runs WHERE state = 'waiting' OR (state = 'running' AND {is_over}) LIMIT 1"
    );
    Ok(one(on, &sql, Vec::new()).await?.is_some())
}

/// Claims runs that wait or that were left.
pub async fn claim(
    on: &crate::Write,
    worker: &str,
    now: Timestamp,
    lease: Duration,
    limit: u32,
) -> Result<Vec<(RunClaim, Run)>, StorageError> {
    let sql = format!(
        "UPDATE runs SET state = 'running', claimed_by = $1, fence = fence + 1, lease_until = {},
            started_at = COALESCE(started_at, $3)
        WHERE (workspace_id, run_id) IN (
            SELECT workspace_id, run_id FROM runs
            WHERE state = 'waiting' OR (state = 'running' AND {}) LIMIT $4{}
        ) RETURNING *",
        lease::until(on.dialect, "$2"),
        lease::is_over(on.dialect),
        on.dialect.skip_locked()
    );
    let values = vec![text(worker), lease::length(lease), time(now), i64::from(limit).into()];
    let rows = all(on, &sql, values).await?;
    rows.iter()
        .map(|row| {
            let run = read(row)?;
            let workspace = row.parse(TABLE, "workspace_id")?;
            Ok((RunClaim { workspace, run: run.id, fence: row.get("fence")? }, run))
        })
        .collect()
}

/// Renews a claim and tells how far the run is; [`StorageError::LeaseLost`] when it is no longer ours.
pub async fn progress(
    on: &crate::Write,
    claim: RunClaim,
    receipt: &Receipt,
    lease: Duration,
) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE runs SET receipt = $4, lease_until = {}
        WHERE workspace_id = $1 AND run_id = $2 AND fence = $3 AND state = 'running'",
        lease::until(on.dialect, "$5")
    );
    let values = vec![
        text(claim.workspace),
        text(claim.run),
        claim.fence.into(),
        to_json(receipt)?,
        lease::length(lease),
    ];
    if execute(on, &sql, values).await? == 1 { Ok(()) } else { Err(StorageError::LeaseLost) }
}

/// Renews a claim while nothing is to be told; [`StorageError::LeaseLost`] when it is no longer ours.
pub async fn renew(on: &crate::Write, claim: RunClaim, lease: Duration) -> Result<(), StorageError> {
    let sql = format!(
        "UPDATE runs SET lease_until = {}
        WHERE workspace_id = $1 AND run_id = $2 AND fence = $3 AND state = 'running'",
        lease::until(on.dialect, "$4")
    );
    let values = vec![text(claim.workspace), text(claim.run), claim.fence.into(), lease::length(lease)];
    if execute(on, &sql, values).await? == 1 { Ok(()) } else { Err(StorageError::LeaseLost) }
}

/// Ends a run; [`StorageError::LeaseLost`] when it is no longer ours.
///
/// A manual run posts a message when it is done; scheduled runs do not.
pub async fn finish(
    on: &crate::Write,
    claim: RunClaim,
    state: RunState,
    receipt: &Receipt,
    reason: Option<&Step>,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "UPDATE runs SET state = $4, receipt = $5, reason = $6, finished_at = $7, lease_until = 0
        WHERE workspace_id = $1 AND run_id = $2 AND fence = $3 AND state = 'running'";
    let reason = reason.map(to_json).transpose()?.unwrap_or(Value::NULL_TEXT);
    let values = vec![
        text(claim.workspace),
        text(claim.run),
        claim.fence.into(),
        text(state.name()),
        to_json(receipt)?,
        reason,
        time(now),
    ];
    if execute(on, sql, values).await? != 1 {
        return Err(StorageError::LeaseLost);
    }
    match find(on, claim.workspace, claim.run).await? {
        Some(run) if state == RunState::Done && run.origin == RunTrigger::Manual => {
            let rows: u64 = receipt.received.values().sum();
            let notice =
                Notice::run(run.kind, RunNews::Finished).with("run", run.kind.name()).with("rows", rows);
            inbox::publish(on, claim.workspace, &notice, now).await
        }
        _ => Ok(()),
    }
}

/// Ends a run of a kind that is not over, because what it was to do has changed.
pub async fn stop(
    on: &impl Session,
    workspace: WorkspaceId,
    kind: RunKind,
    reason: &Step,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "UPDATE runs SET state = 'stopped', reason = $3, finished_at = $4, fence = fence + 1
        WHERE workspace_id = $1 AND kind = $2 AND state IN ('waiting', 'running')";
    let values = vec![text(workspace), text(kind.name()), to_json(reason)?, time(now)];
    execute(on, sql, values).await.map(drop)
}

/// Ends every run of a workspace that is not over: its connection is taken away.
pub async fn stop_all(
    on: &impl Session,
    workspace: WorkspaceId,
    reason: &Step,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "UPDATE runs SET state = 'stopped', reason = $2, finished_at = $3, fence = fence + 1
        WHERE workspace_id = $1 AND state IN ('waiting', 'running')";
    execute(on, sql, vec![text(workspace), to_json(reason)?, time(now)]).await.map(drop)
}

/// Stores a run that is over as it was elsewhere: what a demo shows was never worked on here.
pub async fn store_finished(
    on: &crate::Write,
    workspace: WorkspaceId,
    run: &Run,
) -> Result<(), StorageError> {
    let sql =
        "INSERT INTO runs (workspace_id, run_id, kind, origin, state, requested_at, started_at, finished_at,
            receipt, reason, claimed_by, fence, lease_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 0, 0)";
    let values = vec![
        text(workspace),
        text(run.id),
        text(run.kind.name()),
        text(run.origin.name()),
        text(run.state.name()),
        time(run.requested_at),
        run.started_at.map(Timestamp::microseconds).into(),
        run.finished_at.map(Timestamp::microseconds).into(),
        to_json(&run.receipt)?,
        run.reason.as_ref().map(to_json).transpose()?.unwrap_or(Value::NULL_TEXT),
    ];
    execute(on, sql, values).await.map(drop)
}

/// Which runs a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Only runs of a kind.
    pub kind: Option<RunKind>,
    /// Only runs in a state.
    pub state: Option<RunState>,
}

/// A page of the runs that a filter lets through.
pub async fn select(
    on: &impl Session,
    workspace: WorkspaceId,
    filter: RunFilter,
    direction: Direction,
    position: &Position,
    limit: u32,
) -> Result<Page<Run>, StorageError> {
    let mut conditions = Conditions::of(workspace);
    if let Some(kind) = filter.kind {
        conditions.and("kind = ?", [text(kind.name())]);
    }
    if let Some(state) = filter.state {
        conditions.and("state = ?", [text(state.name())]);
    }
    let select = Select { table: TABLE, id: "run_id", sort: Sort::Number("requested_at"), direction };
    select.page(on, &conditions, position, limit, read).await
}

fn read(row: &Row) -> Result<Run, StorageError> {
    Ok(Run {
        id: row.parse(TABLE, "run_id")?,
        kind: row.word(TABLE, "kind", RunKind::parse)?,
        origin: row.word(TABLE, "origin", RunTrigger::parse)?,
        state: row.word(TABLE, "state", RunState::parse)?,
        requested_at: row.time("requested_at")?,
        started_at: row.optional_time("started_at")?,
        finished_at: row.optional_time("finished_at")?,
        receipt: row.json(TABLE, "receipt")?,
        reason: row.optional_json(TABLE, "reason")?,
    })
}
