//! Rules of the visitor tag that lead to a router: what is known decides, the rest is asked on the router's page.

use crate::support::Server;
use crate::tag::website::{ORIGIN, by};
use domain::value::Language;
use domain::workspace::Role;
use serde_json::{Value, json};
use storage::testing::Kind;

fn chart() -> Value {
    let condition = |fact: &str, operator: &str, value: Value, next: [&str; 3]| {
        json!({ "kind": "condition", "all": [{ "fact": fact, "operator": operator, "value": value }],
            "next": { "match": next[0], "otherwise": next[1], "error": next[2] } })
    };
    let campaign = json!("mail");
    json!({
        "slug": "inbound", "name": "振り分け", "start": "campaign",
        "nodes": {
            "campaign": condition("url.query.utm_source", "equals", campaign, ["team", "careers", "careers"]),
            "careers": condition("url.path", "starts_with", json!("/careers"), ["none", "free", "free"]),
            "free": condition("email.free_mail", "equals", json!(true), ["text", "site", "text"]),
            "team": { "kind": "outcome", "outcome": { "kind": "member", "member": "sato@demo.example", "page": "sales/demo" },
                "fallback": { "kind": "nothing" } },
            "text": { "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": "資料をどうぞ。", "en": "Have a look." } } },
            "site": { "kind": "outcome", "outcome": { "kind": "redirect", "url": "https://www.customer.example/thanks" } },
            "none": { "kind": "outcome", "outcome": { "kind": "nothing" } },
        },
    })
}

/// A server with a published router and a rule of the visitor tag that leads every page to it; the tag's key.
async fn with_rule(server: &Server) -> String {
    let caller = server.caller().await;
    assert_eq!(caller.post("/routers", &chart()).await.0, 201);
    assert_eq!(caller.post("/routers/inbound/publish", &json!({})).await.0, 200);
    let rule = json!({ "url": "/*", "then": { "kind": "router", "router": "inbound" } });
    let saved = server.save_tag(&json!({ "mode": "visitor", "origins": [ORIGIN], "rules": [rule] })).await;
    let then = json!({ "kind": "router", "page": null, "router": "inbound" });
    assert_eq!(saved["rules"], json!([{ "url": "/*", "page": null, "then": then }]));
    saved["key"].as_str().unwrap().to_owned()
}

async fn decisions(server: &Server) -> Vec<Value> {
    let (_, listed) = server.caller().await.get("/routing-decisions").await;
    listed["decisions"].as_array().unwrap().clone()
}

#[tokio::test]
async fn rule_offers_what_the_router_decides_by_the_page_and_books_with_its_host() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let key = with_rule(&server).await;
        let site = server.website_at(&key, ORIGIN).await;
        let offer = site.visit("someone", "/pricing?utm_source=mail&secret=x", 5).await;
        assert_eq!((&offer["page"], &offer["delay"]), (&json!("sales/demo"), &json!("interaction")));
        let again = site.visit("someone", "/pricing?utm_source=mail", 5).await;
        assert_eq!(again["days"], offer["days"]);
        let booking = json!({ "handle": again["handle"], "start": again["days"][0]["slots"][0],
            "attendee": { "email": "taro@visitor.example", "family_name": "山田", "given_name": "太郎" },
            "answers": { "topic": "相談", "size": "1-10" }, "language": "ja" });
        let (status, booked) = site.post("bookings", &booking).await;
        assert_eq!(status, 201, "{booked}");
        let (_, list) = server.caller().await.get("/bookings").await;
        assert_eq!(list["bookings"][0]["hosts"][0]["email"], "sato@demo.example", "{list}");
        let kept = decisions(&server).await;
        assert_eq!(kept.len(), 1, "the same visitor on the same page is decided about once a day");
        assert_eq!(kept[0]["booking"], list["bookings"][0]["id"]);
        assert!(!kept[0].to_string().contains("secret"), "only parameters that may travel");
    }
}

