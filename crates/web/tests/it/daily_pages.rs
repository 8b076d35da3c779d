//! What people do every day: retry deliveries, try a booking, set notifications, read the audit log.

use crate::signed_in::fill;
use crate::support::Server;
use axum::http::{StatusCode, header};
use domain::delivery::{DeliveryKind, DeliveryPlan, DeliveryState, FollowUp, Recovery, Write};
use domain::notification::TestResult;
use domain::value::{Language, Step};
use domain::workspace::Role;
use serde_json::json;
use storage::delivery::deliveries;
use storage::notification::settings;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::audit;

#[tokio::test]
async fn failed_deliveries_are_grouped_and_retried() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    for (language, title) in
        [(Language::Japanese, "REQUIRED_FIELD_MISSING"), (Language::English, "REQUIRED_FIELD_MISSING")]
    {
        let page = server.browser(Role::Editor, language).await.get("/console/errors").await;
        assert!(page.body.contains(title) && !page.body.contains("<script>alert"), "{}", page.body);
        assert!(page.body.contains(&format!("/console/bookings/{booking}")), "it leads to the booking");
    }
    let all = deliveries::of_subjects(&server.state.database.read(), server.workspace, &[booking.into()])
        .await
        .unwrap();
    let failed = all.iter().find(|one| one.state == DeliveryState::Failed).unwrap().id;
    let done = all.iter().find(|one| one.state == DeliveryState::Done).unwrap().id;
    let reader = server.browser(Role::Contributor, Language::Japanese).await;
    let forbidden = reader.post("/console/errors/retry", &[("delivery", &failed.to_string())]).await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
    let browser = server.browser(Role::Editor, Language::English).await;
    let (failed, done) = (failed.to_string(), done.to_string());
    let form = [("delivery", failed.as_str()), ("delivery", done.as_str()), ("delivery", "nonsense")];
    assert_eq!(browser.post("/console/errors/retry", &form).await.location(), "/console/errors?done=retried");
    let page = browser.get("/console/errors?done=retried").await;
    assert!(!page.body.contains("REQUIRED_FIELD_MISSING"), "{}", page.body);
    let all = deliveries::of_subjects(&server.state.database.read(), server.workspace, &[booking.into()])
        .await
        .unwrap();
    let state = |id: &str| all.iter().find(|one| one.id.to_string() == id).unwrap().state;
    assert_eq!(
        (state(&failed), state(&done)),
        (DeliveryState::Due, DeliveryState::Done),
        "what is done stays done"
    );
    let id = booking.to_string();
    let form = [("delivery", failed.as_str()), ("booking", id.as_str())];
    let back = browser.post("/console/errors/retry", &form).await;
    assert_eq!(back.location(), format!("/console/bookings/{booking}?done=retried"));
}

#[tokio::test]
async fn dry_run_shows_plans_or_problems() {
    let server = Server::start().await;
    fill(&server).await;
    let page = server.page.id.to_string();
    let good = [
        ("page", page.as_str()),
        ("email", "new@sample.example"),
        ("answers.size", "1-10"),
        ("answers.topic", ""),
    ];
    let fields = json!({ "LastName": "<script>alert(1)</script>" }).as_object().unwrap().clone();
    let plan = DeliveryPlan::new(
        vec![Write::create("Lead", fields, Recovery::Repeatable)],
        FollowUp::Finish,
        vec![Step::new("person-not-found").with("email", "new@sample.example")],
    );
    let plan = &plan;
    for language in [Language::Japanese, Language::English] {
        let browser = server.browser(Role::Contributor, language).await;
        let answer = |question: &OrgRequest| {
            let OrgRequest::DryRun { email, host: None, .. } = question else { panic!("{question:?}") };
            assert_eq!(email, "new@sample.example");
            OrgResponse::DryRun { plans: vec![(DeliveryKind::Page, plan.clone())] }
        };
        let reply = browser.post_answered("/console/dry-run", &good, answer).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert!(reply.body.contains("LastName") && !reply.body.contains("<script>alert"), "{}", reply.body);
        assert!(reply.body.contains("value=\"new@sample.example\""), "what was typed stays");
        for (name, value, field) in [("email", "new", "email"), ("answers.size", "1000", "answers-size")] {
            let form: Vec<_> =
                good.iter().map(|(known, old)| (*known, if *known == name { value } else { *old })).collect();
            let reply = browser.post("/console/dry-run", &form).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}");
            assert!(reply.body.contains(&format!("href=\"#in-{field}\"")), "{name}={value}: {}", reply.body);
        }
        for answer in [OrgResponse::NotConnected, OrgResponse::Failed { reason: Step::new("unavailable") }] {
            let reply = browser.post_answered("/console/dry-run", &good, |_| answer.clone()).await;
            assert!(reply.body.contains("role=\"alert\""), "{answer:?}: {}", reply.body);
        }
    }
}

