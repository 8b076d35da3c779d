//! Deliveries: what bookings and other subjects are to do in Salesforce.

use crate::database::statements::{
    Row, Session, Value, all, execute, one, placeholders, text, time, to_json,
};
use crate::error::StorageError;
use domain::delivery::{Delivery, DeliveryKind, DeliveryState, Subject, SubjectKind};
use domain::value::{DeliveryId, Timestamp, WorkspaceId};
use std::collections::HashMap;

const TABLE: &str = "deliveries";

/// Keeps a new delivery, in the booking's own transaction.
pub async fn create(
    on: &crate::Write,
    workspace: WorkspaceId,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql =
        "INSERT INTO deliveries (workspace_id, delivery_id, subject_kind, subject_id, kind, exclusive_key,
            after_delivery, state, due_at, attempts, open_attempt, records, dropped_fields, search_until,
            explanation, error_code, retry_singly, allow_duplicates, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    let mut values = vec![
        text(workspace),
        text(delivery.id),
        text(delivery.subject.kind.name()),
        text(delivery.subject.id),
        text(delivery.kind.name()),
        delivery.exclusive_key.clone().into(),
        delivery.after_delivery.map(|id| id.to_string()).into(),
    ];
    values.extend(changing(delivery, now)?);
    execute(on, sql, values).await.map(drop)
}

/// Saves everything that changes in a delivery, unless it has left the states in which it was read:
/// someone else has decided about it meanwhile. `true` when it was saved.
pub async fn save(
    on: &crate::Write,
    workspace: WorkspaceId,
    delivery: &Delivery,
    read_in: &[DeliveryState],
    now: Timestamp,
) -> Result<bool, StorageError> {
    let sql = format!(
        "UPDATE deliveries SET state = $3, due_at = $4, attempts = $5, open_attempt = $6, records = $7,
            dropped_fields = $8, search_until = $9, explanation = $10, error_code = $11, retry_singly = $12,
            allow_duplicates = $13, updated_at = $14
        WHERE workspace_id = $1 AND delivery_id = $2 AND state IN ({})",
        placeholders(15, read_in.len())
    );
    let mut values = vec![text(workspace), text(delivery.id)];
    values.extend(changing(delivery, now)?);
    values.extend(read_in.iter().map(|state| text(state.name())));
    Ok(execute(on, &sql, values).await? == 1)
}

/// The states of deliveries that a worker may take: held ones too, for where there is a lane there is a
/// connection, and a booking that was made while it came back would never be delivered otherwise.
pub const CLAIMABLE: [DeliveryState; 2] = [DeliveryState::Due, DeliveryState::Held];

/// Lets a waiting delivery wait until then, unless it has an open attempt or waits longer already.
pub async fn postpone(
    on: &crate::Write,
    workspace: WorkspaceId,
    delivery: DeliveryId,
    until: Timestamp,
) -> Result<(), StorageError> {
    let sql = "UPDATE deliveries SET due_at = $3 WHERE workspace_id = $1 AND delivery_id = $2
        AND state IN ('due', 'held') AND due_at < $3";
    execute(on, sql, vec![text(workspace), text(delivery), time(until)]).await.map(drop)
}

/// A delivery that has not ended, for which another one waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingDelivery {
    /// The delivery.
    pub delivery: DeliveryId,
    /// When it is tried next.
    pub due_at: Timestamp,
}

/// Those of some deliveries that have not ended.
pub async fn pending(
    on: &impl Session,
    workspace: WorkspaceId,
    deliveries: &[DeliveryId],
) -> Result<HashMap<DeliveryId, PendingDelivery>, StorageError> {
    if deliveries.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT delivery_id, due_at FROM deliveries
        WHERE workspace_id = $1 AND state IN ('due', 'held') AND delivery_id IN ({})",
        placeholders(2, deliveries.len())
    );
    let values = std::iter::once(text(workspace)).chain(deliveries.iter().map(text)).collect();
    let rows = all(on, &sql, values).await?;
    rows.iter().map(read_pending).map(|read| read.map(|one| (one.delivery, one))).collect()
}

