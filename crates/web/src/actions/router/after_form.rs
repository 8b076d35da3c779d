//! Deciding about whoever sent a form of ours: one decision for each submission (F1, G1).

use crate::actions::router::route::route;
use crate::state::AppState;
use domain::form::Submission;
use domain::router::{Facts, RoutingDecision};
use domain::value::{EmailAddress, RoutingDecisionId, WorkspaceId};
use storage::StorageError;
use storage::router::routers;

/// What the router decides; `None` if it is gone or decides nothing yet.
pub(crate) async fn decide(
    state: &AppState,
    workspace: WorkspaceId,
    router: &str,
    submission: &Submission,
) -> Result<Option<RoutingDecision>, StorageError> {
    let found = routers::find_by_slug(&state.database.read(), workspace, router).await?;
    let Some(router) = found else { return Ok(None) };
    let facts = Facts {
        email: submission.email.clone(),
        answers: submission.answers.clone(),
        url: submission.page_url.clone(),
        language: submission.language.tag().to_owned(),
        // The same person goes the same way at a split, whatever is sent.
        visitor: submission.email.as_ref().map_or_else(|| submission.id.to_string(), EmailAddress::key),
        ..Facts::default()
    };
    route(state, workspace, &router, facts, Some(RoutingDecisionId(submission.id.0))).await
}