#[tokio::test]
async fn notification_settings_are_saved_or_rejected_by_field() {
    let server = Server::start().await;
    let webhook = "https://hooks.slack.com/services/T000/B000/abcdefghijkl";
    let good = [
        ("slack.webhook_url", webhook),
        ("slack.events", "delivery-failed"),
        ("email.addresses", "ops@demo.example\n\n owner@demo.example "),
        ("email.events", "sync-failed"),
        ("in_app.events", "sync-finished"),
        ("language", "en"),
    ];
    let browser = server.browser(Role::Admin, Language::English).await;
    let saved = browser.post("/console/notifications", &good).await;
    assert_eq!(saved.location(), "/console/notifications?done=saved", "{}", saved.body);
    let page = browser.get("/console/notifications").await;
    assert!(!page.body.contains("abcdefghijkl"), "the webhook stays secret");
    let kept = settings::find(&server.state.database.read(), server.workspace).await.unwrap();
    assert_eq!(
        (kept.email.addresses.len(), kept.slack.events.len(), kept.language),
        (2, 1, Some(Language::English))
    );
    for language in [Language::Japanese, Language::English] {
        let browser = server.browser(Role::Owner, language).await;
        for (name, value, field) in [
            ("slack.webhook_url", "https://evil.example/x", "slack-webhook-url"),
            ("email.addresses", "ops@demo.example\nnobody", "email-addresses"),
            ("slack.events", "everything", "slack-events"),
            ("language", "fr", "language"),
        ] {
            let form: Vec<_> =
                good.iter().map(|(known, old)| (*known, if *known == name { value } else { *old })).collect();
            let reply = browser.post("/console/notifications", &form).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}");
            assert!(reply.body.contains(&format!("href=\"#in-{field}\"")), "{name}: {}", reply.body);
        }
    }
    let unchanged = settings::find(&server.state.database.read(), server.workspace).await.unwrap();
    assert_eq!(unchanged, kept);
}

