//! Sending one message by one channel, and what the channel said.

use crate::channel::send_error::SendError;
use crate::channel::slack;
use crate::engine::Engine;
use domain::notification::{Channel, MessageContext, Notice, SlackWebhook};
use domain::value::{Language, Step, Timestamp, WorkspaceId};
use secrecy::ExposeSecret as _;
use storage::notification::settings;
use storage::workspace::workspaces;

/// A message to one recipient.
pub(crate) struct OutgoingMessage<'a> {
    /// Whose.
    pub(crate) workspace: WorkspaceId,
    /// Stable across attempts: gives a stable Message-ID for threading.
    pub(crate) reference: String,
    /// By which channel.
    pub(crate) channel: Channel,
    /// To which address; empty for Slack.
    pub(crate) recipient: &'a str,
    /// In which language.
    pub(crate) language: Language,
    /// What happened.
    pub(crate) notice: &'a Notice,
    /// How many alike.
    pub(crate) count: i64,
    /// When the first of them happened.
    pub(crate) at: Timestamp,
}

/// Sends it and gives what the channel said.
pub(crate) async fn send(engine: &Engine, letter: &OutgoingMessage<'_>) -> Result<String, SendError> {
    let read = engine.database.read();
    let workspace = workspaces::find(&read, letter.workspace).await?;
    let occasion = MessageContext {
        workspace: workspace.as_ref().map(|found| found.name.clone()).unwrap_or_default(),
        time_zone: workspace.map(|found| found.time_zone).unwrap_or_default(),
        language: letter.language,
        notice: letter.notice.clone(),
        count: letter.count,
        at: letter.at,
    };
    let wording = engine.settings.writer.render(&occasion);
    match letter.channel {
        Channel::Slack => {
            let Some(url) = settings::webhook(read, letter.workspace).await? else {
                return Err(SendError::NotSetUp(Step::new("channel-no-webhook")));
            };
            let webhook = SlackWebhook::parse(url.expose_secret(), &engine.settings.webhook_origins)
                .map_err(|_| SendError::NotSetUp(Step::new("channel-webhook-not-allowed")))?;
            slack::post(&engine.http, &webhook, &wording).await
        }
        Channel::Email => match &engine.settings.mail {
            Some(server) => {
                let patience = engine.settings.request_timeout;
                let sent = server.send(letter.recipient, &letter.reference, &wording, engine.clock.now());
                tokio::time::timeout(patience, sent)
                    .await
                    .unwrap_or_else(|_| Err(SendError::Unreachable(format!("{} s", patience.as_secs()))))
            }
            None => Err(SendError::NotSetUp(Step::new("channel-no-mail-server"))),
        },
    }
}
