//! Saving who a workspace's mails come from.

use crate::actions::seen_version::Author;
use crate::state::AppState;
use domain::mailing::{MailSettings, check_mail_settings};
use domain::value::{FieldProblem, Step, WorkspaceId};
use storage::StorageError;
use storage::workspace::{audit, settings};

/// Saves the settings.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    given: MailSettings,
    author: Author<'_>,
) -> Result<Result<MailSettings, Vec<FieldProblem>>, StorageError> {
    let settings = match check_mail_settings(given) {
        Ok(settings) => settings,
        Err(problems) => return Ok(Err(problems)),
    };
    let now = state.clock.now();
    let write = state.database.write().await?;
    if let Some(problem) = author.conflict::<MailSettings>(&write, workspace).await? {
        return Ok(Err(vec![problem]));
    }
    settings::save(&write, workspace, &settings, now).await?;
    audit::record(&write, workspace, author.actor, &Step::new("mail-settings-saved"), now).await?;
    write.commit().await?;
    Ok(Ok(settings))
}
