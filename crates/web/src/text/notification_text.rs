//! The words of messages that leave the console (N1): what happened, what it means, what to do, and where.

use crate::text::translator::Translator;
use domain::delivery::Subject;
use domain::notification::{MessageContext, MessageText, Notice, NoticeKind, NotificationEvent};
use domain::run::RunKind;
use domain::value::Step;
use url::Url;

/// The words for an occasion, with a link to the console's page that is concerned.
pub fn message_text(public_url: &Url, occasion: &MessageContext) -> MessageText {
    let t = Translator::new(occasion.language, &occasion.time_zone);
    let event = occasion.notice.kind.event().map_or("test", NotificationEvent::name);
    let title = t.word("notification-event", event);
    let mut paragraphs = vec![t.render("notice", &occasion.notice.message)];
    paragraphs.extend(reason(&t, &occasion.notice.message));
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
        link: format!("{base}{}", address(&occasion.notice, occasion.count)),
        link_label: t.text("notification-open"),
        closing: t.fill("notification-closing", "workspace", &occasion.workspace),
    }
}

/// The console's page that a notice is about; several failed deliveries are seen together in the error inbox.
pub(crate) fn address(notice: &Notice, count: i64) -> String {
    if let Some(booking) = notice.subject.and_then(Subject::booking).filter(|_| count == 1) {
        return format!("/console/bookings/{booking}");
    }
    let page = match notice.kind {
        NoticeKind::EmailRefused => "bookings",
        NoticeKind::DeliveryFailed => "errors",
        NoticeKind::ConnectionReleased | NoticeKind::ApiLimitNear => "connection",
        NoticeKind::Run(RunKind::EngagementLists, _) => "engagement-lists",
        NoticeKind::Run(RunKind::SyncedFields, _) => "synced-fields",
        NoticeKind::Run(RunKind::CompanyImport, _) => "companies",
        NoticeKind::Run(RunKind::TagReconciliation, _) | NoticeKind::FormSilent => "tag",
        NoticeKind::Run(RunKind::PeopleSync, _) | NoticeKind::PeopleErrors => "people/sync",
        NoticeKind::Test => "notifications",
    };
    format!("/console/{page}")
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
