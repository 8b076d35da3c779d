//! The console's pages of the tag: settings without JavaScript, what was seen, conversions, diagnosis, inspector.

use crate::support::Server;
use crate::tag::website::{ORIGIN, by};
use domain::value::Language;
use domain::workspace::Role;
use serde_json::{Value, json};

#[tokio::test]
async fn forms_are_mapped_and_rules_ordered_without_javascript_in_both_languages() {
    for language in [Language::Japanese, Language::English] {
        let server = Server::start().await;
        let site = server.website().await;
        site.post("entries", &site.report("one", "likely", "taro@visitor.example")).await;
        let browser = server.browser(Role::Admin, language).await;
        let page = browser.get("/console/tag").await;
        for shown in [
            "data-key=&#34;tsp_",
            "connect-src http://localhost:8080",
            "proxy_pass",
            "integrity=",
            "/contact",
        ] {
            assert!(page.body.contains(shown), "{shown}: {}", page.body);
        }
        let version = page.input("version");
        let key = page.body.split("value=\"map-").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let mapped = browser.post("/console/tag", &[("do", &format!("map-{key}"))]).await;
        assert!(mapped.body.contains("email = your-email\nname = your-name"), "{}", mapped.body);
        let typed = [
            ("version", version.as_str()),
            ("do", "up-rule-1"),
            ("mode", "visitor"),
            ("origins", "https://www.example.co.jp\nhttps://*.example.com"),
            ("consent", "required"),
            ("parameters", "utm_source"),
            ("caps.session", "1"),
            ("caps.month", "３"),
            ("forms[0].name", "お問い合わせ"),
            ("forms[0].url", "/contact"),
            ("forms[0].form_name", "contact"),
            ("forms[0].fields", "email = your-email"),
            ("forms[0].on", "on"),
            ("forms[0].grade", "likely"),
            ("forms[0].then.page", "sales/demo"),
            ("other_forms.on", "on"),
            ("rules[0].url", "/a*"),
            ("rules[0].page", "sales/demo"),
            ("rules[1].url", "/b*"),
            ("rules[1].page", "sales/demo"),
            ("visitor_wording.heading", "ご相談ください"),
        ];
        let moved = browser.post("/console/tag", &typed).await;
        assert!(
            moved.input("rules[0].url") == "/b*" && moved.input("rules[1].url") == "/a*",
            "{}",
            moved.body
        );
        let with = |name: &'static str, value: &'static str| {
            let replaced =
                typed.iter().map(|(known, old)| (*known, if *known == name { value } else { *old }));
            replaced
                .map(|(known, value)| (known, if known == "do" { "save" } else { value }))
                .collect::<Vec<_>>()
        };
        let refused = browser.post("/console/tag", &with("forms[0].url", "contact")).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("href=\"#in-forms-0--url\""), "{}", refused.body);
        let saved = browser.post("/console/tag", &with("do", "save")).await;
        assert_eq!(saved.location(), "/console/tag?done=saved", "{}", saved.body);
        let again = browser.post("/console/tag", &with("do", "save")).await;
        assert_eq!(
            again.status, 422,
            "someone else's changes are not lost: it was based on an older version"
        );
        let (_, kept) = server.caller().await.get("/tag").await;
        assert_eq!((&kept["mode"], &kept["rules"][0]["url"]), (&json!("visitor"), &json!("/a*")));
        assert_eq!(kept["forms"][0]["then"], json!({ "kind": "page", "page": "sales/demo", "router": null }));
        assert_eq!(kept["caps"], json!({ "session": 1, "month": 3 }));
    }
}

