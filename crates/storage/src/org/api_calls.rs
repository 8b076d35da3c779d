//! How many Salesforce API calls each feature used, per day (C9).

use crate::database::statements::{Session, all, execute, text};
use crate::error::StorageError;
use domain::value::WorkspaceId;

/// Counts calls for a feature on a day (`2026-05-22`).
pub async fn count(
    on: &impl Session,
    workspace: WorkspaceId,
    day: &str,
    feature: &str,
    calls: u32,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO api_usage (workspace_id, day, feature, calls) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, day, feature) DO UPDATE SET calls = api_usage.calls + excluded.calls";
    execute(on, sql, vec![text(workspace), text(day), text(feature), i64::from(calls).into()]).await.map(drop)
}

/// The calls of a day by feature, the busiest first.
pub async fn of_day(
    on: &impl Session,
    workspace: WorkspaceId,
    day: &str,
) -> Result<Vec<(String, i64)>, StorageError> {
    let sql = "SELECT feature, calls FROM api_usage WHERE workspace_id = $1 AND day = $2 ORDER BY calls DESC, feature";
    let rows = all(on, sql, vec![text(workspace), text(day)]).await?;
    rows.iter().map(|row| Ok((row.get("feature")?, row.get("calls")?))).collect()
}
