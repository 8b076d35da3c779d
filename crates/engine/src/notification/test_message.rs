//! Sending a test message, so that people see what a channel says before they rely on it.

use crate::channel::send_error::SendError;
use crate::engine::Engine;
use crate::notification::send::{OutgoingMessage, send};
use domain::notification::{Channel, Notice, NoticeKind, TestResult};
use domain::value::{Step, WorkspaceId};
use storage::StorageError;
use storage::notification::{outbox, settings};
use storage::org_request::OrgResponse;

/// Sends to everybody who gets messages by the channel, one after the other.
pub(crate) async fn run(
    engine: &Engine,
    workspace: WorkspaceId,
    channel: Channel,
) -> Result<OrgResponse, StorageError> {
    let read = engine.database.read();
    let settings = settings::find(&read, workspace).await?;
    let recipients = match channel {
        Channel::Slack => {
            let language = outbox::language(&read, workspace, &settings).await?;
            vec![(String::new(), language)]
        }
        Channel::Email => {
            let found = outbox::recipients(&read, workspace, &settings).await?;
            found.into_iter().map(|(address, language)| (address.to_string(), language)).collect()
        }
    };
    let mut results = Vec::with_capacity(recipients.len());
    for (recipient, language) in recipients {
        let now = engine.clock.now();
        let reference: uuid::Uuid = storage::ids::new(now);
        let letter = OutgoingMessage {
            workspace,
            reference: reference.to_string(),
            channel,
            recipient: &recipient,
            language,
            notice: &Notice::new(NoticeKind::Test),
            count: 1,
            at: now,
        };
        let (sent, answer) = match send(engine, &letter).await {
            Ok(said) => (true, Step::new("channel-accepted").with("said", said)),
            Err(SendError::Storage(error)) => return Err(error),
            Err(error) => (false, error.step()),
        };
        results.push(TestResult { recipient, sent, answer });
    }
    Ok(OrgResponse::NotificationTested { results })
}
