//! Who is notified of what, and when a message is retried (N1).

use crate::support::delivery;
use domain::delivery::{Delivery, DeliveryKind};
use domain::notification::{
    Channel, GROUP_SECONDS, MessageText, Notice, NoticeKind, NotificationEvent, NotificationInput, RunNews,
    SlackWebhook, WebhookChange, after_failure, check_notifications, limit_is_near,
};
use domain::run::RunKind;
use domain::value::{Language, Timestamp};

const NOW: Timestamp = Timestamp::from_seconds(1_779_440_400);
const WEBHOOK: &str = "https://hooks.slack.com/services/T0001/B0001/abcdefghijklmnopqrstuvwx";

#[test]
fn notice_kind_decides_event() {
    use NotificationEvent as Event;
    for (name, event) in [
        ("connection-released", Some(Event::ConnectionReleased)),
        ("delivery-failed", Some(Event::DeliveryFailed)),
        ("sync-failed", Some(Event::SyncFailed)),
        ("sync-stopped", Some(Event::SyncFailed)),
        ("import-failed", Some(Event::SyncFailed)),
        ("import-finished", Some(Event::SyncFinished)),
        ("lists-finished", Some(Event::SyncFinished)),
        ("sync-left-out", Some(Event::SyncLeftOut)),
        ("api-limit-near", Some(Event::ApiLimitNear)),
        ("notification-test", None),
    ] {
        let kind = NoticeKind::from_name(name).unwrap_or_else(|| panic!("{name} is a kind"));
        assert_eq!(kind.event(), event, "{name}");
    }
    assert_eq!(NoticeKind::from_name("something-failed"), None);
}

#[test]
fn every_notice_kind_is_read_by_its_name() {
    for kind in NoticeKind::all() {
        assert_eq!(NoticeKind::from_name(&kind.name()), Some(kind));
    }
}

#[test]
fn only_slack_and_allowed_hosts_are_accepted() {
    let allowed = ["http://127.0.0.1:9000".parse().unwrap()];
    for (typed, good) in [
        (WEBHOOK, true),
        (" https://hooks.slack-gov.com/services/x ", true),
        ("http://127.0.0.1:9000/services/x", true),
        ("http://127.0.0.1:9001/services/x", false),
        ("http://hooks.slack.com/services/x", false),
        ("https://hooks.slack.com:8443/services/x", false),
        ("https://hooks.slack.com", false),
        ("https://hooks.slack.com.evil.example/services/x", false),
        ("https://evilhooks.slack.com/services/x", false),
        ("https://hooks.slack.com@evil.example/services/x", false),
        ("https://user:secret@hooks.slack.com/services/x", false),
        ("file:///etc/passwd", false),
        ("", false),
    ] {
        assert_eq!(SlackWebhook::parse(typed, &allowed).is_ok(), good, "{typed}");
    }
    let webhook = SlackWebhook::parse(WEBHOOK, &[]).unwrap();
    assert_eq!(webhook.masked(), "https://hooks.slack.com/…uvwx");
    assert!(!format!("{webhook:?}").contains("abcdef"));
    let short = SlackWebhook::parse("https://hooks.slack.com/services/short", &[]).unwrap();
    assert_eq!(short.masked(), "https://hooks.slack.com/…");
}

#[test]
fn webhook_is_kept_replaced_or_removed() {
    let mask = "https://hooks.slack.com/…uvwx";
    let checked = |webhook: Option<&str>, kept: Option<&str>| {
        let mut given = NotificationInput::default();
        given.slack.webhook_url = webhook.map(str::to_owned);
        check_notifications(&given, kept, &[]).unwrap()
    };
    for (typed, change, shown) in [
        (None, WebhookChange::Keep, Some(mask)),
        (Some(mask), WebhookChange::Keep, Some(mask)),
        (Some(" "), WebhookChange::Remove, None),
    ] {
        let (settings, done) = checked(typed, Some(mask));
        assert_eq!((done, settings.slack.webhook_url.as_deref()), (change, shown), "{typed:?}");
    }
    let (settings, change) = checked(Some(WEBHOOK), None);
    assert!(matches!(change, WebhookChange::Set(_)));
    assert!(settings.sends(Channel::Slack, NotificationEvent::SyncFailed));
    let (none, _) = checked(None, None);
    assert!(!none.sends(Channel::Slack, NotificationEvent::SyncFailed), "there is nowhere to send to");
    assert!(!none.sends(Channel::Email, NotificationEvent::SyncFinished));
}

#[test]
fn retry_delays_grow_and_end_after_a_day() {
    let next = |attempts, after, asked| {
        let now = NOW.plus_seconds(after);
        after_failure(attempts, NOW, now, asked).map(|at| at.seconds() - now.seconds())
    };
    assert_eq!(next(1, 0, None), Some(5));
    assert_eq!(next(2, 0, None), Some(10));
    assert_eq!(next(4, 0, None), Some(40));
    assert_eq!(next(30, 0, None), Some(3600));
    assert_eq!(next(1, 0, Some(30)), Some(30), "Slack asked for patience");
    assert_eq!(next(1, 0, Some(i64::MAX)), Some(3600));
    assert_eq!(next(30, 24 * 3600 - 1, None), Some(3600));
    assert_eq!(next(30, 24 * 3600, None), None);
}

#[test]
fn only_delivery_failures_are_grouped_by_cause() {
    let failed = |code: &str| {
        let delivery = Delivery { error_code: Some(code.to_owned()), ..delivery(DeliveryKind::Todo) };
        Notice::delivery_failed(&delivery).cause
    };
    assert_eq!(failed("A"), failed("A"));
    assert_ne!(failed("A"), failed("B"));
    assert_eq!(Notice::run(RunKind::SyncedFields, RunNews::Failed).cause, None);
    assert_eq!(GROUP_SECONDS, 300);
}

#[test]
fn eighty_percent_of_calls_is_near_limit() {
    assert!(!limit_is_near(80, 100));
    assert!(limit_is_near(81, 100));
    assert!(limit_is_near(i64::MAX, 1));
    assert!(!limit_is_near(0, 0));
}

#[test]
fn each_channel_formats_text() {
    let wording = MessageText {
        language: Language::English,
        subject: "a <b> & c".to_owned(),
        paragraphs: vec!["<!channel> \"x\"".to_owned(), "two\nlines".to_owned()],
        link: "https://booking.example.com/console?a=1&b=2".to_owned(),
        link_label: "Open".to_owned(),
        closing: "bye".to_owned(),
    };
    assert_eq!(
        wording.slack(),
        "*a &lt;b&gt; &amp; c*\n&lt;!channel&gt; \"x\"\ntwo\nlines\n<https://booking.example.com/console?a=1&b=2|Open>"
    );
    assert!(wording.plain().ends_with("Open:\nhttps://booking.example.com/console?a=1&b=2\n\n-- \nbye\n"));
    let html = wording.html();
    assert!(html.contains("<p>&lt;!channel&gt; &quot;x&quot;</p><p>two<br>lines</p>"), "{html}");
    assert!(html.contains("href=\"https://booking.example.com/console?a=1&amp;b=2\""), "{html}");
}
