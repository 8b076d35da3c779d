//! Copying a router's draft into a new router.

use crate::actions::router::routers::{RouterInput, save};
use crate::state::AppState;
use domain::router::Router;
use domain::value::{FieldProblem, WorkspaceId};
use storage::StorageError;

/// Addresses that are tried for a copy: `inbound-copy`, `inbound-copy-2` and so on.
const MAX_TRIES: u32 = 50;
/// Characters of the former address that the copy's keeps.
const KEPT: usize = 48;

/// Makes a router with the same draft under a name; it decides nothing until it is published.
pub(crate) async fn copy(
    state: &AppState,
    workspace: WorkspaceId,
    router: &Router,
    name: &str,
    actor: &str,
) -> Result<Result<Router, Vec<FieldProblem>>, StorageError> {
    let base: String = router.slug.chars().take(KEPT).collect();
    let base = base.trim_end_matches('-');
    let mut problems = Vec::new();
    for number in 1..=MAX_TRIES {
        let slug = if number == 1 { format!("{base}-copy") } else { format!("{base}-copy-{number}") };
        let input = RouterInput { slug, name: name.to_owned(), chart: router.draft.clone() };
        match save(state, workspace, None, input, actor).await? {
            Ok(copied) => return Ok(Ok(copied)),
            Err(found) if found.iter().all(|problem| problem.code == "taken") => problems = found,
            Err(found) => return Ok(Err(found)),
        }
    }
    Ok(Err(problems))
}
