//! The bell: unread messages by what they are about, so that a hundred of one cause are one line.

use crate::http::page_error::PageError;
use crate::text::notification_text::address;
use crate::text::translator::Translator;
use domain::notification::InboxMessage;
use domain::value::WorkspaceId;
use storage::Session;
use storage::notification::inbox;

/// Unread messages that are looked at.
const LOOKED_AT: u32 = 200;
/// Lines that are shown.
const LINES: usize = 6;

/// Messages of one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BellLine {
    /// The latest of them, told.
    pub text: String,
    /// When it came.
    pub when: String,
    /// How many there are.
    pub count: usize,
    /// Where to look.
    pub address: String,
}

/// The unread messages by cause, the latest first.
pub async fn lines(
    t: &Translator,
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<Vec<BellLine>, PageError> {
    let mut groups: Vec<(InboxMessage, usize)> = Vec::new();
    for message in inbox::unread(on, workspace, LOOKED_AT).await? {
        let same = |one: &InboxMessage| {
            one.notice.kind == message.notice.kind && one.notice.cause == message.notice.cause
        };
        match groups.iter_mut().find(|(latest, _)| same(latest)) {
            Some((_, count)) => *count += 1,
            None => groups.push((message, 1)),
        }
    }
    Ok(groups.into_iter().take(LINES).map(|(message, count)| line(t, &message, count)).collect())
}

fn line(t: &Translator, message: &InboxMessage, count: usize) -> BellLine {
    BellLine {
        text: t.render("notice", &message.notice.message),
        when: t.date_time(message.at),
        count,
        address: address(&message.notice, i64::try_from(count).unwrap_or(i64::MAX)),
    }
}
