//! Putting a router away: it keeps everything, but decides nothing and can't be published.

use crate::state::AppState;
use domain::router::Router;
use domain::value::{Step, WorkspaceId};
use storage::StorageError;
use storage::router::routers;
use storage::workspace::audit;

/// Puts a router away, or takes it out again.
pub(crate) async fn set_archived(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
    is_archived: bool,
    actor: &str,
) -> Result<(), StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    routers::set_archived(&write, workspace, router.id, is_archived.then_some(now)).await?;
    let code = if is_archived { "router-archived" } else { "router-unarchived" };
    audit::record(&write, workspace, actor, &Step::new(code).with("router", &router.slug), now).await?;
    write.commit().await
}
