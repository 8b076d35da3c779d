//! What routers decided about visitors.

use crate::database::statements::{Row, Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::router::{Facts, RoutingDecision, RoutingResult};
use domain::value::{BookingId, EmailAddress, RouterId, RoutingDecisionId, Timestamp, WorkspaceId};

const TABLE: &str = "routing_decisions";

/// Keeps a decision; `false` if one with its ID was kept before.
pub async fn create(
    on: &crate::Write,
    workspace: WorkspaceId,
    decision: &RoutingDecision,
) -> Result<bool, StorageError> {
    let sql = "INSERT INTO routing_decisions (workspace_id, decision_id, router_id, version, at, email_key, facts, result,
            booking_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '')
        ON CONFLICT (workspace_id, decision_id) DO NOTHING";
    let email = decision.facts.email.as_ref().map(EmailAddress::key).unwrap_or_default();
    let values = vec![
        text(workspace),
        text(decision.id),
        text(decision.router),
        i64::from(decision.version).into(),
        time(decision.at),
        text(email),
        to_json(&decision.facts)?,
        to_json(&decision.result)?,
    ];
    Ok(execute(on, sql, values).await? == 1)
}

/// Notes the booking that came of a decision; the first one stays.
pub async fn note_booking(
    on: &crate::Write,
    workspace: WorkspaceId,
    decision: RoutingDecisionId,
    booking: BookingId,
) -> Result<(), StorageError> {
    let sql = "UPDATE routing_decisions SET booking_id = $3 WHERE workspace_id = $1 AND decision_id = $2
        AND booking_id = ''";
    execute(on, sql, vec![text(workspace), text(decision), text(booking)]).await.map(drop)
}

/// Decisions, the latest first, from a moment and an ID on backwards.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    before: Option<(Timestamp, RoutingDecisionId)>,
    limit: u32,
) -> Result<Vec<RoutingDecision>, StorageError> {
    let mut values = vec![text(workspace), i64::from(limit).into()];
    let further = match before {
        None => "",
        Some((at, id)) => {
            values.extend([time(at), text(id)]);
            "AND (at < $3 OR (at = $3 AND decision_id < $4))"
        }
    };
    let sql = format!(
        "SELECT * FROM routing_decisions WHERE workspace_id = $1 {further}
        ORDER BY at DESC, decision_id DESC LIMIT $2"
    );
    all(on, &sql, values).await?.iter().map(read).collect()
}

/// A router's decisions since a moment, the latest first.
pub async fn since(
    on: &impl Session,
    workspace: WorkspaceId,
    router: RouterId,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<RoutingDecision>, StorageError> {
    let sql = "SELECT * FROM routing_decisions WHERE workspace_id = $1 AND router_id = $2 AND at >= $3
        ORDER BY at DESC, decision_id DESC LIMIT $4";
    let values = vec![text(workspace), text(router), time(since), i64::from(limit).into()];
    all(on, sql, values).await?.iter().map(read).collect()
}

/// Decisions of one router, the latest first, from a moment and an ID on backwards.
pub async fn list_of_router(
    on: &impl Session,
    workspace: WorkspaceId,
    router: RouterId,
    before: Option<(Timestamp, RoutingDecisionId)>,
    limit: u32,
) -> Result<Vec<RoutingDecision>, StorageError> {
    let mut values = vec![text(workspace), text(router), i64::from(limit).into()];
    let further = match before {
        None => "",
        Some((at, id)) => {
            values.extend([time(at), text(id)]);
            "AND (at < $4 OR (at = $4 AND decision_id < $5))"
        }
    };
    let sql = format!(
        "SELECT * FROM routing_decisions WHERE workspace_id = $1 AND router_id = $2 {further}
        ORDER BY at DESC, decision_id DESC LIMIT $3"
    );
    all(on, &sql, values).await?.iter().map(read).collect()
}

/// How many decisions each router has made since a moment.
pub async fn counts_since(
    on: &impl Session,
    workspace: WorkspaceId,
    since: Timestamp,
) -> Result<Vec<(RouterId, i64)>, StorageError> {
    let sql = "SELECT router_id, COUNT(*) AS decisions FROM routing_decisions
        WHERE workspace_id = $1 AND at >= $2 GROUP BY router_id";
    let rows = all(on, sql, vec![text(workspace), time(since)]).await?;
    rows.iter().map(|row| Ok((row.parse(TABLE, "router_id")?, row.get("decisions")?))).collect()
}

/// A decision by its ID.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    decision: RoutingDecisionId,
) -> Result<Option<RoutingDecision>, StorageError> {
    let sql = "SELECT * FROM routing_decisions WHERE workspace_id = $1 AND decision_id = $2";
    one(on, sql, vec![text(workspace), text(decision)]).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<RoutingDecision, StorageError> {
    let booking: String = row.get("booking_id")?;
    Ok(RoutingDecision {
        id: row.parse(TABLE, "decision_id")?,
        router: row.parse(TABLE, "router_id")?,
        version: u32::try_from(row.get::<i64>("version")?).unwrap_or_default(),
        at: row.time("at")?,
        facts: row.json::<Facts>(TABLE, "facts")?,
        result: row.json::<RoutingResult>(TABLE, "result")?,
        booking: if booking.is_empty() { None } else { Some(row.parse(TABLE, "booking_id")?) },
    })
}
