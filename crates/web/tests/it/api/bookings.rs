//! Bookings: made, listed, shown and cancelled; each refusal by its field, in both languages.

use crate::api::caller::{Caller, faults, with};
use crate::signed_in::fill;
use crate::support::Server;
use domain::delivery::DeliveryState;
use serde_json::{Value, json};

fn booking(server: &Server, skip: usize) -> Value {
    json!({
        "page": "sales/demo", "start": server.open_start(skip).to_string(),
        "attendee": { "email": "taro@sample.example", "family_name": "山田", "given_name": "太郎", "company": "株式会社サンプル" },
        "guests": ["jiro@sample.example"],
        "answers": { "topic": "料金", "size": "1-10", "interests": ["A", "B"] },
        "external_id": "order-1042",
    })
}

#[tokio::test]
async fn booking_is_made_shown_and_cancelled() {
    let server = Server::start().await;
    fill(&server).await;
    let caller = server.caller().await;
    let settings = json!({ "todo": { "enabled": true, "lag_minutes": 3 } });
    assert_eq!(caller.put("/settings/salesforce", &settings).await.0, 200);
    let sent = booking(&server, 8);
    let (status, made) = caller.post("/bookings", &sent).await;
    assert_eq!(status, 201, "{made:#}");
    let expected = json!({
        "page": "sales/demo", "title": "Online meeting", "state": "confirmed", "start": sent["start"],
        "time_zone": "Asia/Tokyo", "guests": ["jiro@sample.example"], "answers": sent["answers"],
        "attendee": sent["attendee"], "language": "en", "external_id": "order-1042",
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(made[name], *value, "{name}");
    }
    assert_eq!(made["hosts"].as_array().unwrap().len(), 1, "one of two members attends");
    let delivery = &made["deliveries"][0];
    assert_eq!(
        (&delivery["kind"], &delivery["state"], &delivery["attempts"]),
        (&json!("todo"), &json!("due"), &json!(0))
    );
    assert_eq!((&delivery["records"], &delivery["error_code"]), (&json!([]), &Value::Null));
    let entry = &made["timeline"][0];
    assert_eq!((&entry["code"], &entry["delivery"]), (&json!("booking-made"), &Value::Null));
    assert_eq!(entry["data"], json!({ "page": "sales/demo", "via": "api" }));
    let path = format!("/bookings/{}", made["id"].as_str().unwrap());
    assert_eq!(caller.get(&path).await, (200, made.clone()));
    let (status, cancelled) = caller.send("post", &format!("{path}/cancel"), None, &[]).await;
    assert_eq!((status, &cancelled["state"]), (200, &json!("cancelled")));
    assert_eq!(cancelled["deliveries"][0]["state"], "cancelled", "nothing is written for it");
    assert_eq!(cancelled["timeline"][1]["code"], "booking-cancelled");
    let (status, problem) = caller.send("post", &format!("{path}/cancel"), None, &[]).await;
    assert_eq!((status, &problem["type"]), (409, &json!("urn:tsugite:problem:already-cancelled")));
    let (status, again) = caller.post("/bookings", &sent).await;
    assert_eq!(status, 201, "the time is free again: {again:#}");
}

#[tokio::test]
async fn name_is_kept_as_the_page_asks() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let whole = json!({ "email": "hanako@sample.example", "name": "佐藤 花子", "company": "" });
    let body = with(&booking(&server, 3), "/attendee", whole);
    let (_, made) = caller.post("/bookings", &body).await;
    let attendee = json!({ "email": "hanako@sample.example", "family_name": "佐藤", "given_name": "花子", "company": "" });
    assert_eq!(made["attendee"], attendee, "this page asks for both parts");
    let page =
        json!({ "team": "sales", "slug": "whole", "title": "相談", "salesforce": { "split_name": false } });
    assert_eq!(caller.post("/pages", &page).await.0, 201);
    let mut body = with(&booking(&server, 3), "/page", json!("whole"));
    body["answers"] = json!({});
    body["guests"] = json!([]);
    // Its hours are those of an office, so that the first free time is looked for.
    for skip in 0..60 {
        body["start"] = json!(server.open_start(skip).to_string());
        let (status, made) = caller.post("/bookings", &body).await;
        if status == 201 {
            assert_eq!(made["attendee"]["name"], "太郎 山田");
            assert!(made["attendee"].get("family_name").is_none(), "{made:#}");
            return;
        }
    }
    panic!("no time of the page is free");
}

