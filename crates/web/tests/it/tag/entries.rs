//! Reports of the tag: one row an attempt, whoever sends them however often, and nothing typed is lost.

use crate::support::Server;
use crate::tag::website::{ORIGIN, attempt_id};
use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};
use storage::testing::Kind;

async fn listed(server: &Server) -> Vec<Value> {
    let (status, list) = server.caller().await.get("/conversions").await;
    assert_eq!(status, 200, "{list}");
    list["conversions"].as_array().unwrap().clone()
}

#[tokio::test]
async fn attempt_reported_in_steps_is_one_conversion_on_both_databases() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let site = server.website().await;
        let (reply, config) = site.config("/contact").await;
        assert_eq!(reply.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], ORIGIN);
        assert_eq!(reply.headers[header::VARY], "origin");
        assert_eq!(reply.headers[header::CACHE_CONTROL], "private, max-age=300");
        assert!(reply.headers.get(header::ACCESS_CONTROL_ALLOW_CREDENTIALS).is_none());
        assert!(reply.body.len() <= 1_024, "{} bytes", reply.body.len());
        assert_eq!((&config["mode"], &config["consent"]), (&json!("off"), &json!("required")));
        assert_eq!(config["at_submit"], "unknown", "no form of this page was seen to succeed");
        assert!(config["dialog"].as_str().unwrap().starts_with("/tag/dialog."));
        let attempt = site.report("one", "attempt", "taro@visitor.example");
        assert_eq!(site.post("entries", &attempt).await, (200, json!({ "stored": true, "then": null })));
        let mut sure = site.report("one", "confirmed", "other@visitor.example");
        sure["evidence"] = json!(["navigate", "submit"]);
        for _ in 0..3 {
            assert_eq!(site.post("entries", &sure).await.0, 200);
        }
        site.post("entries", &site.report("one", "failed", "")).await;
        assert_eq!(site.config("/contact").await.1["at_submit"], Value::Null);
        let list = listed(&server).await;
        let [one] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(one["grade"], "confirmed");
        assert_eq!(one["evidence"], json!(["navigate", "submit"]));
        assert_eq!(one["values"], json!({ "email": "taro@visitor.example", "name": "山田 太郎" }));
        assert_eq!(one["page_url"], format!("{ORIGIN}/contact?utm_source=mail"), "only allowed parameters");
        assert_eq!((&one["quarantine"], &one["form"]["name"]), (&Value::Null, &json!("contact")));
        let mut edited = site.report("one", "likely", "new@visitor.example");
        edited["revision"] = json!(1);
        site.post("entries", &edited).await;
        assert_eq!(listed(&server).await[0]["values"]["email"], "new@visitor.example");
    }
}

#[tokio::test]
async fn unknown_site_is_quarantined_until_it_is_allowed() {
    let server = Server::start().await;
    let site = server.website().await;
    let stranger = server.website_at(&site.key, "https://other.example").await;
    let report = stranger.report("two", "confirmed", "hanako@visitor.example");
    assert_eq!(stranger.post("entries", &report).await.0, 200);
    assert_eq!(listed(&server).await[0]["quarantine"], "unknown-site");
    server.save_tag(&json!({ "origins": [ORIGIN, "https://other.example"] })).await;
    assert_eq!(listed(&server).await[0]["quarantine"], Value::Null);
}

#[tokio::test]
async fn report_without_a_token_of_its_page_is_an_attempt_at_most() {
    let server = Server::start().await;
    let site = server.website().await;
    let stranger = server.website_at(&site.key, "https://other.example").await;
    for (name, token) in [
        ("none", String::new()),
        ("forged", "1700000000000000.abc.def".to_owned()),
        ("of-another-site", stranger.token.clone()),
        ("cut", site.token[..site.token.len() - 2].to_owned()),
    ] {
        let mut report = site.report(name, "confirmed", "taro@visitor.example");
        report["token"] = json!(token);
        assert_eq!(site.post("entries", &report).await.0, 200, "{name}");
        assert_eq!(listed(&server).await[0]["grade"], "attempt", "{name}");
    }
}