/// The exclusive keys whose delivery has an open attempt: no other delivery with the key may write now.
pub async fn unresolved_keys(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<HashMap<String, PendingDelivery>, StorageError> {
    let sql = "SELECT exclusive_key, delivery_id, due_at FROM deliveries
        WHERE workspace_id = $1 AND state IN ('due', 'held')
            AND exclusive_key IS NOT NULL AND open_attempt IS NOT NULL";
    let rows = all(on, sql, vec![text(workspace)]).await?;
    rows.iter().map(|row| Ok((row.get("exclusive_key")?, read_pending(row)?))).collect()
}

/// Those of some records in Salesforce that a delivery has written or used.
pub async fn with_records(
    on: &impl Session,
    workspace: WorkspaceId,
    records: &[String],
) -> Result<Vec<String>, StorageError> {
    let mut claimed = Vec::new();
    for record in records {
        let sql = "SELECT 1 AS n FROM deliveries WHERE workspace_id = $1 AND records LIKE $2 LIMIT 1";
        if one(on, sql, vec![text(workspace), text(format!("%\"{record}\"%"))]).await?.is_some() {
            claimed.push(record.clone());
        }
    }
    Ok(claimed)
}

fn read_pending(row: &Row) -> Result<PendingDelivery, StorageError> {
    Ok(PendingDelivery { delivery: row.parse(TABLE, "delivery_id")?, due_at: row.time("due_at")? })
}

fn changing(delivery: &Delivery, now: Timestamp) -> Result<Vec<Value>, StorageError> {
    let attempt: Option<String> = match &delivery.open_attempt {
        Some(attempt) => Some(serde_json::to_string(attempt).map_err(|error| {
            StorageError::Inconsistent { table: TABLE, column: "open_attempt", reason: error.to_string() }
        })?),
        None => None,
    };
    Ok(vec![
        text(delivery.state.name()),
        time(delivery.due_at),
        i64::from(delivery.attempts).into(),
        attempt.into(),
        to_json(&delivery.records)?,
        to_json(&delivery.dropped_fields)?,
        delivery.search_until.map(Timestamp::microseconds).into(),
        to_json(&delivery.explanation)?,
        delivery.error_code.clone().into(),
        delivery.retry_singly.into(),
        delivery.allow_duplicates.into(),
        time(now),
    ])
}

/// A delivery by id.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    delivery: DeliveryId,
) -> Result<Option<Delivery>, StorageError> {
    let sql = "SELECT * FROM deliveries WHERE workspace_id = $1 AND delivery_id = $2";
    one(on, sql, vec![text(workspace), text(delivery)]).await?.as_ref().map(read).transpose()
}

