//! Sending a mailing to one address, to look at it.

use crate::actions::mailing::compose::preview;
use crate::actions::org_request::request_and_wait;
use crate::state::AppState;
use domain::mailing::MailingContent;
use domain::people::Person;
use domain::value::{EmailAddress, Step, Timestamp, WorkspaceId};
use std::time::Duration;
use storage::StorageError;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::attempts::AttemptLimit;
use storage::workspace::{attempts, audit};

/// How often a workspace may send test mails: they go to any address.
const TESTS: AttemptLimit = AttemptLimit { free: 10, pause_seconds: 60, window_minutes: 60 };

/// What came of a test.
pub(crate) enum TestSent {
    /// The engine's answer; `None` if it did not come in time.
    Answered(Option<OrgResponse>),
    /// Too many were sent lately; the next one may be sent then.
    TooSoon(Timestamp),
}

/// Sends it, for a person or with sample values, and waits for the mail server's answer.
pub(crate) async fn send(
    state: &AppState,
    workspace: WorkspaceId,
    content: &MailingContent,
    (person, address): (Option<&Person>, &EmailAddress),
    (actor, timeout): (&str, Duration),
) -> Result<TestSent, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let wait = attempts::take(&write, &format!("test-mailing {workspace}"), TESTS, now).await?;
    if wait.is_none() {
        let step = Step::new("mailing-tested").with("name", &content.name).with("address", address);
        audit::record(&write, workspace, actor, &step, now).await?;
    }
    write.commit().await?;
    if let Some(allowed) = wait {
        return Ok(TestSent::TooSoon(allowed));
    }
    let (composed, filled) = preview(state, workspace, content, person).await?;
    let question = OrgRequest::TestMailing {
        composed: Box::new(composed),
        filled: Box::new(filled),
        address: address.to_string(),
    };
    request_and_wait(state, workspace, &question, timeout).await.map(TestSent::Answered)
}
