//! Saving what bookings do in Salesforce, as the console and the API both do it (K1–K4, K9).

use crate::state::AppState;
use domain::delivery::SalesforceSettings;
use domain::value::{Step, WorkspaceId};
use storage::StorageError;
use storage::workspace::{audit, settings};

/// Saves settings that were checked; `false` when someone else has saved them since they were `seen`.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    checked: &SalesforceSettings,
    seen: Option<&str>,
    actor: &str,
) -> Result<bool, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    if let Some(seen) = seen
        && settings::locked_version::<SalesforceSettings>(&write, workspace).await? != seen
    {
        return Ok(false);
    }
    settings::save(&write, workspace, checked, now).await?;
    audit::record(&write, workspace, actor, &Step::new("settings-saved"), now).await?;
    write.commit().await?;
    Ok(true)
}