/// Deliveries whose time has come, the longest due first.
pub async fn due(
    on: &impl Session,
    workspace: WorkspaceId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Delivery>, StorageError> {
    let sql = "SELECT * FROM deliveries WHERE workspace_id = $1 AND state IN ('due', 'held') AND due_at <= $2
        ORDER BY due_at, delivery_id LIMIT $3";
    let rows = all(on, sql, vec![text(workspace), time(now), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

/// The deliveries of some subjects of one kind, in the order in which they are delivered.
pub async fn of_subjects(
    on: &impl Session,
    workspace: WorkspaceId,
    subjects: &[Subject],
) -> Result<Vec<Delivery>, StorageError> {
    let Some(first) = subjects.first() else { return Ok(Vec::new()) };
    let ids: Vec<_> = subjects.iter().filter(|one| one.kind == first.kind).map(|one| one.id).collect();
    let sql = format!(
        "SELECT * FROM deliveries WHERE workspace_id = $1 AND subject_kind = $2 AND subject_id IN ({})",
        placeholders(3, ids.len())
    );
    let values = [text(workspace), text(first.kind.name())].into_iter().chain(ids.iter().map(text)).collect();
    let mut deliveries: Vec<Delivery> =
        all(on, &sql, values).await?.iter().map(read).collect::<Result<_, _>>()?;
    deliveries.sort_by_key(|delivery| (delivery.subject, delivery.kind));
    Ok(deliveries)
}

/// Deliveries in a state, the latest changed first: the error inbox asks for the failed ones.
pub async fn in_state(
    on: &impl Session,
    workspace: WorkspaceId,
    state: DeliveryState,
    limit: u32,
) -> Result<Vec<Delivery>, StorageError> {
    let sql = "SELECT * FROM deliveries WHERE workspace_id = $1 AND state = $2
        ORDER BY updated_at DESC, delivery_id LIMIT $3";
    let rows = all(on, sql, vec![text(workspace), text(state.name()), i64::from(limit).into()]).await?;
    rows.iter().map(read).collect()
}

/// How many deliveries are in each state.
pub async fn count_by_state(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<Vec<(DeliveryState, i64)>, StorageError> {
    let sql =
        "SELECT state, CAST(COUNT(*) AS BIGINT) AS n FROM deliveries WHERE workspace_id = $1 GROUP BY state";
    let rows = all(on, sql, vec![text(workspace)]).await?;
    rows.iter().map(|row| Ok((row.word(TABLE, "state", DeliveryState::from_name)?, row.get("n")?))).collect()
}

/// How many deliveries came into each state in each quarter of an hour since a moment, as they stand now.
pub async fn settled_since(
    on: &impl Session,
    workspace: WorkspaceId,
    since: Timestamp,
) -> Result<Vec<(DeliveryState, Timestamp, i64)>, StorageError> {
    const QUARTER_HOUR: i64 = 15 * 60 * 1_000_000;
    let sql = format!(
        "SELECT state, updated_at / {QUARTER_HOUR} AS quarter, CAST(COUNT(*) AS BIGINT) AS n FROM deliveries
        WHERE workspace_id = $1 AND updated_at >= $2 GROUP BY state, updated_at / {QUARTER_HOUR}"
    );
    let rows = all(on, &sql, vec![text(workspace), time(since)]).await?;
    rows.iter()
        .map(|row| {
            let quarter: i64 = row.get("quarter")?;
            let at = Timestamp::from_microseconds(quarter * QUARTER_HOUR);
            Ok((row.word(TABLE, "state", DeliveryState::from_name)?, at, row.get("n")?))
        })
        .collect()
}

/// How many deliveries of all workspaces are in each state, for those who watch the server.
pub async fn count_everywhere(on: &impl Session) -> Result<Vec<(DeliveryState, i64)>, StorageError> {
    let sql = "SELECT state, CAST(COUNT(*) AS BIGINT) AS n FROM deliveries GROUP BY state";
    let rows = all(on, sql, Vec::new()).await?;
    rows.iter().map(|row| Ok((row.word(TABLE, "state", DeliveryState::from_name)?, row.get("n")?))).collect()
}

/// Makes every waiting delivery wait for the connection (C6); those of one batch that hold an open attempt keep it.
pub async fn hold_all(
    on: &crate::Write,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<u64, StorageError> {
    let sql =
        "UPDATE deliveries SET state = 'held', updated_at = $2 WHERE workspace_id = $1 AND state = 'due'";
    execute(on, sql, vec![text(workspace), time(now)]).await
}

/// Lets held deliveries go on after the connection came back (C6).
pub async fn resume_all(
    on: &crate::Write,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<u64, StorageError> {
    let sql =
        "UPDATE deliveries SET state = 'due', updated_at = $2 WHERE workspace_id = $1 AND state = 'held'";
    execute(on, sql, vec![text(workspace), time(now)]).await
}

/// Cancels what a subject has not begun to write; begun writes are found out about first.
pub async fn cancel_waiting(
    on: &crate::Write,
    workspace: WorkspaceId,
    subject: Subject,
    now: Timestamp,
) -> Result<u64, StorageError> {
    let sql = "UPDATE deliveries SET state = 'cancelled', updated_at = $4
        WHERE workspace_id = $1 AND subject_kind = $2 AND subject_id = $3
            AND state IN ('due', 'held') AND open_attempt IS NULL";
    let values = vec![text(workspace), text(subject.kind.name()), text(subject.id), time(now)];
    execute(on, sql, values).await
}

/// When the next delivery of any connected workspace is due.
pub async fn next_due(on: &impl Session) -> Result<Option<Timestamp>, StorageError> {
    // One look into the index a lane and state; a join would read every delivery there ever was.
    let sql = "SELECT MIN(waiting.due_at) AS due_at FROM (
            SELECT (SELECT MIN(due_at) FROM deliveries
                WHERE deliveries.workspace_id = org_leases.workspace_id AND deliveries.state = 'due') AS due_at FROM org_leases
            UNION ALL
            SELECT (SELECT MIN(due_at) FROM deliveries
                WHERE deliveries.workspace_id = org_leases.workspace_id AND deliveries.state = 'held') FROM org_leases
        ) AS waiting";
    one(on, sql, Vec::new()).await?.map_or(Ok(None), |row| row.optional_time("due_at"))
}

pub(crate) fn read(row: &Row) -> Result<Delivery, StorageError> {
    let attempts: i64 = row.get("attempts")?;
    Ok(Delivery {
        id: row.parse(TABLE, "delivery_id")?,
        subject: subject(TABLE, row)?,
        kind: row.word(TABLE, "kind", DeliveryKind::from_name)?,
        state: row.word(TABLE, "state", DeliveryState::from_name)?,
        due_at: row.time("due_at")?,
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        open_attempt: row.optional_json(TABLE, "open_attempt")?,
        records: row.json(TABLE, "records")?,
        dropped_fields: row.json(TABLE, "dropped_fields")?,
        search_until: row.optional_time("search_until")?,
        explanation: row.json(TABLE, "explanation")?,
        error_code: row.get("error_code")?,
        retry_singly: row.get("retry_singly")?,
        allow_duplicates: row.get("allow_duplicates")?,
        exclusive_key: row.get("exclusive_key")?,
        after_delivery: match row.get::<Option<String>>("after_delivery")? {
            Some(_) => Some(row.parse(TABLE, "after_delivery")?),
            None => None,
        },
    })
}

/// Reads the two columns that name a subject.
fn subject(table: &'static str, row: &Row) -> Result<Subject, StorageError> {
    let kind = row.word(table, "subject_kind", SubjectKind::from_name)?;
    Ok(Subject { kind, id: row.parse(table, "subject_id")? })
}
