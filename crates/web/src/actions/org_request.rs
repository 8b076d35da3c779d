//! Asking the engine, which alone talks to Salesforce, and waiting for its answer.

use crate::state::AppState;
use domain::value::WorkspaceId;
use std::time::Duration;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::{StorageError, org_request};

const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Puts a question and waits at most `patience` for the answer; `None` when it takes longer.
pub async fn request_and_wait(
    state: &AppState,
    workspace: WorkspaceId,
    question: &OrgRequest,
    patience: Duration,
) -> Result<Option<OrgResponse>, StorageError> {
    let write = state.database.write().await?;
    let inquiry = org_request::enqueue(&write, workspace, question, state.clock.now()).await?;
    write.commit().await?;
    state.database.wake_worker();
    let until = tokio::time::Instant::now() + patience;
    while tokio::time::Instant::now() < until {
        if let Some(answer) = org_request::answer(&state.database.read(), workspace, inquiry).await? {
            return Ok(Some(answer));
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
    Ok(None)
}
