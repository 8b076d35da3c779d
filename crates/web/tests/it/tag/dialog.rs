//! The dialog after a conversion: its offer, its days, and a booking like any other.

use crate::support::Server;
use crate::tag::website::{ORIGIN, Website};
use domain::value::BookingId;
use serde_json::{Value, json};
use storage::booking::bookings;
use storage::testing::Kind;

async fn site_with_dialog(server: &Server) -> Website<'_> {
    let form = json!({ "name": "お問い合わせ", "url": "/contact", "fields": { "email": "your-email", "name": "your-name" },
        "then": { "kind": "page", "page": "sales/demo" } });
    let wording = json!({ "form": { "heading": "そのまま日程を選べます", "first": "message" } });
    let settings = json!({ "origins": [ORIGIN], "forms": [form], "wording": wording });
    let saved = server.save_tag(&settings).await;
    server.website_at(saved["key"].as_str().unwrap(), ORIGIN).await
}

fn booking(offer: &Value, start: &Value) -> Value {
    json!({ "handle": offer["handle"], "start": start, "attendee": { "family_name": "山田", "given_name": "太郎" },
        "answers": { "topic": "相談", "size": "1-10", "utm_source": "mail" }, "language": "ja", "id": "one" })
}

#[tokio::test]
async fn conversion_brings_first_times_and_a_booking_on_both_databases() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let site = site_with_dialog(&server).await;
        let attempt = site.report("one", "attempt", "taro@visitor.example");
        assert_eq!(site.post("entries", &attempt).await.1["then"], Value::Null, "not sure enough");
        let sure = site.report("one", "likely", "taro@visitor.example");
        let (_, answer) = site.post("entries", &sure).await;
        let offer = &answer["then"];
        assert_eq!((&offer["page"], &offer["first"]), (&json!("sales/demo"), &json!("message")));
        assert_eq!((&offer["heading"], &offer["delay"]), (&json!("そのまま日程を選べます"), &json!("now")));
        assert_eq!(offer["fields"].as_array().unwrap().len(), 7);
        assert_eq!((offer["days"].as_array().unwrap().len(), &offer["name_parts"]), (5, &json!(true)));
        for (name, text) in offer["texts"].as_object().unwrap() {
            assert!(!text.as_str().unwrap().contains("dialog-"), "{name}: {text}");
        }
        let said = answer.to_string();
        assert!(
            !said.contains("taro") && !said.contains("suzuki") && !said.contains("鈴木"),
            "nothing about people"
        );
        let more = json!({ "handle": offer["handle"], "from": offer["more"], "language": "ja" });
        let (_, later) = site.post("slots", &more).await;
        assert_eq!(later["days"][0]["day"], offer["more"]);
        let start = &offer["days"][0]["slots"][0];
        let (status, refused) =
            site.post("bookings", &json!({ "handle": offer["handle"], "start": start })).await;
        assert_eq!(status, 422, "{refused}");
        assert!(refused["errors"].as_array().unwrap().iter().any(|error| error["field"] == "answers.topic"));
        let (status, booked) = site.post("bookings", &booking(offer, start)).await;
        assert_eq!(status, 201, "{booked}");
        assert_eq!(booked["start"], *start);
        assert_eq!(
            site.post("bookings", &booking(offer, start)).await,
            (201, booked.clone()),
            "one dialog, one booking"
        );
        let caller = server.caller().await;
        let (_, list) = caller.get("/bookings").await;
        let [made] = list["bookings"].as_array().unwrap().as_slice() else { panic!("{list}") };
        assert_eq!(made["attendee"]["email"], "taro@visitor.example", "what the form had is not asked again");
        let (_, shown) = caller.get(&format!("/bookings/{}", made["id"].as_str().unwrap())).await;
        let steps: Vec<&str> = shown["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["code"].as_str().unwrap())
            .collect();
        assert_eq!(steps, ["from-conversion", "booking-made"], "{shown}");
        let (_, conversions) = caller.get("/conversions").await;
        assert_eq!(conversions["conversions"][0]["booking"], made["id"]);
        assert_eq!(site.post("entries", &sure).await.1["then"], Value::Null, "it is booked");
        let confirmation =
            booked["confirmation"].as_str().unwrap().strip_prefix("http://localhost:8080").unwrap();
        assert_eq!(server.get(confirmation).await.status, 200);
        let (_, other) = site.post("entries", &site.report("two", "confirmed", "h@visitor.example")).await;
        // Both hosts are taken after the second one.
        site.post("bookings", &booking(&other["then"], start)).await;
        let (_, third) = site.post("entries", &site.report("three", "confirmed", "i@visitor.example")).await;
        let (status, taken) = site.post("bookings", &booking(&third["then"], start)).await;
        assert_eq!((status, &taken["problem"]), (409, &json!("taken")));
        assert!(!taken["days"].as_array().unwrap().is_empty() && taken["text"].as_str().unwrap().len() > 10);
    }
}

