//! Which events go to whom (N1), and Slack's webhook, which is a secret and kept encrypted.

use crate::database::pool::{Read, Write};
use crate::database::statements::Session;
use crate::error::StorageError;
use crate::workspace::settings;
use crate::workspace::settings::Setting;
use domain::notification::{NotificationSettings, WebhookChange};
use domain::value::{Timestamp, WorkspaceId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

impl Setting for NotificationSettings {
    const NAME: &'static str = "notifications";
}

/// Slack's webhook, if there is one, encrypted.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
struct SealedWebhook(Option<String>);

impl Setting for SealedWebhook {
    const NAME: &'static str = "slack_webhook";
}

/// The settings; the defaults when nothing was saved.
pub async fn find(on: &impl Session, workspace: WorkspaceId) -> Result<NotificationSettings, StorageError> {
    settings::find(on, workspace).await
}

/// Saves them, and does to the webhook what was decided.
pub async fn save(
    on: &Write,
    workspace: WorkspaceId,
    settings: &NotificationSettings,
    webhook: &WebhookChange,
    now: Timestamp,
) -> Result<(), StorageError> {
    settings::save(on, workspace, settings, now).await?;
    match webhook {
        WebhookChange::Keep => Ok(()),
        WebhookChange::Remove => settings::forget::<SealedWebhook>(on, workspace).await,
        WebhookChange::Set(webhook) => {
            let sealed = on.vault().seal(&secret_context(workspace), webhook.expose().as_str())?;
            settings::save(on, workspace, &SealedWebhook(Some(sealed)), now).await
        }
    }
}

/// The webhook's address, to call it.
pub async fn webhook(on: Read<'_>, workspace: WorkspaceId) -> Result<Option<SecretString>, StorageError> {
    let SealedWebhook(sealed) = settings::find(&on, workspace).await?;
    sealed.map(|sealed| on.vault().open(&secret_context(workspace), &sealed)).transpose()
}

/// What is sealed for one workspace can't be opened as another's.
fn secret_context(workspace: WorkspaceId) -> String {
    format!("settings/{workspace}/{}", SealedWebhook::NAME)
}
