//! Who is notified of what, and when a message is retried (N1).

use domain::notification::{
    Channel, GROUP_SECONDS, MessageText, NotificationEvent, NotificationInput, SlackWebhook, WebhookChange,
    after_failure, check_notifications, group_of, limit_is_near,
};
use domain::value::{Language, Step, Timestamp};

const NOW: Timestamp = Timestamp::from_seconds(1_779_440_400);
const WEBHOOK: &str = "https://hooks.slack.com/services/T0001/B0001/abcdefghijklmnopqrstuvwx";

#[test]
fn step_codes_map_to_notification_events() {
    for (code, event) in [
        ("connection-released", Some(NotificationEvent::ConnectionReleased)),
        ("delivery-failed", Some(NotificationEvent::DeliveryFailed)),
        ("sync-failed", Some(NotificationEvent::SyncFailed)),
        ("sync-stopped", Some(NotificationEvent::SyncFailed)),
        ("company-import-failed", Some(NotificationEvent::SyncFailed)),
        ("company-import-finished", Some(NotificationEvent::SyncFinished)),
        ("sync-left-out", Some(NotificationEvent::SyncLeftOut)),
        ("api-limit-near", Some(NotificationEvent::ApiLimitNear)),
        ("something-else", None),
    ] {
        assert_eq!(NotificationEvent::of(&Step::new(code)), event, "{code}");
    }
    for event in NotificationEvent::ALL {
        assert_eq!(NotificationEvent::of(&Step::new(event.name())), Some(event));
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
    let failed = |code: &str| Step::new("delivery-failed").with("code", code).with("booking", code);
    assert_eq!(group_of(&failed("A")), group_of(&failed("A")));
    assert_ne!(group_of(&failed("A")), group_of(&failed("B")));
    assert_eq!(group_of(&Step::new("sync-failed")), None);
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
