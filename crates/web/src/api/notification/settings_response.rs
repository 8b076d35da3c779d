//! The notification settings as the API shows them.

use crate::api::value::{Email, LanguageWord, NotificationEventWord};
use domain::notification::{
    EmailSettings, InAppSettings, NotificationEvent, NotificationSettings, SlackSettings,
};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Which events go to whom, by which channel. A part that is left out of a request gets its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(default)]
#[schema(as = NotificationSettings)]
pub struct NotificationSettingsResponse {
    /// What goes to Slack.
    slack: SlackResponse,
    /// What goes by email.
    email: EmailResponse,
    /// What is shown in the console.
    in_app: InAppResponse,
    /// The language of Slack and of addresses without an account; the workspace's if null.
    language: Option<LanguageWord>,
}

/// What goes to Slack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(default)]
#[schema(as = SlackSettings)]
pub struct SlackResponse {
    /// The incoming webhook, masked; null if there is none. An empty one in a request removes it.
    #[schema(example = "https://hooks.slack.com/…abcd")]
    webhook_url: Option<String>,
    /// Which events.
    events: Vec<NotificationEventWord>,
}

/// What goes by email.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(default)]
#[schema(as = EmailSettings)]
pub struct EmailResponse {
    /// To whom; to owners and admins if empty.
    addresses: Vec<Email>,
    /// Which events.
    events: Vec<NotificationEventWord>,
}

/// What is shown in the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(default)]
#[schema(as = InAppSettings)]
pub struct InAppResponse {
    /// Which events.
    events: Vec<NotificationEventWord>,
}

impl From<NotificationSettings> for NotificationSettingsResponse {
    fn from(settings: NotificationSettings) -> Self {
        Self {
            slack: settings.slack.into(),
            email: settings.email.into(),
            in_app: settings.in_app.into(),
            language: settings.language.map(LanguageWord::from),
        }
    }
}

impl From<SlackSettings> for SlackResponse {
    fn from(slack: SlackSettings) -> Self {
        Self { webhook_url: slack.webhook_url, events: words(slack.events) }
    }
}

impl From<EmailSettings> for EmailResponse {
    fn from(email: EmailSettings) -> Self {
        Self { addresses: email.addresses.iter().map(Email::from).collect(), events: words(email.events) }
    }
}

impl From<InAppSettings> for InAppResponse {
    fn from(in_app: InAppSettings) -> Self {
        Self { events: words(in_app.events) }
    }
}

fn words(events: BTreeSet<NotificationEvent>) -> Vec<NotificationEventWord> {
    events.into_iter().map(NotificationEventWord::from).collect()
}

impl Default for NotificationSettingsResponse {
    fn default() -> Self {
        NotificationSettings::default().into()
    }
}

impl Default for SlackResponse {
    fn default() -> Self {
        SlackSettings::default().into()
    }
}

impl Default for EmailResponse {
    fn default() -> Self {
        EmailSettings::default().into()
    }
}

impl Default for InAppResponse {
    fn default() -> Self {
        InAppSettings::default().into()
    }
}
