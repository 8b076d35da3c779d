//! The tag of a customer's page: the text to paste, and which of two tags is on (E4).

use crate::state::AppState;
use domain::tag::{Tag, other_tag_is_on};
use domain::value::{FieldProblem, Step, WorkspaceId};
use storage::StorageError;
use storage::tag::keys;
use storage::workspace::audit;

/// Switches the visitor tag (Web接客タグ) on or off; refused while the lists' tag is on.
pub(crate) async fn switch_visitor_tag(
    state: &AppState,
    workspace: WorkspaceId,
    enabled: bool,
    actor: &str,
) -> Result<Result<(), FieldProblem>, StorageError> {
    let write = state.database.write().await?;
    let step = if enabled {
        if !keys::switch_on(&write, workspace, Tag::Visitor).await? {
            return Ok(Err(other_tag_is_on(Tag::Visitor, "enabled")));
        }
        Step::new("visitor-tag-on")
    } else {
        keys::switch_off(&write, workspace, Tag::Visitor).await?;
        Step::new("visitor-tag-off")
    };
    audit::record(&write, workspace, actor, &step, state.clock.now()).await?;
    write.commit().await?;
    Ok(Ok(()))
}

/// The tag to paste.
pub(crate) fn text_to_paste(state: &AppState, key: &str) -> String {
    let base = state.settings.public_url.as_str().trim_end_matches('/');
    format!("<script async src=\"{base}/tag.js\" data-key=\"{key}\"></script>")
}
