//! Saving what bookings do in Salesforce, as the console and the API both do it (K1–K4, K9).

use crate::actions::seen_version::Author;
use crate::state::AppState;
use domain::delivery::SalesforceSettings;
use domain::value::{FieldProblem, Step, WorkspaceId};
use storage::StorageError;
use storage::workspace::{audit, settings};

/// Saves settings that were checked, unless someone else has saved others since they were seen.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    checked: &SalesforceSettings,
    author: Author<'_>,
) -> Result<Option<FieldProblem>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    if let Some(conflict) = author.conflict::<SalesforceSettings>(&write, workspace).await? {
        return Ok(Some(conflict));
    }
    settings::save(&write, workspace, checked, now).await?;
    audit::record(&write, workspace, author.actor, &Step::new("settings-saved"), now).await?;
    write.commit().await?;
    Ok(None)
}
