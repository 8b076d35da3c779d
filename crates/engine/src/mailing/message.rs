//! A mailing as the mail that goes to one person.

use domain::mailing::{ComposedMailing, FilledMailing};
use domain::value::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use std::time::{Duration, SystemTime};

/// What distinguishes one mail from the others of a mailing.
pub(crate) struct Letter<'a> {
    /// What it says.
    pub(crate) filled: &'a FilledMailing,
    /// To whom it goes.
    pub(crate) to: &'a str,
    /// The part of its `Message-ID` before the `@`.
    pub(crate) name: &'a str,
    /// The link by which its reader refuses further mails.
    pub(crate) link: &'a str,
}

/// The whole mail; `None` if an address can't be used.
pub(crate) fn write(
    sender: &Mailbox,
    mailing: &ComposedMailing,
    letter: &Letter<'_>,
    now: Timestamp,
) -> Option<Message> {
    let name = Some(mailing.sender_name.clone()).filter(|name| !name.is_empty());
    let from = Mailbox::new(name, sender.email.clone());
    let seconds = Duration::from_secs(u64::try_from(now.seconds()).unwrap_or(0));
    let mut builder = Message::builder()
        .from(from)
        .to(letter.to.parse().ok()?)
        .subject(&letter.filled.subject)
        .date(SystemTime::UNIX_EPOCH + seconds)
        .message_id(Some(format!("<{}@{}>", letter.name, sender.email.domain())))
        .raw_header(on_one_line("List-Unsubscribe", &unsubscribe(mailing, letter.link)))
        .raw_header(on_one_line("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        .raw_header(on_one_line("Precedence", "bulk"))
        .raw_header(on_one_line("Content-Language", mailing.language.tag()));
    if let Ok(reply_to) = mailing.reply_to.parse() {
        builder = builder.reply_to(reply_to);
    }
    let (text, html) = (letter.filled.text.clone(), letter.filled.html.clone());
    let written = if html.is_empty() {
        builder.singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(text))
    } else {
        builder.multipart(MultiPart::alternative_plain_html(text, html))
    };
    written.ok()
}

/// Both ways to refuse (RFC 2369, RFC 8058).
fn unsubscribe(mailing: &ComposedMailing, link: &str) -> String {
    if mailing.unsubscribe_address.is_empty() {
        return format!("<{link}>");
    }
    format!("<{link}>, <mailto:{}?subject=unsubscribe>", mailing.unsubscribe_address)
}

/// Folded headers of this kind have broken signatures of relays.
fn on_one_line(name: &'static str, value: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.to_owned(), value.to_owned())
}
