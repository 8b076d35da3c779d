//! How many Salesforce API calls each feature used, per day (C9).

use crate::database::statements::{Session, all, execute, text};
use crate::error::StorageError;
use domain::run::ApiFeature;
use domain::value::{Timestamp, WorkspaceId};

/// Counts calls for a feature on the day of `now`, in UTC as Salesforce counts.
pub async fn count(
    on: &impl Session,
    workspace: WorkspaceId,
    feature: ApiFeature,
    calls: u64,
    now: Timestamp,
) -> Result<(), StorageError> {
    if calls == 0 {
        return Ok(());
    }
    let day = now.to_jiff().strftime("%Y-%m-%d").to_string();
    let calls = i64::try_from(calls).unwrap_or(i64::MAX);
    let sql = "INSERT INTO api_usage (workspace_id, day, feature, calls) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, day, feature) DO UPDATE SET calls = api_usage.calls + excluded.calls";
    execute(on, sql, vec![text(workspace), text(day), text(feature.name()), calls.into()]).await.map(drop)
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

/// The calls of each day since one, by feature: day (`2026-05-22`), feature, calls.
pub async fn since(
    on: &impl Session,
    workspace: WorkspaceId,
    day: &str,
) -> Result<Vec<(String, String, i64)>, StorageError> {
    let sql = "SELECT day, feature, calls FROM api_usage WHERE workspace_id = $1 AND day >= $2 ORDER BY day";
    let rows = all(on, sql, vec![text(workspace), text(day)]).await?;
    rows.iter().map(|row| Ok((row.get("day")?, row.get("feature")?, row.get("calls")?))).collect()
}
