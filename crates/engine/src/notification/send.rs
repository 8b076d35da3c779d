//! Sending one message by one channel, and what the channel said.

use crate::channel::slack;
use crate::engine::Engine;
use domain::notification::{Channel, MessageContext, Notice, SlackWebhook};
use domain::value::{Language, Step, Timestamp, WorkspaceId};
use secrecy::ExposeSecret as _;
use storage::StorageError;
use storage::notification::settings;
use storage::workspace::workspaces;

/// Characters of an answer that are kept.
const MAX_KEPT: usize = 300;

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

/// Why a channel has not taken a message.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    /// It answered, and not with yes.
    #[error("refused: {said}")]
    Refused {
        /// Its words.
        said: String,
        /// Trying again can't help.
        for_good: bool,
        /// The pause it asked for, in seconds.
        pause: Option<i64>,
    },
    /// There was no response, or it was truncated.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// The channel is not set up.
    #[error("not set up: {0:?}")]
    NotSetUp(Step),
    /// Our own database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl SendError {
    /// The reason as a step for people, under `step-{code}`.
    pub(crate) fn step(&self) -> Step {
        match self {
            Self::Refused { said, .. } => Step::new("channel-refused").with("said", said),
            Self::Unreachable(detail) => Step::new("channel-unreachable").with("detail", detail),
            Self::NotSetUp(step) => step.clone(),
            Self::Storage(_) => Step::new("run-storage"),
        }
    }
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

/// An answer's words on one line, not longer than people read.
pub(crate) fn excerpt(said: &str) -> String {
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_KEPT).collect()
}
