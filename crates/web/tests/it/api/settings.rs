//! The workspace's settings: what bookings do in Salesforce, who is notified, the visitor tag.

use crate::api::caller::{Caller, faults};
use crate::support::Server;
use domain::notification::{Channel, Notice, NoticeKind, TestResult};
use domain::value::Step;
use serde_json::{Value, json};
use storage::notification::inbox;
use storage::org_request::{OrgRequest, OrgResponse};

#[tokio::test]
async fn salesforce_settings_are_replaced_and_returned() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let (status, defaults) = caller.get("/settings/salesforce").await;
    assert_eq!((status, &defaults["search_order"]), (200, &json!("lead_first")));
    let settings = json!({
        "todo": { "enabled": true, "lag_minutes": 0, "subject": "{{name}} 様", "comment": "" },
        "campaign": { "enabled": true, "campaign_id": "701000000000001" },
        "search_order": "contact_first",
        "rescue": { "enabled": true, "every_minutes": 5, "for_hours": 48 },
    });
    let (status, saved) = caller.put("/settings/salesforce", &settings).await;
    assert_eq!(status, 200, "{saved:#}");
    assert_eq!(saved["campaign"]["campaign_id"], "701000000000001AAA", "15 characters become 18");
    assert_eq!((&saved["todo"], &saved["rescue"]), (&settings["todo"], &settings["rescue"]));
    assert_eq!(caller.get("/settings/salesforce").await, (200, saved));
    let (_, back) = caller.put("/settings/salesforce", &json!({})).await;
    assert_eq!(back, defaults, "what is left out has its default");
    let other = server.caller_of(server.other_workspace().await).await;
    assert_eq!(other.get("/settings/salesforce").await.1, defaults);
}

#[tokio::test]
async fn invalid_salesforce_settings_name_their_fields() {
    let server = Server::start().await;
    let caller = server.caller().await;
    for (settings, field, code) in [
        (json!({ "todo": { "lag_minutes": 11 } }), "todo.lag_minutes", "out-of-range"),
        (json!({ "todo": { "subject": "" } }), "todo.subject", "required"),
        (json!({ "todo": { "subject": "x".repeat(256) } }), "todo.subject", "too-long"),
        (json!({ "todo": { "comment": "{{nmae}}" } }), "todo.comment", "unknown-placeholder"),
        (json!({ "campaign": { "enabled": true } }), "campaign.campaign_id", "required"),
        (json!({ "campaign": { "campaign_id": "701" } }), "campaign.campaign_id", "not-a-record-id"),
        (
            json!({ "campaign": { "campaign_id": "003000000000001" } }),
            "campaign.campaign_id",
            "not-a-campaign",
        ),
        (json!({ "rescue": { "every_minutes": 0 } }), "rescue.every_minutes", "out-of-range"),
        (json!({ "rescue": { "for_hours": 169 } }), "rescue.for_hours", "out-of-range"),
        (json!({ "search_order": "account_first" }), "search_order", "bad-body"),
        (json!({ "todo": { "lag_minutes": "3" } }), "todo.lag_minutes", "bad-body"),
    ] {
        let (status, problem) = caller.put("/settings/salesforce", &settings).await;
        assert_eq!(
            (status, faults(&problem)),
            (422, vec![(field.to_owned(), code.to_owned())]),
            "{settings}"
        );
    }
}

#[tokio::test]
async fn notification_settings_hide_the_webhook() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let (_, defaults) = caller.get("/settings/notifications").await;
    assert_eq!((&defaults["slack"]["webhook_url"], &defaults["language"]), (&Value::Null, &Value::Null));
    assert_eq!(defaults["in_app"]["events"].as_array().unwrap().len(), 8);
    let webhook = "https://hooks.slack.com/services/T000/B000/abcdefghijkl";
    let settings = json!({
        "slack": { "webhook_url": webhook, "events": ["delivery-failed"] },
        "email": { "addresses": ["Ops@demo.example", "ops@demo.example"], "events": [] },
        "language": "en",
    });
    let (status, saved) = caller.put("/settings/notifications", &settings).await;
    assert_eq!(status, 200, "{saved:#}");
    let masked = saved["slack"]["webhook_url"].as_str().unwrap();
    assert!(masked.starts_with("https://hooks.slack.com/") && !masked.contains("abcdefgh"), "{masked}");
    assert_eq!(saved["slack"]["events"], json!(["delivery-failed"]));
    assert_eq!(
        saved["email"],
        json!({ "addresses": ["Ops@demo.example"], "events": [] }),
        "each address once"
    );
    assert_eq!(caller.get("/settings/notifications").await, (200, saved.clone()));
    let (_, kept) =
        caller.put("/settings/notifications", &json!({ "slack": { "webhook_url": masked } })).await;
    assert_eq!(kept["slack"]["webhook_url"], masked, "the masked one stands for the one there is");
    let (_, removed) =
        caller.put("/settings/notifications", &json!({ "slack": { "webhook_url": "" } })).await;
    assert_eq!(removed["slack"]["webhook_url"], Value::Null);
}

