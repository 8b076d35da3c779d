//! A router after a conversion: the dialog of its choice, a text, or nothing.

use crate::support::Server;
use crate::tag::website::ORIGIN;
use serde_json::{Value, json};
use storage::testing::Kind;

fn chart() -> Value {
    json!({
        "slug": "inbound", "name": "振り分け", "start": "own",
        "nodes": {
            "own": { "kind": "condition", "all": [{ "fact": "email.domain", "operator": "equals", "value": "visitor.example" }],
                "next": { "match": "sato", "otherwise": "free", "error": "free" } },
            "free": { "kind": "condition", "all": [{ "fact": "email.free_mail", "operator": "equals", "value": true }],
                "next": { "match": "text", "otherwise": "site", "error": "text" } },
            "sato": { "kind": "outcome", "outcome": { "kind": "member", "member": "sato@demo.example", "page": "sales/demo" },
                "fallback": { "kind": "nothing" } },
            "text": { "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": "資料をお送りします。", "en": "" } } },
            "site": { "kind": "outcome", "outcome": { "kind": "redirect", "url": "https://www.customer.example/thanks" } },
        },
    })
}

#[tokio::test]
async fn conversion_opens_what_the_router_decides_once_and_books_with_its_host() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let caller = server.caller().await;
        assert_eq!(caller.post("/routers", &chart()).await.0, 201);
        assert_eq!(caller.post("/routers/inbound/publish", &json!({})).await.0, 200);
        let form = json!({ "name": "お問い合わせ", "url": "/contact", "fields": { "email": "your-email", "name": "your-name" },
            "then": { "kind": "router", "router": "inbound" } });
        let saved = server.save_tag(&json!({ "origins": [ORIGIN], "forms": [form] })).await;
        assert_eq!(saved["forms"][0]["then"], json!({ "kind": "router", "page": null, "router": "inbound" }));
        let site = server.website_at(saved["key"].as_str().unwrap(), ORIGIN).await;
        let report = site.report("one", "likely", "taro@visitor.example");
        let (_, answer) = site.post("entries", &report).await;
        let offer = answer["then"].clone();
        assert_eq!(offer["page"], "sales/demo", "{answer}");
        assert!(!answer.to_string().contains("sato"), "nothing about people");
        let (_, again) = site.post("entries", &report).await;
        assert_eq!(again["then"]["days"], offer["days"]);
        let booking = json!({ "handle": offer["handle"], "start": offer["days"][0]["slots"][0],
            "attendee": { "family_name": "山田", "given_name": "太郎" },
            "answers": { "topic": "相談", "size": "1-10" }, "language": "ja" });
        let (status, booked) = site.post("bookings", &booking).await;
        assert_eq!(status, 201, "{booked}");
        let (_, list) = caller.get("/bookings").await;
        assert_eq!(list["bookings"][0]["hosts"][0]["email"], "sato@demo.example", "{list}");
        let (_, decisions) = caller.get("/routing-decisions").await;
        let [decision] = decisions["decisions"].as_array().unwrap().as_slice() else { panic!("{decisions}") };
        assert_eq!(decision["booking"], list["bookings"][0]["id"]);
        let (_, text) = site.post("entries", &site.report("two", "likely", "hana@gmail.com")).await;
        assert_eq!(
            (&text["then"]["message"], &text["then"]["days"]),
            (&json!("資料をお送りします。"), &Value::Null)
        );
        let (_, away) = site.post("entries", &site.report("three", "likely", "ken@other.example")).await;
        assert_eq!(away["then"]["url"], "https://www.customer.example/thanks", "{away}");
    }
}
