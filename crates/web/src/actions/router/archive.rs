//! Putting a router away: it keeps everything, but decides nothing and can't be published.

use crate::actions::router::users::archive_problems;
use crate::state::AppState;
use domain::router::Router;
use domain::value::{FieldProblem, Step, WorkspaceId};
use storage::StorageError;
use storage::router::routers;
use storage::workspace::audit;

/// Puts a router away to which nothing leads visitors, or takes it out again.
pub(crate) async fn set_archived(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
    is_archived: bool,
    actor: &str,
) -> Result<Result<(), Vec<FieldProblem>>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    if is_archived {
        let problems = archive_problems(&write, workspace, router).await?;
        if !problems.is_empty() {
            return Ok(Err(problems));
        }
    }
    routers::set_archived(&write, workspace, router.id, is_archived.then_some(now)).await?;
    let code = if is_archived { "router-archived" } else { "router-unarchived" };
    audit::record(&write, workspace, actor, &Step::new(code).with("router", &router.slug), now).await?;
    write.commit().await?;
    Ok(Ok(()))
}