#[tokio::test]
async fn outcome_nothing_offers_nothing() {
    let server = Server::start().await;
    let key = with_rule(&server).await;
    let site = server.website_at(&key, ORIGIN).await;
    for _ in 0..3 {
        assert_eq!(site.visit("someone", "/careers/sales", 5).await, Value::Null);
    }
    assert_eq!(decisions(&server).await.len(), 1);
}

#[tokio::test]
async fn visitor_of_whom_too_little_is_known_is_led_to_the_routers_page() {
    let server = Server::start().await;
    let key = with_rule(&server).await;
    let site = server.website_at(&key, ORIGIN).await;
    let offer = site.visit("someone", "/pricing?utm_source=web", 5).await;
    assert_eq!(
        (&offer["message"], &offer["delay"], &offer["days"]),
        (
            &json!("Answer a few questions and we’ll show you how to reach us."),
            &json!("interaction"),
            &Value::Null
        )
    );
    let path = offer["url"].as_str().unwrap().strip_prefix("http://localhost:8080").unwrap();
    let page = server.get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.input("page_url"), format!("{ORIGIN}/pricing?utm_source=web"));
    assert!(decisions(&server).await.is_empty(), "nothing is decided before it is asked");
    for (name, text) in offer["texts"].as_object().unwrap() {
        assert!(!text.as_str().unwrap().contains("dialog-"), "{name}: {text}");
    }
    site.post("outcomes", &json!({ "handle": offer["handle"], "outcome": "never" })).await;
    assert_eq!(site.visit("someone", "/pricing?utm_source=mail", 5).await, Value::Null, "no means no");
}

#[tokio::test]
async fn known_address_decides_in_a_later_visit_only() {
    let mut server = Server::start().await;
    let key = with_rule(&server).await;
    {
        let site = server.website_at(&key, ORIGIN).await;
        for (visitor, email) in [("free", "hana@gmail.com"), ("company", "ken@other.example")] {
            site.post("entries", &by(visitor, site.report(visitor, "likely", email))).await;
            let soon = site.visit(visitor, "/pricing", 60).await;
            assert!(
                soon["url"].as_str().unwrap().contains("/r/inbound?"),
                "not in the visit that typed it: {soon}"
            );
        }
    }
    server.pass_minutes(31);
    let site = server.website_at(&key, ORIGIN).await;
    let text = site.visit("free", "/pricing", 5).await;
    assert_eq!((&text["message"], &text["url"]), (&json!("Have a look."), &json!("")), "{text}");
    let away = site.visit("company", "/pricing", 5).await;
    assert_eq!(away["url"], "https://www.customer.example/thanks", "{away}");
    assert!(!away.to_string().contains("ken@"), "nothing about people");
    let caps = json!({ "session": 1, "month": 1 });
    server.save_tag(&json!({ "caps": caps })).await;
    site.post("outcomes", &json!({ "handle": text["handle"], "outcome": "offered" })).await;
    assert_eq!(site.visit("free", "/pricing", 5).await, Value::Null, "a text counts like a dialog");
}

#[tokio::test]
async fn diagnosis_tells_what_the_rules_router_makes_of_a_page() {
    let server = Server::start().await;
    with_rule(&server).await;
    for (language, path, answer, told) in [
        ("ja", "/careers", "no", "ルーター「振り分け」の結果は「何もしない」のため、何も表示しません"),
        ("ja", "/pricing?utm_source=mail", "yes", "ルーター「振り分け」の結果は「メンバーのカレンダー」です"),
        ("en", "/pricing", "yes", "Router “振り分け” needs something that is not known yet"),
    ] {
        let mut caller = server.caller().await;
        caller.language = language;
        let (_, why) = caller.post("/tag/why", &json!({ "url": format!("{ORIGIN}{path}") })).await;
        let all = why["questions"].as_array().unwrap();
        let routed = all.iter().find(|one| one["question"] == "routed").unwrap();
        assert_eq!(routed["answer"], answer, "{routed}");
        assert!(routed["explanation"].as_str().unwrap().starts_with(told), "{routed}");
    }
    assert!(decisions(&server).await.is_empty(), "asking keeps nothing");
}