#[tokio::test]
async fn unknown_site_is_told_and_allowed_with_one_button() {
    let server = Server::start().await;
    let site = server.website().await;
    let stranger = server.website_at(&site.key, "https://other.example").await;
    for n in 0..12 {
        stranger.post("entries", &stranger.report(&format!("n{n}"), "likely", "a@visitor.example")).await;
    }
    let browser = server.browser(Role::Admin, Language::English).await;
    let page = browser.get("/console/tag").await;
    assert!(page.body.contains("Unknown site https://other.example: 12 submissions"), "{}", page.body);
    let waiting = browser.get("/console/conversions?tab=waiting").await;
    assert!(waiting.body.contains("unknown site") && waiting.body.contains("山田 太郎"), "{}", waiting.body);
    let allowed = browser.post("/console/tag/allow", &[("site", "https://other.example")]).await;
    assert_eq!(allowed.location(), "/console/tag?done=saved");
    assert!(!browser.get("/console/tag").await.body.contains("Unknown site"));
    assert!(browser.get("/console/conversions").await.body.contains("山田 太郎"));
    let csv = browser.get("/console/conversions?format=csv").await;
    assert_eq!(csv.body.lines().count(), 13, "{}", csv.body);
}

#[tokio::test]
async fn one_conversion_shows_its_evidence_and_can_be_let_count() {
    let server = Server::start().await;
    let site = server.website().await;
    let stranger = server.website_at(&site.key, "https://other.example").await;
    let mut report = stranger.report("one", "confirmed", "<script>@visitor.example");
    report["values"]["company"] = json!("<script>alert(1)</script>");
    stranger.post("entries", &report).await;
    for language in [Language::Japanese, Language::English] {
        let browser = server.browser(Role::Editor, language).await;
        let list = browser.get("/console/conversions?tab=everything").await;
        let path = list.body.split("href=\"/console/conversions/").nth(1).unwrap().split('"').next().unwrap();
        let detail = browser.get(&format!("/console/conversions/{path}")).await;
        assert_eq!(detail.status, 200);
        assert!(!detail.body.contains("<script>alert") && !list.body.contains("<script>alert"));
        assert!(
            !detail.body.contains("grade-meaning") && !detail.body.contains("quarantine-text"),
            "{}",
            detail.body
        );
        if language == Language::English {
            let done = browser.post("/console/conversions/release", &[("id", path), ("detail", "on")]).await;
            assert_eq!(done.location(), format!("/console/conversions/{path}?done=released"));
            let none = browser.post("/console/conversions/release", &[("id", path)]).await;
            assert_eq!(none.location(), "/console/conversions?tab=waiting&done=none-chosen");
        }
    }
}

#[tokio::test]
async fn diagnosis_answers_on_a_page_of_its_own() {
    let server = Server::start().await;
    let site = server.website().await;
    site.post("entries", &by("v", site.report("one", "likely", "taro@visitor.example"))).await;
    for (language, opens, question) in [
        (Language::Japanese, "モーダルは表示されません", "サイトは許可されていますか"),
        (Language::English, "The dialog does not open", "Is the site allowed?"),
    ] {
        let browser = server.browser(Role::Contributor, language).await;
        let empty = browser.get("/console/tag/why").await;
        assert!(!empty.body.contains(question));
        let page = browser
            .get("/console/tag/why?email=taro%40visitor.example&url=https%3A%2F%2Fother.example%2F")
            .await;
        assert!(page.body.contains(opens) && page.body.contains(question), "{}", page.body);
        assert!(!page.body.contains("why-"), "{}", page.body);
        let wrong = browser.get("/console/tag/why?email=nobody").await;
        assert!(wrong.body.contains("in-email-fault"), "{}", wrong.body);
    }
}