#[tokio::test]
async fn bad_reports_are_refused_without_words() {
    let server = Server::start().await;
    let site = server.website().await;
    let good = site.report("good", "likely", "a@visitor.example");
    let mut unknown = server.website_at(&site.key, ORIGIN).await;
    "tsp_nobody".clone_into(&mut unknown.key);
    assert_eq!(unknown.post("entries", &good).await, (404, json!({})));
    assert_eq!(unknown.config("/").await.1, json!({}));
    for body in ["", "[]", "null", "{\"id\":1}", "{\"grade\":\"likely\"}", "{"] {
        let reply = site.send("entries", body.to_owned()).await;
        assert_eq!((reply.status.as_u16(), reply.body.as_str()), (422, "{}"), "{body}");
    }
    let mut large = good.clone();
    large["values"]["note"] = json!("あ".repeat(24_000));
    assert_eq!(site.send("entries", large.to_string()).await.status, 413);
    let mut hostile = good;
    hostile["__proto__"] = json!({ "polluted": true });
    hostile["values"]["constructor"] = json!("x");
    hostile["values"]["company"] = json!("4111 1111 1111 1111");
    hostile["values"]["kana"] = json!("ヤマダ\u{0}タロウ");
    assert_eq!(site.post("entries", &hostile).await.0, 200);
    let kept = &listed(&server).await[0]["values"];
    assert_eq!(*kept, json!({ "email": "a@visitor.example", "name": "山田 太郎", "kana": "ヤマダタロウ" }));
    let ask = Request::builder()
        .method(Method::OPTIONS)
        .uri(format!("/site/{}/entries", site.key))
        .header(header::ORIGIN, ORIGIN);
    let allowed = server.send(ask.body(Body::empty()).unwrap()).await;
    assert_eq!(allowed.status, 204);
    assert_eq!(allowed.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], ORIGIN);
}

#[tokio::test]
async fn many_reports_of_one_address_wait_and_too_many_are_put_off() {
    let server = Server::start().await;
    let site = server.website().await;
    // All at once: on a slow machine one after the other would be no crowd within a minute.
    let reports =
        (0..1_300).map(|n| site.report(&format!("n{n}"), "likely", "a@visitor.example").to_string());
    let codes = futures_util::future::join_all(reports.map(|report| site.send("entries", report))).await;
    let stored = codes.iter().filter(|reply| reply.status == 200).count();
    let late = codes.iter().find(|reply| reply.status == 429).unwrap();
    assert!(stored >= 1_000, "{stored}");
    assert!(late.headers.contains_key(header::RETRY_AFTER), "the tag sends it again later");
    let mut other = server.website_at(&site.key, ORIGIN).await;
    other.address = "198.51.100.7".parse().unwrap();
    let report = other.report("other", "likely", "b@visitor.example");
    assert_eq!(other.post("entries", &report).await.0, 200, "others are not slowed down");
    let (_, first) = server.caller().await.get("/conversions?limit=1").await;
    assert_eq!(first["conversions"][0]["quarantine"], Value::Null, "and theirs counts");
    let (_, page) = server.caller().await.get("/conversions?limit=200").await;
    assert_eq!(page["conversions"][1]["quarantine"], "too-many");
    assert_eq!(attempt_id("x").len(), 22);
}

#[tokio::test]
async fn newsletter_and_forms_that_are_off_are_listed_but_do_not_count() {
    let server = Server::start().await;
    let site = server.website().await;
    let mut newsletter = site.report("news", "likely", "a@visitor.example");
    newsletter["form"]["fields"] = json!([
        { "name": "mail", "label": "メルマガ", "type": "email", "as": "email", "filled": true },
        { "name": "list", "type": "hidden" },
    ]);
    assert_eq!(site.post("entries", &newsletter).await, (200, json!({ "stored": false, "then": null })));
    assert!(listed(&server).await.is_empty());
    let forms =
        storage::tag::forms_seen::list(&server.state.database.read(), server.workspace).await.unwrap();
    assert_eq!((forms.len(), forms[0].submissions), (1, 1));
}

