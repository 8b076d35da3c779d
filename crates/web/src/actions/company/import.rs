//! Judging, saving and preparing the company import, as the console and the API both do it (Y1, Y4, Y8).

use crate::actions::org_request::request_and_wait;
use crate::state::AppState;
use domain::company::CompanyImport;
use domain::run::{RunKind, RunTrigger};
use domain::value::{Step, Timestamp, WorkspaceId};
use std::time::Duration;
use storage::org::connections;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::run::{runs, schedules};
use storage::workspace::{audit, settings};
use storage::{StorageError, Write};

/// What the org is asked about settings besides whether they fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CheckOptions {
    /// Company fields are made for mappings that name one that isn't there.
    pub(crate) add_fields: bool,
    /// Records are counted and some of them fetched.
    pub(crate) preview: bool,
}

/// Asks the org about settings; nothing is saved. `None` when there is no answer in time.
pub(crate) async fn judge(
    state: &AppState,
    workspace: WorkspaceId,
    import: CompanyImport,
    wish: CheckOptions,
    patience: Duration,
) -> Result<Option<OrgResponse>, StorageError> {
    let CheckOptions { add_fields, preview } = wish;
    request_and_wait(state, workspace, &OrgRequest::CompanyImport { import, add_fields, preview }, patience)
        .await
}

/// Saves settings that were judged, and begins an import where they bring something else than before (Y4).
///
/// What was being prepared is done with; a run that went by the old settings is stopped.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    import: &CompanyImport,
    actor: &str,
) -> Result<(), StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let before = settings::find::<CompanyImport>(&write, workspace).await?;
    settings::save_company_import(&write, workspace, import, now).await?;
    record(&write, workspace, import, actor, now).await?;
    let goes_on = before.enabled && import.enabled && before.imports_same_records(import);
    if !goes_on {
        let reason = Step::new("run-settings-changed");
        runs::stop(&write, workspace, RunKind::CompanyImport, &reason, now).await?;
    }
    if import.enabled {
        let next = now.plus_minutes(60 * i64::from(import.every_hours));
        schedules::set(&write, workspace, RunKind::CompanyImport, next).await?;
        if !goes_on && connections::find(&write, workspace).await?.is_some() {
            runs::request(&write, workspace, RunKind::CompanyImport, RunTrigger::Manual, now).await?;
        }
    } else {
        schedules::clear(&write, workspace, RunKind::CompanyImport).await?;
    }
    write.commit().await?;
    state.database.wake_worker();
    Ok(())
}

async fn record(
    write: &Write,
    workspace: WorkspaceId,
    import: &CompanyImport,
    actor: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    let step = if import.enabled {
        Step::new("company-import-saved").with("object", import.object.name())
    } else {
        Step::new("company-import-stopped")
    };
    audit::record(write, workspace, actor, &step, now).await
}