#[tokio::test]
async fn invalid_notification_settings_name_their_fields() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let many: Vec<String> = (0..51).map(|number| format!("ops{number}@demo.example")).collect();
    for (settings, field, code) in [
        (
            json!({ "slack": { "webhook_url": "https://evil.example/x" } }),
            "slack.webhook_url",
            "not-a-slack-webhook",
        ),
        (json!({ "slack": { "events": ["everything"] } }), "slack.events[0]", "not-an-option"),
        (json!({ "email": { "addresses": ["x@y.example", ""] } }), "email.addresses[1]", "required"),
        (json!({ "email": { "addresses": ["x"] } }), "email.addresses[0]", "not-an-email"),
        (json!({ "email": { "addresses": many } }), "email.addresses", "too-many"),
        (json!({ "in_app": { "events": ["sync-failed", "x"] } }), "in_app.events[1]", "not-an-option"),
        (json!({ "language": "fr" }), "language", "not-an-option"),
    ] {
        let (status, problem) = caller.put("/settings/notifications", &settings).await;
        assert_eq!(
            (status, faults(&problem)),
            (422, vec![(field.to_owned(), code.to_owned())]),
            "{settings}"
        );
    }
}

#[tokio::test]
async fn channel_test_returns_a_result_for_each_recipient() {
    let server = Server::start().await;
    let result = |recipient: &str, sent, code: &str| TestResult {
        recipient: recipient.to_owned(),
        sent,
        answer: Step::new(code).with("status", 550).with("detail", "unknown user"),
    };
    for (language, results, all) in [
        (
            "en",
            vec![result("a@x.example", true, "mail-sent"), result("b@x.example", false, "mail-refused")],
            false,
        ),
        ("ja", vec![result("a@x.example", true, "mail-sent")], true),
        ("en", Vec::new(), false),
    ] {
        let caller = Caller { language, ..server.caller().await };
        let answer = |question: &OrgRequest| {
            assert_eq!(*question, OrgRequest::TestNotification { channel: Channel::Email });
            OrgResponse::NotificationTested { results: results.clone() }
        };
        let body = json!({ "channel": "email" });
        let (status, found) = caller.answered("post", "/settings/notifications/test", &body, answer).await;
        assert_eq!((status, &found["sent"]), (200, &json!(all)));
        assert_eq!(found["results"].as_array().unwrap().len(), results.len());
    }
    let caller = server.caller().await;
    let (status, problem) = caller.post("/settings/notifications/test", &json!({ "channel": "fax" })).await;
    assert_eq!((status, faults(&problem)), (422, vec![("channel".to_owned(), "not-an-option".to_owned())]));
    let failed = |_: &OrgRequest| OrgResponse::Failed { reason: Step::new("storage") };
    let body = json!({ "channel": "slack" });
    assert_eq!(caller.answered("post", "/settings/notifications/test", &body, failed).await.0, 502);
}

#[tokio::test]
async fn outgoing_messages_are_listed_in_the_callers_language() {
    let server = Server::start().await;
    let english = server.caller().await;
    let settings = json!({ "email": { "addresses": ["ops@demo.example"], "events": ["delivery-failed"] } });
    assert_eq!(english.put("/settings/notifications", &settings).await.0, 200);
    let now = server.state.clock.now();
    let write = server.state.database.write().await.unwrap();
    let failed =
        Notice::new(NoticeKind::DeliveryFailed).with("kind", "todo").with("code", "X").with("booking", "x");
    inbox::publish(&write, server.workspace, &failed, now).await.unwrap();
    write.commit().await.unwrap();
    let (status, list) = english.get("/notifications").await;
    let message = &list["notifications"][0];
    assert_eq!((status, &message["recipient"]), (200, &json!("ops@demo.example")), "{list:#}");
    assert_eq!((&message["channel"], &message["state"]), (&json!("email"), &json!("waiting")));
    assert_eq!((&message["message"]["code"], &message["answer"]), (&json!("delivery-failed"), &Value::Null));
    let japanese = Caller { language: "ja", ..server.caller().await };
    let (_, in_japanese) = japanese.get("/notifications").await;
    assert_ne!(in_japanese["notifications"][0]["text"], message["text"]);
}

#[tokio::test]
async fn visitor_tag_excludes_the_lists_tag() {
    let server = Server::start().await;
    let caller = server.caller().await;
    assert_eq!(caller.get("/settings/visitor-tag").await, (200, json!({ "enabled": false })));
    for enabled in [true, true, false, false] {
        let switch = json!({ "enabled": enabled });
        assert_eq!(caller.put("/settings/visitor-tag", &switch).await, (200, switch.clone()));
        assert_eq!(caller.get("/settings/visitor-tag").await, (200, switch));
    }
    let write = server.state.database.write().await.unwrap();
    assert!(storage::tag::keys::switch_on(&write, server.workspace, domain::tag::Tag::List).await.unwrap());
    write.commit().await.unwrap();
    for (language, text) in [("ja", "Account Engagement"), ("en", "Account Engagement")] {
        let caller = Caller { language, ..server.caller().await };
        let (status, problem) = caller.put("/settings/visitor-tag", &json!({ "enabled": true })).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("enabled")));
        assert!(problem["errors"][0]["message"].as_str().unwrap().contains(text), "{problem:#}");
    }
}
