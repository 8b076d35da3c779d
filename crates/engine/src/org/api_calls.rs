//! Noting how much of the org's day is used, and telling people before it is all gone (C9).

use crate::engine::Engine;
use domain::notification::{Notice, NoticeKind, limit_is_near};
use domain::run::ApiFeature;
use domain::value::{Timestamp, WorkspaceId};
use salesforce::ApiUsage;
use storage::notification::inbox;
use storage::org::{api_calls, connections};
use storage::{StorageError, Write};

/// Keeps what the org told about its day; the first time in a day that little is left, people are told.
pub(crate) async fn add_calls(
    write: &Write,
    workspace: WorkspaceId,
    usage: ApiUsage,
    now: Timestamp,
) -> Result<(), StorageError> {
    let amount = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let usage = connections::ApiUsage { used: amount(usage.used), allowed: amount(usage.max), at: now };
    connections::note_api_usage(write, workspace, usage).await?;
    if !limit_is_near(usage.used, usage.allowed) {
        return Ok(());
    }
    let day = now.to_jiff().strftime("%Y-%m-%d").to_string();
    let notice =
        Notice::new(NoticeKind::ApiLimitNear).with("used", usage.used).with("allowed", usage.allowed);
    inbox::publish_once_a_day(write, workspace, &notice, &day, now).await
}

/// Counts calls that no delivery and no run has made, in a transaction of their own.
pub(crate) async fn count(
    engine: &Engine,
    workspace: WorkspaceId,
    feature: ApiFeature,
    calls: u64,
) -> Result<(), StorageError> {
    let write = engine.database.write().await?;
    api_calls::count(&write, workspace, feature, calls, engine.clock.now()).await?;
    write.commit().await
}