#[tokio::test]
async fn draft_is_refused_in_rules_and_forms_and_named() {
    let server = Server::start().await;
    let caller = server.caller().await;
    assert_eq!(caller.post("/routers", &chart()).await.0, 201);
    let then = json!({ "kind": "router", "router": "inbound" });
    let form = json!({ "name": "お問い合わせ", "url": "/contact", "then": then });
    let settings = json!({ "forms": [form], "rules": [
        { "url": "/a", "then": then },
        { "url": "/b", "page": "sales/demo", "then": then },
        { "url": "/c", "then": { "kind": "nothing" } },
    ] });
    let (status, refused) = caller.put("/tag", &settings).await;
    let faults = refused["errors"].as_array().unwrap().iter();
    let faults: Vec<String> = faults
        .map(|one| format!("{} {}", one["field"].as_str().unwrap(), one["code"].as_str().unwrap()))
        .collect();
    assert_eq!(status, 422);
    assert_eq!(
        faults,
        [
            "forms[0].then.router router-not-published",
            "rules[0].then.router router-not-published",
            "rules[1].then rule-opens-two",
            "rules[2].page required",
        ]
    );
    let question = json!({ "key": "email", "label": "メールアドレス", "kind": "email", "required": true });
    let own = json!({ "slug": "ask", "title": "お問い合わせ", "active": false, "fields": [question], "then": then });
    let (status, refused) = caller.post("/forms", &own).await;
    let fault =
        refused["errors"].as_array().unwrap().iter().find(|one| one["field"] == "then.router").unwrap();
    assert_eq!((status, &fault["code"]), (422, &json!("router-not-published")));
    assert!(fault["message"].as_str().unwrap().contains("振り分け"), "{fault}");
    let browser = server.browser(Role::Admin, Language::Japanese).await;
    let page = browser.get("/console/tag").await;
    let typed = [
        ("version", page.input("version")),
        ("do", "save".to_owned()),
        ("mode", "visitor".to_owned()),
        ("consent", "required".to_owned()),
        ("caps.session", "1".to_owned()),
        ("caps.month", "3".to_owned()),
        ("rules[0].url", "/pricing".to_owned()),
        ("rules[0].page", "router:inbound".to_owned()),
    ];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused = browser.post("/console/tag", &typed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("href=\"#in-rules-0--page\""), "beside its input: {}", refused.body);
    assert!(refused.body.contains("ルーター「振り分け」は公開されていません。先に公開してください。"));
    assert_eq!(caller.post("/routers/inbound/publish", &json!({})).await.0, 200);
    let saved = browser.post("/console/tag", &typed).await;
    assert_eq!(saved.location(), "/console/tag?done=saved", "{}", saved.body);
    let (_, kept) = caller.get("/tag").await;
    assert_eq!(kept["rules"][0]["then"]["router"], "inbound", "{kept}");
    let shown = browser.get("/console/tag").await.body;
    assert!(shown.contains("<option value=\"router:inbound\" selected>"), "{shown}");
}

#[tokio::test]
async fn router_in_use_is_not_archived_and_its_users_are_named() {
    let server = Server::start().await;
    with_rule(&server).await;
    let then = json!({ "kind": "router", "router": "inbound" });
    let form = json!({ "name": "お問い合わせ", "url": "/contact", "then": then });
    server.save_tag(&json!({ "forms": [form], "other_forms": { "then": then } })).await;
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    let page = browser.get("/console/routers/inbound").await;
    assert!(
        page.body.contains("アーカイブすると、公開URLは使えなくなり"),
        "it is asked first: {}",
        page.body
    );
    let archive = async || browser.post("/console/routers/inbound/archive", &[("archived", "on")]).await;
    let refused = archive().await;
    assert_eq!(refused.status, 422);
    for named in
        ["サイト用タグのフォーム「お問い合わせ」", "Web接客タグのルール「/*」", "「その他のフォーム」"]
    {
        assert!(refused.body.contains(named), "{named}: {}", refused.body);
    }
    let nothing = json!({ "kind": "nothing" });
    server.save_tag(&json!({ "forms": [], "rules": [], "other_forms": { "then": nothing } })).await;
    assert_eq!(archive().await.location(), "/console/routers/inbound?done=archived");
}
