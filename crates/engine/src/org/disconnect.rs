//! Disconnects an org whose connection Salesforce no longer accepts (C6).

use crate::engine::Engine;
use domain::notification::{Notice, NoticeKind};
use domain::value::{Step, WorkspaceId};
use storage::StorageError;
use storage::delivery::deliveries;
use storage::notification::inbox;
use storage::org::connections;
use storage::queue::org_lease;
use storage::workspace::audit;

/// Deletes the credentials, stops processing and tells the admins. Settings stay; what is due waits, held.
///
/// Nothing happens when someone has connected again since the token of `version` was read.
pub(crate) async fn release(
    engine: &Engine,
    workspace: WorkspaceId,
    version: i64,
    reason: &str,
) -> Result<(), StorageError> {
    let now = engine.clock.now();
    let write = engine.database.write().await?;
    // The lane first, as the worker does: two that take both in different order wait for each other.
    org_lease::close(&write, workspace).await?;
    if !connections::remove_refused(&write, workspace, version).await? {
        return Ok(());
    }
    deliveries::hold_all(&write, workspace, now).await?;
    let step = Step::new("connection-released").with("reason", "token-refused").with("detail", reason);
    let notice =
        Notice::new(NoticeKind::ConnectionReleased).with("reason", "token-refused").with("detail", reason);
    inbox::publish(&write, workspace, &notice, now).await?;
    audit::record(&write, workspace, "system", &step, now).await?;
    write.commit().await
}