#[tokio::test]
async fn settings_are_checked_field_by_field_and_an_unknown_router_is_named() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let bad = json!({
        "mode": "visitor",
        "origins": ["https://www.example.co.jp", "javascript:alert(1)"],
        "forms": [
            { "name": "", "url": "contact", "fields": { "Bad Key": "x" }, "then": { "kind": "router" } },
            { "name": "b", "url": "/b", "grade": "sure", "then": { "kind": "page", "page": "sales/none" } },
        ],
        "rules": [{ "url": "", "page": "sales/demo" }],
        "caps": { "session": 0, "month": 3 },
        "cookie_domain": "localhost",
    });
    let (status, refusal) = caller.put("/tag", &bad).await;
    assert_eq!(status, 422, "{refusal}");
    let mut found: Vec<String> = refusal["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| format!("{} {}", error["field"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect();
    found.sort();
    let expected = [
        "caps.session out-of-range",
        "cookie_domain not-a-domain",
        "forms[0].fields.Bad Key bad-key",
        "forms[0].name required",
        "forms[0].then.router no-such-router",
        "forms[0].url not-a-url-pattern",
        "forms[1].grade not-an-option",
        "forms[1].then.page no-such-page",
        "origins[1] not-a-site",
        "rules[0].url required",
    ];
    assert_eq!(found, expected);
    let (_, before) = caller.get("/tag").await;
    assert_eq!(before["mode"], "off", "nothing was saved");
    assert_eq!(
        caller.put("/tag", &json!({ "mode": "list" })).await.1["errors"][0]["code"],
        "list-tag-goes-with-lists"
    );
    let good = json!({
        "mode": "visitor",
        "origins": ["www.example.co.jp"],
        "forms": [{ "name": "お問い合わせ", "url": "/contact", "fields": { "email": "your-email", "budget": "yosan" },
            "then": { "kind": "page", "page": "sales/demo" } }],
        "rules": [{ "url": "/pricing*", "page": "sales/demo" }],
    });
    let (status, saved) = caller.put("/tag", &good).await;
    assert_eq!(status, 200, "{saved}");
    let id = saved["forms"][0]["id"].clone();
    assert_eq!((&saved["mode"], &saved["origins"]), (&json!("visitor"), &json!([ORIGIN])));
    assert_eq!(caller.put("/tag", &good).await.1["forms"][0]["id"], id, "a form keeps its ID");
    assert_eq!(caller.put("/tag", &saved).await.1, saved, "what is read can be saved");
    let site = server.website_at(saved["key"].as_str().unwrap(), ORIGIN).await;
    assert_eq!(site.config("/pricing/a").await.1["watch"], true);
    let (_, config) = site.config("/contact").await;
    assert_eq!((&config["forms"][0]["id"], &config["watch"]), (&id, &json!(false)));
    let mut report = site.report("mapped", "likely", "a@visitor.example");
    report["form"]["id"] = id;
    report["values"]["budget"] = json!("100万円");
    report["values"]["note"] = json!("never mapped");
    site.post("entries", &report).await;
    let one = &listed(&server).await[0];
    assert_eq!(one["form"]["name"], "お問い合わせ");
    assert_eq!((&one["values"]["budget"], &one["values"]["note"]), (&json!("100万円"), &Value::Null));
    assert_eq!(one["then"], json!({ "kind": "page", "page": "sales/demo", "router": null }));
}

#[tokio::test]
async fn files_of_the_tag_may_be_loaded_by_everybody_and_pinned() {
    let server = Server::start().await;
    let tag = server.get("/tag.js?k=tsp_x").await;
    assert_eq!(tag.headers[header::CACHE_CONTROL], "public, max-age=600, stale-while-revalidate=86400");
    assert_eq!(tag.headers["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(tag.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    let etag = tag.headers[header::ETAG].to_str().unwrap();
    let again = Request::get("/tag.js").header(header::IF_NONE_MATCH, etag).body(Body::empty()).unwrap();
    assert_eq!(server.send(again).await.status, 304);
    let site = server.website().await;
    let dialog = site.config("/").await.1["dialog"].as_str().unwrap().to_owned();
    let dialog = server.get(&dialog).await;
    assert!(dialog.headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    assert_eq!(server.get("/tag/nothing.0000.js").await.status, 404);
}

#[tokio::test]
async fn forms_of_one_name_on_two_sites_keep_an_id_of_their_own() {
    let server = Server::start().await;
    let form = |site: &str, more: &str| json!({ "name": format!("お問い合わせ{more}"), "url": format!("{site}/*"), "fields": { "email": "mail" } });
    let ids = async |forms: Value| -> Vec<String> {
        let saved =
            server.save_tag(&json!({ "origins": [ORIGIN, "https://other.example"], "forms": forms })).await;
        let ids =
            saved["forms"].as_array().unwrap().iter().map(|form| form["id"].as_str().unwrap().to_owned());
        ids.collect()
    };
    let one = ids(json!([form(ORIGIN, "")])).await;
    let both = ids(json!([form("https://other.example", ""), form(ORIGIN, "")])).await;
    assert_eq!(both[1], one[0], "the first one keeps its ID");
    assert_ne!(both[0], both[1]);
    let again = ids(json!([form(ORIGIN, ""), form("https://other.example", "")])).await;
    assert_eq!(again, [both[1].clone(), both[0].clone()]);
    let moved = ids(json!([form(&format!("{ORIGIN}/new"), ""), form("https://other.example", "")])).await;
    assert_eq!(moved, again, "another address of the page is the same form");
    let renamed = ids(json!([form(ORIGIN, "2"), form("https://other.example", "")])).await;
    assert_ne!(renamed[0], again[0]);
}