#[tokio::test]
async fn invalid_bookings_name_their_fields() {
    let server = Server::start().await;
    let now = server.state.clock.now();
    let good = booking(&server, 4);
    let long = "あ".repeat(1_001);
    let table: Vec<(&str, Value, &str, &str)> = vec![
        ("/page", json!("sales/nothing"), "page", "no-such-page"),
        ("/page", json!("../etc/passwd"), "page", "no-such-page"),
        ("/page", json!(""), "page", "no-such-page"),
        ("/start", json!("tomorrow"), "start", "not-a-time"),
        ("/start", json!(now.plus_minutes(-60).to_string()), "start", "slot-too-soon"),
        ("/start", json!(now.plus_minutes(60 * 24 * 400).to_string()), "start", "slot-too-far"),
        ("/start", json!(server.open_start(4).plus_minutes(7).to_string()), "start", "slot-not-offered"),
        ("/attendee/email", json!(""), "attendee.email", "required"),
        ("/attendee/email", json!("taro@"), "attendee.email", "not-an-email"),
        ("/attendee/family_name", json!(" "), "attendee.family_name", "required"),
        ("/attendee/given_name", json!("あ".repeat(41)), "attendee.given_name", "too-long"),
        ("/attendee/company", json!("あ".repeat(256)), "attendee.company", "too-long"),
        ("/guests", json!(["x@y.example", "x"]), "guests[1]", "not-an-email"),
        ("/guests", json!(vec!["x@y.example"; 51]), "guests", "too-many"),
        ("/hosts", json!(["stranger@demo.example"]), "hosts[0]", "not-a-member"),
        ("/answers/topic", json!(""), "answers.topic", "required"),
        ("/answers/topic", json!(long), "answers.topic", "too-long"),
        ("/answers/size", json!("1000"), "answers.size", "not-an-option"),
        ("/answers/interests", json!(["A", "Z"]), "answers.interests", "not-an-option"),
        ("/answers/deadline", json!("2026-13-45"), "answers.deadline", "not-a-date"),
        ("/answers/gone", json!("x"), "answers.gone", "unknown-field"),
        ("/external_id", json!(""), "external_id", "required"),
        ("/attendee/phone", json!("03"), "attendee.phone", "bad-body"),
        ("/language", json!("fr"), "language", "bad-body"),
    ];
    for language in ["ja", "en"] {
        let caller = Caller { language, ..server.caller().await };
        for (pointer, value, field, code) in &table {
            let (status, problem) = caller.post("/bookings", &with(&good, pointer, value.clone())).await;
            let expected = [((*field).to_owned(), (*code).to_owned())];
            assert_eq!((status, faults(&problem)), (422, expected.to_vec()), "{pointer}");
            let message = problem["errors"][0]["message"].as_str().unwrap();
            assert_eq!(message.is_ascii(), language == "en" && message.is_ascii(), "{message}");
        }
        let (_, list) = caller.get("/bookings").await;
        assert_eq!(list, json!({ "bookings": [], "next_cursor": null }), "nothing was kept");
    }
}

#[tokio::test]
async fn several_faults_come_together() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let body = json!({ "page": "demo", "start": "x", "attendee": { "email": "x" }, "guests": ["y"] });
    let (status, problem) = caller.post("/bookings", &body).await;
    let fields: Vec<String> = faults(&problem).into_iter().map(|(field, _)| field).collect();
    assert_eq!(status, 422);
    for field in
        ["start", "attendee.email", "attendee.family_name", "guests[0]", "answers.topic", "answers.size"]
    {
        assert!(fields.iter().any(|one| one == field), "{field} in {fields:?}");
    }
}

