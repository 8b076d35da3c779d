//! Which events go to whom, by which channel (通知設定).

use crate::notification::{Channel, NotificationEvent, SlackWebhook};
use crate::value::{EmailAddress, EmailError, FieldProblem, Language};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeSet;
use url::Url;

/// Addresses that mails may go to, at most.
pub const MAX_ADDRESSES: usize = 50;

/// The page's settings. The webhook itself is not among them: it is kept in the vault.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NotificationSettings {
    /// What goes to Slack.
    pub slack: SlackSettings,
    /// What goes by e-mail.
    pub email: EmailSettings,
    /// What is shown in the console.
    pub in_app: InAppSettings,
    /// The language of Slack and of addresses without an account; the workspace's when `None`.
    pub language: Option<Language>,
}

/// What goes to Slack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SlackSettings {
    /// What may be shown of the webhook that is kept; `None` when there is none.
    pub webhook_url: Option<String>,
    /// Which events.
    pub events: BTreeSet<NotificationEvent>,
}

/// What goes by e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmailSettings {
    /// To whom; the owners and admins when empty.
    pub addresses: Vec<EmailAddress>,
    /// Which events.
    pub events: BTreeSet<NotificationEvent>,
}

/// What is shown in the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InAppSettings {
    /// Which events.
    pub events: BTreeSet<NotificationEvent>,
}

impl Default for SlackSettings {
    fn default() -> Self {
        Self { webhook_url: None, events: NotificationEvent::ALL.into() }
    }
}

impl Default for EmailSettings {
    fn default() -> Self {
        let mut events = BTreeSet::from(NotificationEvent::ALL);
        events.remove(&NotificationEvent::SyncFinished);
        Self { addresses: Vec::new(), events }
    }
}

impl Default for InAppSettings {
    fn default() -> Self {
        Self { events: NotificationEvent::ALL.into() }
    }
}

impl NotificationSettings {
    /// Whether an event goes out by a channel.
    pub fn sends(&self, channel: Channel, event: NotificationEvent) -> bool {
        match channel {
            Channel::Slack => self.slack.webhook_url.is_some() && self.slack.events.contains(&event),
            Channel::Email => self.email.events.contains(&event),
        }
    }
}

/// The settings as they are given, before they are checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NotificationInput {
    /// What goes to Slack.
    pub slack: SlackInput,
    /// What goes by e-mail.
    pub email: EmailInput,
    /// What is shown in the console.
    pub in_app: EventsInput,
    /// The language's tag; the workspace's language when it is missing or empty.
    pub language: Option<String>,
}

/// What goes to Slack, as it is given.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SlackInput {
    /// A new webhook; missing or as it is shown to keep the one there is, empty to remove it.
    pub webhook_url: Option<String>,
    /// Which events; those of the default when missing.
    #[serde(deserialize_with = "given")]
    pub events: Option<Vec<String>>,
}

impl std::fmt::Debug for SlackInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SlackInput").field("events", &self.events).finish_non_exhaustive()
    }
}

/// What goes by e-mail, as it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EmailInput {
    /// To whom.
    pub addresses: Vec<String>,
    /// Which events; those of the default when missing.
    #[serde(deserialize_with = "given")]
    pub events: Option<Vec<String>>,
}

/// What is shown in the console, as it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventsInput {
    /// Which events; all of them when missing.
    #[serde(deserialize_with = "given")]
    pub events: Option<Vec<String>>,
}

/// A list that may be missing, but is not null where it is there.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<String>>, D::Error> {
    Vec::deserialize(from).map(Some)
}

/// What happens to the webhook that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookChange {
    /// It stays.
    Keep,
    /// It goes.
    Remove,
    /// Another one takes its place.
    Set(SlackWebhook),
}

/// Checks the settings. `kept` is what may be shown of the webhook there is; `allowed` are the origins besides
/// Slack's own that the operator allows.
///
/// # Errors
/// Every fault with its field: `slack.webhook_url`, `email.addresses[1]`, `slack.events[0]`, `language`.
pub fn check_notifications(
    given: &NotificationInput,
    kept: Option<&str>,
    allowed: &[Url],
) -> Result<(NotificationSettings, WebhookChange), Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let defaults = NotificationSettings::default();
    let change = webhook(given.slack.webhook_url.as_deref(), kept, allowed, &mut problems);
    let webhook_url = match &change {
        WebhookChange::Keep => kept.map(str::to_owned),
        WebhookChange::Remove => None,
        WebhookChange::Set(webhook) => Some(webhook.masked()),
    };
    let slack_events = events("slack", given.slack.events.as_deref(), &mut problems);
    let addresses = addresses(&given.email.addresses, &mut problems);
    let email_events = events("email", given.email.events.as_deref(), &mut problems);
    let shown_events = events("in_app", given.in_app.events.as_deref(), &mut problems);
    let tag = given.language.as_deref().map(str::trim).filter(|tag| !tag.is_empty());
    let language = tag.and_then(Language::from_tag);
    if let (Some(tag), None) = (tag, language) {
        problems.push(FieldProblem::new("language", "not-an-option").with("value", tag));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let settings = NotificationSettings {
        slack: SlackSettings { webhook_url, events: slack_events.unwrap_or(defaults.slack.events) },
        email: EmailSettings { addresses, events: email_events.unwrap_or(defaults.email.events) },
        in_app: InAppSettings { events: shown_events.unwrap_or(defaults.in_app.events) },
        language,
    };
    Ok((settings, change))
}

fn webhook(
    given: Option<&str>,
    kept: Option<&str>,
    allowed: &[Url],
    problems: &mut Vec<FieldProblem>,
) -> WebhookChange {
    let Some(typed) = given.map(str::trim).filter(|typed| Some(*typed) != kept) else {
        return WebhookChange::Keep;
    };
    if typed.is_empty() {
        return WebhookChange::Remove;
    }
    SlackWebhook::parse(typed, allowed).map_or_else(
        |_| {
            problems.push(FieldProblem::new("slack.webhook_url", "not-a-slack-webhook"));
            WebhookChange::Keep
        },
        WebhookChange::Set,
    )
}

fn addresses(given: &[String], problems: &mut Vec<FieldProblem>) -> Vec<EmailAddress> {
    if given.len() > MAX_ADDRESSES {
        problems.push(FieldProblem::new("email.addresses", "too-many").with("max", MAX_ADDRESSES));
        return Vec::new();
    }
    let mut read: Vec<EmailAddress> = Vec::new();
    for (place, typed) in given.iter().enumerate() {
        let name = format!("email.addresses[{place}]");
        match EmailAddress::parse(typed) {
            Ok(address) if read.iter().all(|one| one.key() != address.key()) => read.push(address),
            Ok(_) => {}
            Err(EmailError::Empty) => problems.push(FieldProblem::new(name, "required")),
            Err(EmailError::Malformed) => problems.push(FieldProblem::new(name, "not-an-email")),
            Err(EmailError::TooLong) => problems.push(FieldProblem::new(name, "email-too-long")),
        }
    }
    read
}

fn events(
    channel: &str,
    given: Option<&[String]>,
    problems: &mut Vec<FieldProblem>,
) -> Option<BTreeSet<NotificationEvent>> {
    let mut read = BTreeSet::new();
    for (place, name) in given?.iter().enumerate() {
        match NotificationEvent::parse(name) {
            Some(event) => drop(read.insert(event)),
            None => problems.push(
                FieldProblem::new(format!("{channel}.events[{place}]"), "not-an-option").with("value", name),
            ),
        }
    }
    Some(read)
}
