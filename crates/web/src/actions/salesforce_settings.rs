//! Saving what bookings do in Salesforce, as the console and the API both do it (K1–K4, K9).

use crate::state::AppState;
use domain::delivery::SalesforceSettings;
use domain::value::{Step, WorkspaceId};
use storage::StorageError;
use storage::workspace::{audit, settings};

/// Saves settings that were checked.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    checked: &SalesforceSettings,
    actor: &str,
) -> Result<(), StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    settings::save(&write, workspace, checked, now).await?;
    audit::record(&write, workspace, actor, &Step::new("settings-saved"), now).await?;
    write.commit().await
}