#[tokio::test]
async fn taken_time_is_a_conflict_and_repeated_request_is_not() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let sent = booking(&server, 4);
    let key = [("idempotency-key", "order-1042")];
    let (_, first) = caller.send("post", "/bookings", Some(sent.to_string()), &key).await;
    let (status, second) = caller.send("post", "/bookings", Some(sent.to_string()), &key).await;
    assert_eq!((status, &second["id"]), (201, &first["id"]), "one booking for one key");
    let other = with(&sent, "/attendee/email", json!("jiro@sample.example"));
    let (status, problem) = caller.send("post", "/bookings", Some(other.to_string()), &key).await;
    assert_eq!((status, &problem["type"]), (422, &json!("urn:tsugite:problem:idempotency-key-reused")));
    let long = "x".repeat(256);
    for bad in ["", long.as_str()] {
        let headers = [("idempotency-key", bad)];
        let (status, problem) = caller.send("post", "/bookings", Some(sent.to_string()), &headers).await;
        let expected = ("Idempotency-Key".to_owned(), "bad-idempotency-key".to_owned());
        assert_eq!((status, faults(&problem)), (422, vec![expected]));
    }
    assert_eq!(caller.post("/bookings", &other).await.0, 201, "two members, two bookings");
    let (status, problem) = caller.post("/bookings", &other).await;
    assert_eq!((status, &problem["type"]), (409, &json!("urn:tsugite:problem:slot-taken")));
    let named = with(&booking(&server, 5), "/hosts", json!(["SATO@demo.example"]));
    let (status, made) = caller.post("/bookings", &named).await;
    assert_eq!((status, &made["hosts"][0]["email"]), (201, &json!("sato@demo.example")));
    assert_eq!(caller.post("/bookings", &named).await.0, 409, "the named member has no time");
}

#[tokio::test]
async fn lists_are_paged_latest_first() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let mut made = Vec::new();
    for skip in 3..8 {
        let (status, one) = caller.post("/bookings", &booking(&server, skip)).await;
        assert_eq!(status, 201, "{one:#}");
        made.insert(0, one["id"].clone());
    }
    let mut found = Vec::new();
    let mut path = "/bookings?limit=2".to_owned();
    loop {
        let (status, list) = caller.get(&path).await;
        assert_eq!(status, 200);
        found.extend(list["bookings"].as_array().unwrap().iter().map(|one| one["id"].clone()));
        let Some(next) = list["next_cursor"].as_str() else { break };
        path = format!("/bookings?limit=2&cursor={next}");
    }
    assert_eq!(found, made);
    let (_, all) = caller.get("/bookings?limit=9999").await;
    assert_eq!(all["bookings"].as_array().unwrap().len(), 5, "a limit above the largest is the largest");
}

#[tokio::test]
async fn only_failed_and_skipped_deliveries_are_retried() {
    let server = Server::start().await;
    let id = fill(&server).await;
    let caller = server.caller().await;
    let (_, booking) = caller.get(&format!("/bookings/{id}")).await;
    let deliveries = booking["deliveries"].as_array().unwrap();
    assert_eq!(deliveries.len(), DeliveryState::ALL.len());
    let record = &deliveries[0]["records"][0];
    let url = "https://demo.my.salesforce.com/lightning/r/Task/00T000000000001AAA/view";
    assert_eq!((&record["action"], &record["url"]), (&json!("created"), &json!(url)));
    for delivery in deliveries {
        let path = format!("/deliveries/{}/retry", delivery["id"].as_str().unwrap());
        let (status, answer) = caller.send("post", &path, None, &[]).await;
        if ["failed", "skipped"].iter().any(|state| delivery["state"] == *state) {
            assert_eq!((status, &answer["state"], &answer["attempts"]), (200, &json!("due"), &json!(0)));
            assert_eq!(answer["error_code"], Value::Null);
        } else {
            assert_eq!((status, &answer["type"]), (409, &json!("urn:tsugite:problem:delivery-not-failed")));
        }
    }
}

#[tokio::test]
async fn timeline_speaks_the_callers_language() {
    let server = Server::start().await;
    let id = fill(&server).await;
    let english = server.caller().await;
    let japanese = Caller { language: "ja", ..server.caller().await };
    let (_, in_english) = english.get(&format!("/bookings/{id}")).await;
    let (_, in_japanese) = japanese.get(&format!("/bookings/{id}")).await;
    let lines = |booking: &Value| booking["timeline"].as_array().unwrap().clone();
    assert!(lines(&in_english).len() > 20);
    for (english, japanese) in lines(&in_english).iter().zip(lines(&in_japanese)) {
        assert_eq!((&english["code"], &english["data"]), (&japanese["code"], &japanese["data"]));
        assert_ne!(english["text"], japanese["text"], "{english}");
        assert!(!english["text"].as_str().unwrap().starts_with("step-"), "{english}");
    }
}