#[tokio::test]
async fn handles_that_are_forged_or_of_another_workspace_are_gone() {
    let server = Server::start().await;
    let site = site_with_dialog(&server).await;
    let (_, answer) = site.post("entries", &site.report("one", "likely", "taro@visitor.example")).await;
    let offer = &answer["then"];
    let handle = offer["handle"].as_str().unwrap();
    for forged in ["", "x", &handle[1..], &format!("{handle}A")] {
        for call in ["slots", "bookings"] {
            let (status, body) = site.post(call, &json!({ "handle": forged })).await;
            assert_eq!((status, body), (410, json!({})), "{call} {forged}");
        }
    }
    let other = server.other_workspace().await;
    let (_, tag) = server.caller_of(other).await.get("/tag").await;
    let elsewhere = server.website_at(tag["key"].as_str().unwrap(), ORIGIN).await;
    assert_eq!(elsewhere.post("slots", &json!({ "handle": handle })).await.0, 410);
}

#[tokio::test]
async fn handle_is_over_after_an_hour_and_outcomes_are_noted() {
    let mut server = Server::start().await;
    let site = site_with_dialog(&server).await;
    let (_, answer) = site.post("entries", &site.report("one", "likely", "taro@visitor.example")).await;
    let handle = answer["then"]["handle"].clone();
    for outcome in ["offered", "closed"] {
        let (status, _) = site.post("outcomes", &json!({ "handle": handle, "outcome": outcome })).await;
        assert_eq!(status, 200);
    }
    assert_eq!(site.post("outcomes", &json!({ "handle": handle, "outcome": "bought" })).await.0, 422);
    let key = site.key.clone();
    server.pass_minutes(61);
    let site = server.website_at(&key, ORIGIN).await;
    assert_eq!(site.post("slots", &json!({ "handle": handle })).await.0, 410);
    let found = bookings::list(&server.state.database.read(), server.workspace, None, 5).await.unwrap();
    assert_eq!(found.into_iter().map(|one| one.id).collect::<Vec<BookingId>>(), []);
}

#[tokio::test]
async fn eleventh_booking_of_an_address_waits_or_works() {
    let server = Server::start().await;
    let site = site_with_dialog(&server).await;
    let mut last = (0, Value::Null);
    for n in 0..11 {
        let report = site.report(&format!("n{n}"), "likely", &format!("v{n}@visitor.example"));
        let (_, answer) = site.post("entries", &report).await;
        let offer = &answer["then"];
        // Late in the day, the first day offered has only a few times left.
        let start = offer["days"][0]["slots"][0].clone();
        last = site.post("bookings", &booking(offer, &start)).await;
    }
    assert_eq!((last.0, &last.1["problem"]), (429, &json!("often")));
    assert!(last.1["work"]["bits"].as_u64().unwrap() > 8, "{}", last.1);
}
