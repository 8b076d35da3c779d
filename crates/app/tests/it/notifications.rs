//! Notifications by Slack and email, once per event (N1).

use crate::harness::{LOG_FILE, TIMEOUT, TestSystem};
use crate::mail_server::MailServer;
use crate::slack_server::{SECRET, SlackServer};
use serde_json::{Value, json};
use std::time::Duration;
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        failed_sync_notifies_slack_and_email,
        rejected_slack_message_is_retried_after_restart,
        failures_of_one_cause_are_grouped_in_one_message,
        disconnect_and_low_api_limit_notify,
        notification_settings_are_validated_and_channels_tested
    );
}

const PUBLIC_URL: &str = "https://booking.example.com";

/// A world whose server may post to Slack's stand-in and send mails.
async fn begin(kind: Kind, speed: f64, seconds: u32, slack: &SlackServer, mail: &str) -> TestSystem {
    let settings = [
        ("TSUGITE_ALLOWED_HOSTS", slack.origin().to_owned()),
        ("TSUGITE_SMTP_URL", mail.to_owned()),
        ("TSUGITE_SMTP_FROM", "継手 <tsugite@booking.example.com>".to_owned()),
        ("TSUGITE_PUBLIC_URL", PUBLIC_URL.to_owned()),
    ];
    TestSystem::begin_with_settings(kind, speed, seconds, &settings).await
}

async fn save(world: &TestSystem, settings: Value) -> Value {
    let (status, body) = world.server.put("/settings/notifications", &settings).await;
    assert_eq!(status, 200, "{body:#}");
    body
}

/// Waits for a number of posts and gives their texts.
async fn posts(slack: &SlackServer, count: usize) -> Vec<String> {
    wait(|| slack.texts().len() >= count).await;
    slack.texts()
}

