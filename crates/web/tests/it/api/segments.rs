//! Segments through the API: made, counted, listed, downloaded, explained, broken by what vanishes, and removed.

use crate::api::caller::{Caller, faults};
use crate::support::Server;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use storage::testing::Kind;

async fn person(caller: &Caller<'_>, email: &str, fields: Value) -> String {
    let (status, made) = caller.post("/people", &json!({ "email": email, "fields": fields })).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_str().unwrap().to_owned()
}

fn managers() -> Value {
    json!({ "any": [
        { "all": [{ "kind": "field", "field": "title", "operator": "contains", "value": "部長" }] },
        { "all": [{ "kind": "form", "days": 30 }] },
    ] })
}

fn numbers(segment: &Value) -> (&str, Option<u64>, Option<u64>) {
    (segment["state"].as_str().unwrap(), segment["members"].as_u64(), segment["mailable"].as_u64())
}

#[tokio::test]
async fn segment_has_the_people_whom_its_condition_means_on_both_databases() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let caller = server.caller().await;
        let chief =
            person(&caller, "a@sample.example", json!({ "title": "営業部長", "company": "=1+1" })).await;
        person(&caller, "b@sample.example", json!({ "title": "課長" })).await;
        let (status, made) =
            caller.post("/segments", &json!({ "name": "部長", "condition": managers() })).await;
        assert_eq!(status, 201, "{made}");
        assert_eq!(numbers(&made), ("ready", Some(1), Some(1)), "{made}");
        assert_eq!(made["condition"], managers(), "as it was sent");
        let address = format!("/segments/{}", made["id"].as_str().unwrap());

        // The number follows every change of a person.
        let later = person(&caller, "c@sample.example", json!({ "title": "部長" })).await;
        assert_eq!(numbers(&caller.get(&address).await.1), ("ready", Some(2), Some(2)));
        let (status, _) = caller
            .send("patch", &format!("/people/{later}"), Some(json!({ "opted_out": true }).to_string()), &[])
            .await;
        assert_eq!(status, 200);
        assert_eq!(numbers(&caller.get(&address).await.1), ("ready", Some(2), Some(1)), "mail is refused");

        let (_, page) = caller.get(&format!("{address}/people?limit=1")).await;
        assert_eq!(page["people"][0]["id"], json!(chief), "{page}");
        let cursor = page["next_cursor"].as_str().unwrap();
        let (_, rest) = caller.get(&format!("{address}/people?limit=1&cursor={cursor}")).await;
        assert_eq!((&rest["people"][0]["id"], &rest["next_cursor"]), (&json!(later), &Value::Null));
        let (_, mailable) = caller.get(&format!("{address}/people?mailable=true")).await;
        assert_eq!(mailable["people"].as_array().unwrap().len(), 1, "{mailable}");

        let request = Request::get(format!("/api/v1{address}/people.csv"))
            .header("authorization", format!("Bearer {}", caller.key))
            .body(Body::empty())
            .unwrap();
        let file = server.send(request).await;
        assert!(file.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
        let lines: Vec<&str> = file.body.lines().collect();
        assert_eq!(lines.len(), 3, "{}", file.body);
        assert!(lines[0].contains("\"id\",\"opted_out\",\"email\""), "{}", lines[0]);
        assert!(lines[1].contains("\"'=1+1\""), "no formula: {}", lines[1]);

        let (_, why) = caller.get(&format!("{address}/why?email=A@Sample.Example")).await;
        assert_eq!((&why["person"], &why["member"]), (&json!(chief), &json!(true)));
        assert_eq!(why["groups"][0][0], json!({ "at": "condition.any[0].all[0]", "holds": true }));
        assert_eq!(why["groups"][1][0]["holds"], json!(false));
        let (_, why) = caller.get(&format!("{address}/why?email=nobody@sample.example")).await;
        assert_eq!(why, json!({ "person": null, "member": false, "groups": [] }));
        assert_eq!(caller.get(&format!("{address}/why?email=x")).await.0, 422);

        // Another workspace neither sees nor counts them.
        let other = server.other_workspace().await;
        let foreign = server.caller_of(other).await;
        assert_eq!(foreign.get(&address).await.0, 404);
        assert_eq!(foreign.get("/segments").await.1, json!({ "segments": [] }));
        let everyone = json!({ "condition": { "any": [{ "all": [{ "kind": "visit", "not": true }] }] } });
        assert_eq!(numbers(&foreign.post("/segments/count", &everyone).await.1), ("ready", Some(0), Some(0)));
        assert_eq!(numbers(&caller.post("/segments/count", &everyone).await.1), ("ready", Some(3), Some(2)));
    }
}

