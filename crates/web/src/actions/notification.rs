//! Saving who is told what, as the console and the API both do it (N1).

use crate::actions::seen_version::Author;
use crate::state::AppState;
use domain::notification::{Channel, NotificationInput, NotificationSettings, check_notifications};
use domain::value::{FieldProblem, Step, Timestamp, WorkspaceId};
use storage::StorageError;
use storage::notification::settings;
use storage::workspace::attempts::AttemptLimit;
use storage::workspace::{attempts, audit};

/// Checks the settings against the webhook that is kept, and saves them.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    given: &NotificationInput,
    author: Author<'_>,
) -> Result<Result<NotificationSettings, Vec<FieldProblem>>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    if let Some(conflict) = author.conflict::<NotificationSettings>(&write, workspace).await? {
        return Ok(Err(vec![conflict]));
    }
    let kept = settings::find(&write, workspace).await?.slack.webhook_url;
    let checked = check_notifications(given, kept.as_deref(), &state.settings.webhook_origins);
    let (settings, change) = match checked {
        Ok(checked) => checked,
        Err(problems) => return Ok(Err(problems)),
    };
    settings::save(&write, workspace, &settings, &change, now).await?;
    audit::record(&write, workspace, author.actor, &Step::new("notifications-saved"), now).await?;
    write.commit().await?;
    Ok(Ok(settings))
}

/// How often a workspace may send test messages: they go to whomever the settings name.
const TESTS: AttemptLimit = AttemptLimit { free: 5, pause_seconds: 60, window_minutes: 60 };

/// Counts a test message; when it comes too early, when the next one may be sent.
pub async fn take_test(
    state: &AppState,
    workspace: WorkspaceId,
    actor: &str,
    channel: Channel,
) -> Result<Option<Timestamp>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let wait = attempts::take(&write, &format!("test-message {workspace}"), TESTS, now).await?;
    if wait.is_none() {
        let step = Step::new("notification-tested").with("channel", channel.name());
        audit::record(&write, workspace, actor, &step, now).await?;
    }
    write.commit().await?;
    Ok(wait)
}