#[tokio::test]
async fn inspector_opens_by_a_signed_link_for_an_hour_and_saves_a_mapping() {
    let mut server = Server::start().await;
    let key = server.website().await.key;
    let token = {
        let browser = server.browser(Role::Admin, Language::Japanese).await;
        let open =
            browser.get("/console/tag/inspect?url=https%3A%2F%2Fwww.example.co.jp%2Fcontact%3Fa%3D1").await;
        let (page, token) = open.location().split_once("#tsugite=").unwrap();
        assert_eq!(page, "https://www.example.co.jp/contact?a=1");
        let elsewhere = browser.get("/console/tag/inspect?url=https%3A%2F%2Fevil.example%2F").await;
        assert_eq!(elsewhere.status, 404, "no token for strangers' sites");
        token.to_owned()
    };
    {
        let site = server.website_at(&key, ORIGIN).await;
        let opening = json!({ "tsugite": token, "path": "/contact" });
        let (status, shown) = site.post("inspector", &opening).await;
        assert_eq!((status, &shown["properties"]["email"]), (200, &json!("メールアドレス")));
        assert_eq!(shown["texts"]["log_grade"], "判定: {grade}", "the script fills values in");
        let form = json!({ "name": "お問い合わせ", "url": "/contact", "fields": { "email": "your-email" } });
        let (status, saved) =
            site.post("mapping", &json!({ "tsugite": token, "path": "/contact", "form": form })).await;
        assert_eq!((status, &saved["forms"][0]["here"]), (200, &json!(true)));
        let (_, elsewhere) = site.post("inspector", &json!({ "tsugite": token, "path": "/about" })).await;
        assert_eq!(elsewhere["forms"][0]["here"], false);
        let (_, shown) = site.post("inspector", &opening).await;
        assert_eq!(shown["forms"], saved["forms"]);
        let form = json!({ "id": shown["forms"][0]["id"], "name": "お問い合わせ", "url": "/contact", "on": false,
            "fields": { "email": "your-email", "company": "your-company" } });
        assert_eq!(site.post("mapping", &json!({ "tsugite": token, "form": form })).await.0, 200);
        let bad = json!({ "name": "", "url": "x", "fields": {} });
        let (status, refused) = site.post("mapping", &json!({ "tsugite": token, "form": bad })).await;
        assert_eq!((status, refused["errors"].as_array().unwrap().len()), (422, 2), "{refused}");
        for forged in ["", "x", &token[1..]] {
            assert_eq!(site.post("mapping", &json!({ "tsugite": forged, "form": form })).await.0, 410);
        }
        let (_, kept) = server.caller().await.get("/tag").await;
        assert_eq!(kept["forms"].as_array().unwrap().len(), 1, "{kept}");
        assert_eq!(kept["forms"][0]["fields"]["company"], "your-company");
        assert_eq!(kept["forms"][0]["on"], true, "whether it counts is decided in the console");
    }
    server.pass_minutes(61);
    let site = server.website_at(&key, ORIGIN).await;
    let (status, over) = site.post("inspector", &json!({ "tsugite": token })).await;
    assert_eq!((status, &over["forms"]), (410, &Value::Null));
    assert!(over["texts"]["over"].is_string(), "the page says why nothing opens: {over}");
}

#[tokio::test]
async fn data_sheet_names_what_the_settings_send_in_both_languages() {
    let server = Server::start().await;
    let form = json!({ "name": "a", "url": "/a", "fields": { "email": "mail", "budget": "yosan" } });
    let saved = server
        .save_tag(&json!({ "origins": [ORIGIN], "forms": [form], "parameters": ["utm_campaign"],
            "cookie_domain": "example.co.jp" }))
        .await;
    let key = saved["key"].as_str().unwrap();
    for (language, notice) in [("ja", "情報の外部送信について"), ("en", "Notice on external transmission")]
    {
        let sheet = server.get(&format!("/site/{key}/data-sheet?language={language}")).await;
        assert_eq!(sheet.status, 200);
        for shown in [
            notice,
            "budget",
            "utm_campaign",
            "example.co.jp",
            "localhost",
            "株式会社デモ",
            "tsugite_visitor",
        ] {
            assert!(sheet.body.contains(shown), "{shown}: {}", sheet.body);
        }
        assert!(!sheet.body.contains("sheet-"), "{}", sheet.body);
    }
    assert_eq!(server.get("/site/tsp_none/data-sheet").await.status, 404);
}