#[tokio::test]
async fn channel_test_shows_each_recipient() {
    let server = Server::start().await;
    for language in [Language::Japanese, Language::English] {
        let browser = server.browser(Role::Admin, language).await;
        let answer = |_: &OrgRequest| OrgResponse::NotificationTested {
            results: vec![
                TestResult {
                    recipient: "a@x.example".to_owned(),
                    sent: true,
                    answer: Step::new("mail-sent"),
                },
                TestResult {
                    recipient: "b@x.example".to_owned(),
                    sent: false,
                    answer: Step::new("mail-refused")
                        .with("status", 550)
                        .with("detail", "<script>alert(1)</script>"),
                },
            ],
        };
        let reply =
            browser.post_answered("/console/notifications/test", &[("channel", "email")], answer).await;
        for text in ["a@x.example", "b@x.example", "✓", "✕"] {
            assert!(reply.body.contains(text), "{text}: {}", reply.body);
        }
        assert!(!reply.body.contains("<script>alert"), "escaped");
        let fail = |_: &OrgRequest| OrgResponse::Failed { reason: Step::new("storage") };
        let reply = browser.post_answered("/console/notifications/test", &[("channel", "slack")], fail).await;
        assert!(reply.body.contains("role=\"alert\""), "{}", reply.body);
        assert_eq!(
            browser.post("/console/notifications/test", &[("channel", "fax")]).await.status,
            StatusCode::NOT_FOUND
        );
        let editor = server.browser(Role::Editor, language).await;
        for path in ["/console/notifications", "/console/notifications/test"] {
            assert_eq!(
                editor.post(path, &[("channel", "email")]).await.status,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn audit_log_is_shown_and_exported_without_formulas() {
    let server = Server::start().await;
    let now = server.state.clock.now();
    let write = server.state.database.write().await.unwrap();
    for actor in ["=HYPERLINK(\"http://evil.example\")", "api", "+1", "owner@demo.example"] {
        let step = Step::new("api-key-made").with("name", "say \"hello\", <b>you</b>");
        audit::record(&write, server.workspace, actor, &step, now).await.unwrap();
    }
    write.commit().await.unwrap();
    for language in [Language::Japanese, Language::English] {
        let browser = server.browser(Role::Admin, language).await;
        let page = browser.get("/console/audit").await;
        assert!(page.body.contains("owner@demo.example") && !page.body.contains("<b>you"), "{}", page.body);
        let file = browser.get("/console/audit.csv").await;
        assert_eq!(file.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        assert!(file.body.starts_with('\u{feff}'), "spreadsheets read it as UTF-8");
        let lines: Vec<&str> = file.body.lines().collect();
        assert!(
            lines.len() >= 5 && lines.iter().all(|line| line.matches('"').count() % 2 == 0),
            "{}",
            file.body
        );
        assert!(
            file.body.contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\"")
                && file.body.contains("\"'+1\""),
            "{}",
            file.body
        );
    }
    for role in [Role::Editor, Role::Contributor] {
        let browser = server.browser(role, Language::Japanese).await;
        for path in ["/console/audit", "/console/audit.csv", "/console/api-keys"] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{role:?} {path}");
        }
    }
}

#[tokio::test]
async fn removed_api_key_no_longer_opens() {
    let server = Server::start().await;
    let browser = server.browser(Role::Owner, Language::English).await;
    let made = browser
        .post("/console/api-keys", &[("name", "  Integration "), ("scopes", "read"), ("expires", "90")])
        .await;
    let secret = format!("tsk_{}", made.body.split("tsk_").nth(1).unwrap().split(['<', '"']).next().unwrap());
    let mut caller = server.caller().await;
    caller.key = secret;
    assert_eq!(caller.get("/teams").await.0, 200);
    let list = browser.get("/console/api-keys").await;
    assert!(list.body.contains("Integration") && !list.body.contains(&caller.key), "its name only");
    for bad in ["", "x", "01890a5d-ac96-774b-bcce-b302099a8057"] {
        assert_eq!(
            browser.post("/console/api-keys/remove", &[("key", bad)]).await.status,
            StatusCode::NOT_FOUND
        );
    }
    let (read, now) = (server.state.database.read(), server.state.clock.now());
    let keys = storage::workspace::api_keys::list(&read, server.workspace, now).await.unwrap();
    let id = keys.iter().find(|known| known.key.name == "Integration").unwrap().key.id.to_string();
    let removed = browser.post("/console/api-keys/remove", &[("key", &id)]).await;
    assert_eq!(removed.location(), "/console/api-keys?done=key-removed");
    assert_eq!(caller.get("/teams").await.0, 401);
}

#[tokio::test]
async fn language_of_the_console_is_chosen_and_kept() {
    let server = Server::start().await;
    let browser = server.browser(Role::Contributor, Language::Japanese).await;
    assert!(browser.get("/console").await.body.contains("lang=\"ja\""));
    let form = [("csrf", browser.csrf.as_str()), ("language", "en")];
    for (referer, expected) in [
        ("http://localhost:8080/console/bookings?x=1", "/console/bookings"),
        ("http://evil.example/phish", "/console"),
        ("nonsense", "/console"),
    ] {
        let reply = browser.post_raw("/console/language", &form, &[("referer", referer)]).await;
        assert_eq!(reply.location(), expected, "{referer}");
    }
    assert!(browser.get("/console").await.body.contains("<html lang=\"en\""));
    browser.post("/console/language", &[("language", "fr")]).await;
    assert!(
        browser.get("/console").await.body.contains("<html lang=\"en\""),
        "an unknown one changes nothing"
    );
}
