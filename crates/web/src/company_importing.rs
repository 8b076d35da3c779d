//! Judging, saving and preparing the company import, as the console and the API both do it (Y1, Y8).

use crate::inquiry::ask_and_wait;
use crate::state::AppState;
use domain::company_import::CompanyImport;
use domain::explanation::Step;
use domain::id::WorkspaceId;
use domain::timestamp::Timestamp;
use std::time::Duration;
use storage::inquiries::{Answer, Question};
use storage::{StorageError, audit, settings};

/// What the org is asked about settings besides whether they fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
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
    wish: Wish,
    patience: Duration,
) -> Result<Option<Answer>, StorageError> {
    let Wish { add_fields, preview } = wish;
    ask_and_wait(state, workspace, &Question::CompanyImport { import, add_fields, preview }, patience).await
}

/// Saves settings that were judged. What was being prepared is done with.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    import: &CompanyImport,
    actor: &str,
) -> Result<(), StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    settings::save_company_import(&write, workspace, import, now).await?;
    record(&write, workspace, import, actor, now).await?;
    write.commit().await
}

async fn record(
    write: &storage::Write,
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