async fn wait(wished: impl Fn() -> bool) {
    let until = tokio::time::Instant::now() + TIMEOUT;
    while !wished() {
        assert!(tokio::time::Instant::now() < until, "it never happened");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Every message, once none is on its way any more.
async fn messages(world: &TestSystem) -> Vec<Value> {
    let over = |body: &Value| {
        body["notifications"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| !matches!(one["state"].as_str(), Some("waiting" | "sending" | "retrying")))
    };
    world.server.wait_for("/notifications", over).await["notifications"].as_array().unwrap().clone()
}

/// Lets a refresh fail, for a reason that only the org knows.
async fn fail_a_sync(world: &TestSystem) {
    let chosen = json!({ "lead": ["LastName"] });
    assert_eq!(world.server.put("/synced-fields", &chosen).await.0, 200);
    let refusal = json!({ "kind": "status", "status": 400, "code": "INVALID_QUERY_LOCATOR",
        "message": "<!channel> & <b>", "path": "/query", "times": 100 });
    world.org.control("faults", &refusal).await;
    let (status, body) = world.server.post("/synced-fields/sync", &json!({})).await;
    assert_eq!(status, 202, "{body:#}");
}

async fn failed_sync_notifies_slack_and_email(kind: Kind) {
    let (slack, mail) = (SlackServer::start().await, MailServer::start().await);
    let log = tempfile::NamedTempFile::new().unwrap();
    let settings = [
        ("TSUGITE_ALLOWED_HOSTS", slack.origin().to_owned()),
        ("TSUGITE_SMTP_URL", format!("smtp://tsugite%40booking.example.com:right@{}", mail.address)),
        ("TSUGITE_PUBLIC_URL", PUBLIC_URL.to_owned()),
        ("TSUGITE_LOG", "trace".to_owned()),
        (LOG_FILE, log.path().display().to_string()),
    ];
    let world = TestSystem::begin_with_settings(kind, 1.0, 20, &settings).await;
    world.server.add_account("owner@tsugite.example", "owner").await;
    world.server.add_account("admin@tsugite.example", "admin").await;
    world.server.add_account("editor@tsugite.example", "editor").await;
    let saved = save(&world, json!({ "slack": { "webhook_url": slack.webhook() } })).await;
    let shown = saved["slack"]["webhook_url"].as_str().unwrap().to_owned();
    assert!(!shown.contains(SECRET) && shown.ends_with("1x9z"), "{shown}");

    fail_a_sync(&world).await;
    let texts = posts(&slack, 1).await;
    for part in [
        "*【Tsugite】main：同期・取り込みに失敗した*",
        "Salesforceから取得できませんでした",
        "&lt;!channel&gt; &amp; &lt;b&gt;",
        "手動で実行いただくか",
        "<https://booking.example.com/console/synced-fields|管理画面で確認する>",
    ] {
        assert!(texts[0].contains(part), "{part} is not in {}", texts[0]);
    }
    let mails = mail.wait_for(2).await;
    let mut to: Vec<&str> = mails.iter().map(|mail| mail["to"][0].as_str().unwrap()).collect();
    to.sort_unstable();
    assert_eq!(to, ["admin@tsugite.example", "owner@tsugite.example"], "nobody was named: owners and admins");
    let letter = &mails[0];
    assert_eq!(letter["subject"], "【Tsugite】main：同期・取り込みに失敗した");
    assert_eq!(
        (&letter["from"], &letter["user"]),
        (&json!("tsugite@booking.example.com"), &json!("tsugite@booking.example.com"))
    );
    let (text, html) = (letter["text"].as_str().unwrap(), letter["html"].as_str().unwrap());
    for part in [
        "理由：Salesforceから取得できませんでした",
        "<!channel> & <b>",
        "https://booking.example.com/console/synced-fields",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(
        html.contains("<html lang=\"ja\">") && html.contains("&lt;!channel&gt; &amp; &lt;b&gt;"),
        "{html}"
    );
    assert!(html.contains("href=\"https://booking.example.com/console/synced-fields\""), "{html}");
    assert_eq!(letter["headers"]["auto-submitted"], "Auto-Submitted: auto-generated");
    assert_ne!(mails[0]["id"], mails[1]["id"]);

    let told = messages(&world).await;
    let states: Vec<&Value> = told.iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["sent", "sent", "sent"]);
    let mut mailed = told.iter().filter(|one| one["channel"] == "email");
    assert!(mailed.all(|one| one["answer_text"].as_str().unwrap().contains("250")), "{told:#?}");
    let other = world.server.other_workspace().await;
    let (_, body) =
        world.server.post_as(&other, "/settings/notifications/test", &json!({ "channel": "slack" })).await;
    assert_eq!((&body["sent"], &body["results"][0]["code"]), (&json!(false), &json!("channel-no-webhook")));

    // Neither answers nor the most talkative log give the secrets away.
    for path in ["/settings/notifications", "/notifications"] {
        assert!(!world.server.get(path).await.1.to_string().contains(SECRET), "{path}");
    }
    let log = std::fs::read_to_string(log.path()).unwrap();
    assert!(log.len() > 1_000, "the log is there");
    assert!(!log.contains(SECRET), "the webhook stands in the log");
    assert!(
        !log.contains(":right@") && !log.contains("\"right\""),
        "the mail server's password stands in the log"
    );
}

async fn rejected_slack_message_is_retried_after_restart(kind: Kind) {
    let (slack, mail) = (SlackServer::start().await, MailServer::start().await);
    // An hour passes in a minute, and a short time-out makes leases short.
    let mut world = begin(kind, 60.0, 2, &slack, &format!("smtp://{}", mail.address)).await;
    let settings = json!({ "slack": { "webhook_url": slack.webhook() }, "email": { "addresses": ["it@tsugite.example"] } });
    save(&world, settings).await;
    slack.refuse(Some((500, "server_error")));
    mail.refuse("it@tsugite.example", 451, "4.3.2 try again later", 2).await;
    fail_a_sync(&world).await;
    wait(|| slack.refused() >= 2).await;
    let waiting = |body: &Value| {
        let of_slack = body["notifications"].as_array().unwrap().iter().find(|one| one["channel"] == "slack");
        of_slack.is_some_and(|one| one["answer"]["data"]["said"] == "500 server_error")
    };
    world.server.wait_for("/notifications", waiting).await;
    world.server.kill_and_restart().await;
    assert!(slack.texts().is_empty());
    slack.refuse(None);
    let told = messages(&world).await;
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told.iter().all(|one| one["state"] == "sent"), "{told:#?}");
    assert_eq!(slack.texts().len(), 1, "nothing is lost, and nothing was told twice");
    assert_eq!(mail.mails().await.len(), 1);
}

async fn failures_of_one_cause_are_grouped_in_one_message(kind: Kind) {
    let (slack, mail) = (SlackServer::start().await, MailServer::start().await);
    let world = begin(kind, 60.0, 20, &slack, &format!("smtp://{}", mail.address)).await;
    let settings = json!({ "slack": { "webhook_url": slack.webhook() }, "language": "en",
        "email": { "addresses": ["it@tsugite.example"], "events": ["connection-released"] } });
    save(&world, settings).await;
    world.settings(json!({ "todo": { "enabled": true, "lag_minutes": 0 } })).await;
    world.page(json!({ "salesforce": { "create_lead": true } })).await;
    let rule = json!({ "object": "Lead", "when": { "field": "LastName", "operator": "!=", "value": "" }, "message": "no" });
    world.org.control("schema", &json!({ "validation_rules": [rule] })).await;
    for slot in 0..30 {
        world.book(slot, &format!("{slot}@many.example"), json!({})).await;
    }
    let until = tokio::time::Instant::now() + TIMEOUT;
    while world.server.deliveries("failed").await < 30 {
        assert!(tokio::time::Instant::now() < until, "the deliveries never failed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let told = messages(&world).await;
    let counted: i64 = told.iter().map(|one| one["count"].as_i64().unwrap()).sum();
    assert_eq!(counted, 30, "each is counted once: {told:#?}");
    let texts = slack.texts();
    assert!(texts.len() <= 4 && texts.len() == told.len(), "one in five minutes, not thirty: {texts:#?}");
    assert!(
        texts.iter().any(|text| text.contains("with the same cause") && text.contains("/console/errors|")),
        "{texts:#?}"
    );
    assert!(mail.mails().await.is_empty(), "this event does not go by mail");
}

/// C6 and C9: both are told by every channel, the limit once a day.
async fn disconnect_and_low_api_limit_notify(kind: Kind) {
    let (slack, mail) = (SlackServer::start().await, MailServer::start().await);
    let world = begin(kind, 1.0, 20, &slack, &format!("smtp://{}", mail.address)).await;
    let settings = json!({ "slack": { "webhook_url": slack.webhook() }, "email": { "addresses": ["it@tsugite.example"] } });
    save(&world, settings).await;
    world.settings(json!({ "todo": { "enabled": true, "lag_minutes": 0 } })).await;
    world.org.control("schema", &json!({ "limits": { "daily_api_requests": 100, "used": 85 } })).await;
    for slot in 0..3 {
        let booking = world.book(slot, &format!("{slot}@limit.example"), json!({})).await;
        world.settled(&booking).await;
    }
    let texts = posts(&slack, 1).await;
    assert!(
        texts[0].contains("APIコール数の残りが少なくなった") && texts[0].contains("/ 100回を使用"),
        "{}",
        texts[0]
    );
    world.org.control("schema", &json!({ "connected_app": { "active": false } })).await;
    world.org.control("faults", &json!({ "kind": "session_expired", "times": 1 })).await;
    world.book(9, "released@limit.example", json!({})).await;
    let texts = posts(&slack, 2).await;
    assert!(texts[1].contains("Salesforceとの連携が解除された"), "{}", texts[1]);
    let mails = mail.wait_for(2).await;
    assert!(mails.iter().any(|mail| mail["text"].as_str().unwrap().contains("/console/connection")));
    assert_eq!(messages(&world).await.len(), 4, "the limit was told once by each channel");
}

async fn notification_settings_are_validated_and_channels_tested(kind: Kind) {
    let (slack, mail) = (SlackServer::start().await, MailServer::start().await);
    let world = begin(kind, 1.0, 20, &slack, &format!("smtp://someone:wrong@{}", mail.address)).await;
    for (given, field, code) in [
        (
            json!({ "slack": { "webhook_url": "http://hooks.slack.com/services/T/B/x" } }),
            "slack.webhook_url",
            "not-a-slack-webhook",
        ),
        (
            json!({ "slack": { "webhook_url": "https://hooks.slack.com.evil.example/services/x" } }),
            "slack.webhook_url",
            "not-a-slack-webhook",
        ),
        (
            json!({ "slack": { "webhook_url": "https://x@hooks.slack.com/services/x" } }),
            "slack.webhook_url",
            "not-a-slack-webhook",
        ),
        (json!({ "email": { "addresses": ["a@example.com", "b@"] } }), "email.addresses[1]", "not-an-email"),
        (json!({ "in_app": { "events": ["everything"] } }), "in_app.events[0]", "not-an-option"),
        (json!({ "language": "fr" }), "language", "not-an-option"),
    ] {
        let (status, body) = world.server.put("/settings/notifications", &given).await;
        assert_eq!(status, 422, "{body:#}");
        assert_eq!(
            (&body["errors"][0]["field"], &body["errors"][0]["code"]),
            (&json!(field), &json!(code)),
            "{body:#}"
        );
    }
    let saved = save(
        &world,
        json!({ "slack": { "webhook_url": slack.webhook() }, "email": { "addresses": ["ａ＠example.com"] } }),
    )
    .await;
    assert_eq!(saved["email"]["addresses"], json!(["a@example.com"]));
    // What is told can be sent back, and the webhook stays.
    assert_eq!(save(&world, saved.clone()).await, saved);
    let test = async |channel: &str| {
        let (status, body) =
            world.server.post("/settings/notifications/test", &json!({ "channel": channel })).await;
        assert_eq!(status, 200, "{body:#}");
        body
    };
    let tried = test("slack").await;
    assert_eq!((&tried["sent"], slack.texts().len()), (&json!(true), 1), "{tried:#}");
    slack.refuse(Some((404, "no_service")));
    let tried = test("slack").await;
    assert!(tried["results"][0]["text"].as_str().unwrap().contains("404 no_service"), "{tried:#}");
    let tried = test("email").await;
    assert_eq!(tried["results"][0]["recipient"], "a@example.com");
    assert!(tried["results"][0]["text"].as_str().unwrap().contains("535 5.7.8"), "{tried:#}");
    assert_eq!(world.server.post("/settings/notifications/test", &json!({ "channel": "fax" })).await.0, 422);
    save(&world, json!({ "slack": { "webhook_url": "" } })).await;
    assert_eq!(world.server.get("/settings/notifications").await.1["slack"]["webhook_url"], Value::Null);
}
