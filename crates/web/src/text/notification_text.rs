//! The words of messages that leave the console (N1): what happened, what it means, what to do, and where.

use crate::text::translator::Translator;
use domain::notification::{MessageContext, MessageText, NotificationEvent};
use domain::value::Step;
use url::Url;

/// The words for an occasion, with a link to the console's page that is concerned.
pub fn message_text(public_url: &Url, occasion: &MessageContext) -> MessageText {
    let t = Translator::new(occasion.language, &occasion.time_zone);
    let event = NotificationEvent::of(&occasion.message).map_or("test", NotificationEvent::name);
    let title = t.word("notification-event", event);
    let mut paragraphs = vec![t.render("notice", &occasion.message)];
    paragraphs.extend(reason(&t, &occasion.message));
    if occasion.count > 1 {
        paragraphs.push(t.fill("notification-count", "count", occasion.count));
    }
    paragraphs.push(t.word("notification-meaning", event));
    paragraphs.push(t.word("notification-remedy", event));
    paragraphs.push(t.fill("notification-when", "when", t.date_time(occasion.at)));
    let base = public_url.as_str().trim_end_matches('/');
    MessageText {
        language: occasion.language,
        subject: t
            .sentence("notification-subject", [("workspace", occasion.workspace.clone()), ("event", title)]),
        paragraphs,
        link: format!("{base}{}", address(&occasion.message, occasion.count)),
        link_label: t.text("notification-open"),
        closing: t.fill("notification-closing", "workspace", &occasion.workspace),
    }
}

/// The console's page that a message is about; several failed deliveries are seen together in the error inbox.
pub(crate) fn address(message: &Step, count: i64) -> String {
    let booking = message.data.get("booking").filter(|_| count == 1);
    let begins = |word: &str| message.code.starts_with(word);
    match booking {
        Some(booking) => format!("/console/bookings/{booking}"),
        None if begins("delivery") => "/console/errors".to_owned(),
        None if begins("connection") || begins("api-limit") => "/console/connection".to_owned(),
        None if begins("lists") => "/console/engagement-lists".to_owned(),
        None if begins("sync") => "/console/synced-fields".to_owned(),
        None if begins("import") => "/console/companies".to_owned(),
        None if begins("notification") => "/console/notifications".to_owned(),
        None => "/console/notices".to_owned(),
    }
}

/// A run that failed names its reason by a step of its own.
fn reason(t: &Translator, message: &Step) -> Option<String> {
    let code = message.data.get("reason")?;
    let told = t.step(&Step { code: code.clone(), data: message.data.clone() });
    // Other messages name a reason too, which is a word and not a step.
    if told == format!("step-{code}") {
        return None;
    }
    Some(t.fill("notification-reason", "reason", told))
}
