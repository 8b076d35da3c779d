//! Sending a mailing to one address, so that its author sees it before others do.

use crate::channel::smtp::SmtpConnection;
use crate::engine::Engine;
use crate::mailing::message::{Letter, write};
use domain::mailing::{ComposedMailing, FilledMailing, Reply};
use domain::notification::TestResult;
use domain::value::Step;
use storage::org_request::OrgResponse;

/// Sends it and tells what the server said.
pub(crate) async fn run(
    engine: &Engine,
    (composed, filled): (&ComposedMailing, &FilledMailing),
    address: &str,
) -> OrgResponse {
    let Some(server) = &engine.settings.mail else {
        return result(address, false, Step::new("channel-no-mail-server"));
    };
    let now = engine.clock.now();
    let id: uuid::Uuid = storage::ids::new(now);
    let (name, link) = (format!("test.{}", id.simple()), composed.link("test"));
    let letter = Letter { filled, to: address, name: &name, link: &link };
    let (Some(mail), Ok(to)) = (write(server.sender(), composed, &letter, now), address.parse()) else {
        let reason = Step::new("channel-refused").with("said", address);
        return result(address, false, reason);
    };
    let mut connection = SmtpConnection::new(server.smtp().clone());
    let handover = connection.send(&server.sender().email, &to, &mail.formatted(), || true).await;
    connection.close().await;
    let (sent, code, word) = match handover.reply {
        Reply::Accepted => (true, "channel-accepted", "said"),
        Reply::Refused { .. } => (false, "channel-refused", "said"),
        Reply::NotSent | Reply::Lost => (false, "channel-unreachable", "detail"),
    };
    result(address, sent, Step::new(code).with(word, handover.said))
}

fn result(address: &str, sent: bool, answer: Step) -> OrgResponse {
    let results = vec![TestResult { recipient: address.to_owned(), sent, answer }];
    OrgResponse::NotificationTested { results }
}
