//! Failed deliveries that someone decided to leave as they are; they no longer call for attention.

use crate::database::statements::{Row, Session, all, execute, one, placeholders, text, time};
use crate::delivery::deliveries;
use crate::error::StorageError;
use crate::list::{Conditions, Page, Select, Sort, contains};
use domain::delivery::{Delivery, DeliveryKind, DeliveryState};
use domain::list::{Direction, Position};
use domain::value::{DeliveryId, Timestamp, WorkspaceId};

const IGNORED: &str =
    "delivery_id IN (SELECT delivery_id FROM ignored_deliveries WHERE ignored_deliveries.workspace_id = $1)";
const NOT_IGNORED: &str = "delivery_id NOT IN (SELECT delivery_id FROM ignored_deliveries WHERE ignored_deliveries.workspace_id = $1)";

/// Which deliveries that went wrong a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedFilter {
    /// In which state: failed, or held until there is a connection.
    pub state: DeliveryState,
    /// Those that are ignored, and not those that aren't.
    pub ignored: bool,
    /// What is searched for in their bookings; empty for nothing.
    pub search: String,
    /// Only those with this cause: an error code.
    pub cause: Option<String>,
    /// Only those of a kind.
    pub kind: Option<DeliveryKind>,
}

/// A page of the deliveries that a filter lets through.
pub async fn select(
    on: &impl Session,
    workspace: WorkspaceId,
    filter: &FailedFilter,
    direction: Direction,
    position: &Position,
    limit: u32,
) -> Result<Page<Delivery>, StorageError> {
    let mut all = Conditions::of(workspace);
    all.and("state = ?", [text(filter.state.name())]);
    all.and(if filter.ignored { IGNORED } else { NOT_IGNORED }, []);
    if !filter.search.is_empty() {
        let sql = "subject_kind = 'booking' AND subject_id IN (SELECT booking_id FROM bookings
            WHERE bookings.workspace_id = $1 AND search_key LIKE ? ESCAPE '!')";
        all.and(sql, [contains(&filter.search)]);
    }
    if let Some(cause) = &filter.cause {
        all.and("COALESCE(error_code, 'unknown') = ?", [text(cause)]);
    }
    if let Some(kind) = filter.kind {
        all.and("kind = ?", [text(kind.name())]);
    }
    let sort = Sort::Number("updated_at");
    let select = Select { table: "deliveries", id: "delivery_id", sort, direction };
    select.page(on, &all, position, limit, deliveries::read).await
}

/// What went wrong for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The error code.
    pub code: String,
    /// How many deliveries.
    pub count: i64,
    /// The latest of them.
    pub latest: DeliveryId,
}

/// The causes of what failed and is not ignored, the most frequent first.
pub async fn causes(
    on: &impl Session,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<Cause>, StorageError> {
    let sql = format!(
        "SELECT COALESCE(error_code, 'unknown') AS code, CAST(COUNT(*) AS BIGINT) AS n, MAX(delivery_id) AS latest
        FROM deliveries WHERE workspace_id = $1 AND state = 'failed' AND {NOT_IGNORED}
        GROUP BY COALESCE(error_code, 'unknown') ORDER BY n DESC, code LIMIT $2"
    );
    let rows = all(on, &sql, vec![text(workspace), i64::from(limit).into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Cause {
                code: row.get("code")?,
                count: row.get("n")?,
                latest: row.parse("deliveries", "latest")?,
            })
        })
        .collect()
}

/// How many deliveries failed and are not ignored.
pub async fn count_open(on: &impl Session, workspace: WorkspaceId) -> Result<i64, StorageError> {
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM deliveries
        WHERE workspace_id = $1 AND state = 'failed' AND {NOT_IGNORED}"
    );
    one(on, &sql, vec![text(workspace)]).await?.map_or(Ok(0), |row| row.get("n"))
}

/// The failed deliveries with a cause that are not ignored.
pub async fn of_cause(
    on: &impl Session,
    workspace: WorkspaceId,
    cause: &str,
    limit: u32,
) -> Result<Vec<DeliveryId>, StorageError> {
    let sql = format!(
        "SELECT delivery_id FROM deliveries WHERE workspace_id = $1 AND state = 'failed'
            AND COALESCE(error_code, 'unknown') = $2 AND {NOT_IGNORED} ORDER BY delivery_id LIMIT $3"
    );
    let rows = all(on, &sql, vec![text(workspace), text(cause), i64::from(limit).into()]).await?;
    rows.iter().map(read_id).collect()
}

/// Ignores failed deliveries; others are left out.
pub async fn ignore(
    on: &crate::Write,
    workspace: WorkspaceId,
    deliveries: &[DeliveryId],
    by: &str,
    now: Timestamp,
) -> Result<u64, StorageError> {
    if deliveries.is_empty() {
        return Ok(0);
    }
    let sql = format!(
        "INSERT INTO ignored_deliveries (workspace_id, delivery_id, ignored_by, ignored_at)
        SELECT workspace_id, delivery_id, CAST($2 AS TEXT), CAST($3 AS BIGINT) FROM deliveries
            WHERE workspace_id = $1 AND state = 'failed' AND delivery_id IN ({})
        ON CONFLICT (workspace_id, delivery_id) DO NOTHING",
        placeholders(4, deliveries.len())
    );
    let ids = deliveries.iter().map(text);
    execute(on, &sql, [text(workspace), text(by), time(now)].into_iter().chain(ids).collect()).await
}

/// Takes deliveries out of those that are ignored: they are tried again, or someone thought better of it.
pub async fn reopen(
    on: &crate::Write,
    workspace: WorkspaceId,
    deliveries: &[DeliveryId],
) -> Result<u64, StorageError> {
    if deliveries.is_empty() {
        return Ok(0);
    }
    let sql = format!(
        "DELETE FROM ignored_deliveries WHERE workspace_id = $1 AND delivery_id IN ({})",
        placeholders(2, deliveries.len())
    );
    execute(on, &sql, std::iter::once(text(workspace)).chain(deliveries.iter().map(text)).collect()).await
}

/// Takes back what was ignored at one moment.
pub async fn reopen_ignored_at(
    on: &crate::Write,
    workspace: WorkspaceId,
    at: Timestamp,
) -> Result<u64, StorageError> {
    let sql = "DELETE FROM ignored_deliveries WHERE workspace_id = $1 AND ignored_at = $2";
    execute(on, sql, vec![text(workspace), time(at)]).await
}

fn read_id(row: &Row) -> Result<DeliveryId, StorageError> {
    row.parse("ignored_deliveries", "delivery_id")
}
