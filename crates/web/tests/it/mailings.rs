//! Mailings in the console, without a mail server: everything but sending works, and the pages say so.

use crate::support::Server;
use axum::http::StatusCode;
use domain::value::Language;
use domain::workspace::Role;
use serde_json::json;

const DRAFT: [(&str, &str); 6] = [
    ("name", "6月のお知らせ"),
    ("language", "ja"),
    ("audience", "everyone"),
    ("subject", "{{last_name}}様"),
    ("text", "{{last_name}}様\r\n\r\n本文"),
    ("html", "<p title=\"{{last_name}}\">{{last_name}}様</p>"),
];

fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    DRAFT.iter().chain(changes).copied().collect()
}

#[tokio::test]
async fn draft_is_written_previewed_and_not_sent_without_a_mail_server() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let person = json!({ "email": "taro@sample.example", "fields": { "last_name": "<b>山田</b>" } });
    assert_eq!(caller.post("/people", &person).await.0, 201);
    for (language, no_server, unknown) in [
        (Language::Japanese, "メールサーバーが設定されていないため", "2行目："),
        (Language::English, "No mail server is set up", "Line 2:"),
    ] {
        let browser = server.browser(Role::Editor, language).await;
        let reply = browser.post("/console/mailings/new", &with(&[("text", "a\r\n{{nobody}}")])).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.body.contains(unknown) && reply.body.contains("{{nobody}}"), "{}", reply.body);
        assert_eq!(reply.input("name"), "6月のお知らせ", "what was typed stays");

        let made = browser.post("/console/mailings/new", &DRAFT).await;
        let address = made.location().split('?').next().unwrap().to_owned();
        let page = browser.get(&address).await;
        assert!(page.body.contains(no_server), "{}", page.body);
        let saved = browser.post(&address, &with(&[("version", "1"), ("subject", "新しい件名")])).await;
        assert!(saved.location().ends_with("?done=saved"), "{}", saved.body);
        let stale = browser.post(&address, &with(&[("version", "1")])).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "somebody else has saved it since");

        let preview = browser.get(&format!("{address}/preview?email=taro@sample.example")).await;
        assert!(
            preview.body.contains("&lt;b&gt;山田&lt;/b&gt;様") || preview.body.contains("&#60;b&#62;山田"),
            "{}",
            preview.body
        );
        assert!(!preview.body.contains("<b>山田"), "{}", preview.body);
        assert!(preview.body.contains("/u/test"), "the link is always there: {}", preview.body);

        let refused = browser.post(&format!("{address}/start"), &[("do", "now")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.body.contains("role=\"alert\""), "{}", refused.body);
        let reader = server.browser(Role::Contributor, language).await;
        assert_eq!(reader.post(&address, &with(&[("version", "2")])).await.status, StatusCode::FORBIDDEN);
        let list = browser.get("/console/mailings").await;
        assert!(list.body.contains(&address) && list.body.contains(no_server), "{}", list.body);
    }
}

#[tokio::test]
async fn settings_name_their_faults_and_what_is_missing() {
    let server = Server::start().await;
    let good = [
        ("sender_name", "サンプル株式会社"),
        ("postal_address", "東京都"),
        ("contact", "03-0000-0000"),
        ("reply_to", ""),
        ("unsubscribe_address", ""),
        ("per_second", "20"),
        ("per_domain_second", "10"),
    ];
    let admin = server.browser(Role::Admin, Language::Japanese).await;
    for (name, value, field) in [
        ("reply_to", "だれか", "reply_to"),
        ("per_second", "0", "per_second"),
        ("per_second", "x", "per_second"),
        ("contact", "{{email}}", "contact"),
    ] {
        let form: Vec<_> =
            good.iter().map(|(known, old)| (*known, if *known == name { value } else { *old })).collect();
        let reply = admin.post("/console/mailings/settings", &form).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}");
        assert!(
            reply.body.contains(&format!("href=\"#in-{}\"", field.replace('_', "-"))),
            "{name}: {}",
            reply.body
        );
    }
    let saved = admin.post("/console/mailings/settings", &good).await;
    assert!(saved.location().ends_with("?done=saved"), "{}", saved.body);
    let page = admin.get("/console/mailings/settings").await;
    assert!(page.body.contains("/hooks/mail/"), "{}", page.body);
    let editor = server.browser(Role::Editor, Language::English).await;
    assert_eq!(editor.post("/console/mailings/settings", &good).await.status, StatusCode::FORBIDDEN);
    let page = editor.get("/console/mailings/settings").await;
    assert!(!page.body.contains("/hooks/mail/"), "the address is a secret: {}", page.body);
}

#[tokio::test]
async fn answers_of_the_api_keep_to_their_description() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let draft =
        json!({ "name": "News", "language": "en", "subject": "Hello {{last_name}}", "text": "Hello" });
    let (status, made) = caller.post("/mailings", &draft).await;
    assert_eq!((status, &made["state"]), (201, &json!("draft")), "{made}");
    let address = format!("/mailings/{}", made["id"].as_str().unwrap());
    let (_, list) = caller.get("/mailings?limit=1").await;
    assert_eq!(list["mailings"][0]["id"], made["id"]);
    let (status, saved) = caller.put(&address, &json!({ "name": "News 2", "version": 1 })).await;
    assert_eq!((status, &saved["version"]), (200, &json!(2)), "{saved}");
    assert_eq!(caller.put(&address, &json!({ "name": "News 3", "version": 1 })).await.0, 409);
    assert_eq!(caller.put(&address, &draft).await.0, 200);
    let (_, preview) = caller.get(&format!("{address}/preview")).await;
    assert_eq!(preview["subject"], "Hello Yamada", "{preview}");
    let nobody = format!("{address}/preview?person=019df4a0-7c1e-7d7b-9a55-2f6d7f0a3c11");
    assert_eq!(caller.get(&nobody).await.0, 422);
    let (_, nobody_yet) = caller.get(&format!("{address}/recipients?state=sent")).await;
    assert_eq!(nobody_yet["recipients"], json!([]));
    assert_eq!(caller.get(&format!("{address}/recipients?state=lost")).await.0, 422);
    for action in ["start", "pause", "resume", "cancel"] {
        let (status, body) = caller.post(&format!("{address}/{action}"), &json!({})).await;
        assert_eq!(status, 409, "{action}: {body}");
    }
    assert_eq!(caller.post(&format!("{address}/start"), &json!({ "at": "tomorrow" })).await.0, 422);
    assert_eq!(caller.post(&format!("{address}/test"), &json!({ "address": "nobody" })).await.0, 422);
    let (_, settings) = caller.get("/settings/mail").await;
    assert_eq!(settings["missing"], json!(["sender_name", "postal_address", "contact"]));
    assert_eq!((&settings["sender_address"], &settings["reports_url"]), (&json!(null), &json!(null)));
    let other = server.other_workspace().await;
    let foreign = server.caller_of(other).await;
    assert_eq!(foreign.get(&address).await.0, 404);
    assert_eq!(foreign.post(&format!("{address}/cancel"), &json!({})).await.0, 404);
}