#[tokio::test]
async fn segment_that_names_something_that_is_gone_is_broken_and_never_everyone() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let field = |name: &str| json!({ "name": name, "label": name, "type": "text" });
    let email = json!({ "name": "email", "type": "email" });
    let (status, _) = caller.put("/person-fields", &json!({ "fields": [email, field("rank")] })).await;
    assert_eq!(status, 200);
    person(&caller, "a@sample.example", json!({ "rank": "A" })).await;
    let body = |name: &str, term: Value| json!({ "name": name, "condition": { "any": [{ "all": [term] }] } });
    let not_b = json!({ "kind": "field", "field": "rank", "operator": "not_equals", "value": "B" });
    let (_, made) = caller.post("/segments", &body("not B", not_b)).await;
    assert_eq!(numbers(&made), ("ready", Some(1), Some(1)), "{made}");
    let id = made["id"].as_str().unwrap().to_owned();
    let (_, outer) = caller.post("/segments", &body("outer", json!({ "kind": "segment", "name": id }))).await;
    let outer = outer["id"].as_str().unwrap().to_owned();

    assert_eq!(caller.put("/person-fields", &json!({ "fields": [email] })).await.0, 200);
    let (_, broken) = caller.get(&format!("/segments/{id}")).await;
    assert_eq!(numbers(&broken), ("broken", None, None));
    assert_eq!(broken["faults"][0]["field"], json!("condition.any[0].all[0].field"), "{broken}");
    assert_eq!(broken["faults"][0]["code"], json!("no-such-person-field"));
    let (_, broken) = caller.get(&format!("/segments/{outer}")).await;
    assert_eq!(
        (numbers(&broken), &broken["faults"][0]["code"]),
        (("broken", None, None), &json!("segment-broken"))
    );
    for part in ["people", "people.csv", "why?email=a@sample.example"] {
        let (status, refused) = caller.get(&format!("/segments/{id}/{part}")).await;
        assert_eq!(status, 422, "{part}: {refused}");
    }
    // When the field is back, so is the segment.
    assert_eq!(caller.put("/person-fields", &json!({ "fields": [email, field("rank")] })).await.0, 200);
    assert_eq!(numbers(&caller.get(&format!("/segments/{id}")).await.1), ("ready", Some(1), Some(1)));
}

#[tokio::test]
async fn faults_are_named_at_their_places_and_nothing_is_saved() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let (_, made) = caller.post("/segments", &json!({ "name": "部長", "condition": managers() })).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let naming = json!({ "any": [{ "all": [{ "kind": "segment", "name": id }] }] });
    for (body, expected) in [
        (json!({ "name": "", "condition": managers() }), ("name", "required")),
        (json!({ "name": "部長", "condition": managers() }), ("name", "taken")),
        (json!({ "name": "x", "condition": { "any": [] } }), ("condition.any", "segment-empty")),
        (
            json!({ "name": "x", "condition": { "any": [{ "all": [{ "kind": "form", "name": "gone" }] }] } }),
            ("condition.any[0].all[0].name", "no-such-form"),
        ),
    ] {
        let (status, refused) = caller.post("/segments", &body).await;
        let expected = (expected.0.to_owned(), expected.1.to_owned());
        assert_eq!((status, faults(&refused)), (422, vec![expected]), "{body}");
    }
    let (status, refused) =
        caller.put(&format!("/segments/{id}"), &json!({ "name": "部長", "condition": naming })).await;
    assert_eq!((status, faults(&refused)[0].1.as_str()), (422, "segment-cycle"), "{refused}");
    let change = |version: u64| json!({ "name": "課長", "condition": managers(), "version": version });
    assert_eq!(caller.put(&format!("/segments/{id}"), &change(1)).await.0, 200);
    let (status, refused) = caller.put(&format!("/segments/{id}"), &change(1)).await;
    assert_eq!((status, faults(&refused)[0].1.as_str()), (422, "changed-meanwhile"));

    let (_, user) = caller.post("/segments", &json!({ "name": "user", "condition": naming })).await;
    let (status, refused) = caller.delete(&format!("/segments/{id}")).await;
    assert_eq!((status, faults(&refused)[0].1.as_str()), (422, "segment-in-use"));
    assert_eq!(caller.delete(&format!("/segments/{}", user["id"].as_str().unwrap())).await.0, 204);
    assert_eq!(caller.delete(&format!("/segments/{id}")).await.0, 204);
    assert_eq!(caller.delete(&format!("/segments/{id}")).await.0, 404);
    assert_eq!(caller.get("/segments").await.1, json!({ "segments": [] }));
}

/// A router asks a segment as it asks a list, and keeps it from being removed.
#[tokio::test]
async fn router_asks_whether_the_visitor_is_in_a_segment() {
    let server = Server::start().await;
    let caller = server.caller().await;
    person(&caller, "a@sample.example", json!({ "title": "部長" })).await;
    person(&caller, "b@sample.example", json!({ "title": "課長" })).await;
    let (_, made) = caller.post("/segments", &json!({ "name": "部長", "condition": managers() })).await;
    let id = made["id"].as_str().unwrap();
    let message = |text: &str| json!({ "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": text, "en": "" } } });
    let chart = json!({
        "slug": "inbound", "name": "受付", "start": "asked",
        "nodes": {
            "asked": { "kind": "list", "list": format!("segment:{id}"), "by": "email",
                "next": { "match": "in", "otherwise": "out", "error": "unsure" } },
            "in": message("対象"), "out": message("対象外"), "unsure": message("不明"),
        },
    });
    assert_eq!(caller.post("/routers", &chart).await.0, 201);
    let (status, published) = caller.post("/routers/inbound/publish", &json!({})).await;
    assert_eq!(status, 200, "{published}");
    for (email, expected) in [
        ("A@Sample.example", "対象"),
        ("b@sample.example", "対象外"),
        ("nobody@sample.example", "対象外"),
        ("", "対象外"),
    ] {
        let (status, routed) = caller.post("/routers/inbound/route", &json!({ "email": email })).await;
        assert_eq!(status, 201, "{routed}");
        assert_eq!(routed["outcome"]["text"]["ja"], json!(expected), "{email}: {routed}");
    }
    let (status, refused) = caller.delete(&format!("/segments/{id}")).await;
    assert_eq!((status, faults(&refused)[0].1.as_str()), (422, "segment-in-use"));
    // What can't be asked is no answer: the chart goes on at its error exit.
    let only_email = json!({ "fields": [{ "name": "email", "type": "email" }] });
    assert_eq!(caller.put("/person-fields", &only_email).await.0, 200);
    let (_, routed) = caller.post("/routers/inbound/route", &json!({ "email": "a@sample.example" })).await;
    assert_eq!(routed["outcome"]["text"]["ja"], json!("不明"), "{routed}");
}
