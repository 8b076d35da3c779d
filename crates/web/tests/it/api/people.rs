//! People through the API: from bookings, merged and parted, exported and erased.

use crate::api::caller::Caller;
use crate::signed_in::fill;
use crate::support::Server;
use serde_json::{Value, json};
use storage::testing::Kind;

async fn add(caller: &Caller<'_>, email: &str, fields: Value) -> String {
    let (status, made) = caller.post("/people", &json!({ "email": email, "fields": fields })).await;
    assert_eq!(status, 201, "{made:#}");
    made["id"].as_str().unwrap().to_owned()
}

async fn find(caller: &Caller<'_>, email: &str) -> Value {
    let (status, found) = caller.get(&format!("/people?email={email}")).await;
    assert_eq!(status, 200, "{found:#}");
    found["people"][0].clone()
}

#[tokio::test]
async fn who_books_becomes_a_person_and_only_what_is_blank_is_filled_in() {
    let server = Server::start().await;
    fill(&server).await;
    let caller = server.caller().await;
    add(&caller, "taro@sample.example", json!({ "last_name": "山本" })).await;
    let booking = json!({
        "page": "sales/demo", "start": server.open_start(8).to_string(),
        "attendee": { "email": "Taro@sample.example", "family_name": "山田", "given_name": "太郎", "company": "株式会社サンプル" },
        "answers": { "topic": "料金", "size": "1-10" },
    });
    let (status, made) = caller.post("/bookings", &booking).await;
    assert_eq!(status, 201, "{made:#}");
    let person = find(&caller, "taro@sample.example").await;
    assert_eq!(person["fields"]["last_name"], "山本", "what is known stays");
    assert_eq!(
        (&person["fields"]["first_name"], &person["fields"]["company"]),
        (&json!("太郎"), &json!("株式会社サンプル"))
    );
    let id = person["id"].as_str().unwrap();
    let (_, export) = caller.get(&format!("/people/{id}/export")).await;
    assert_eq!(export["bookings"][0]["id"], made["id"], "{export:#}");
    assert!(export["history"].as_array().unwrap().iter().any(|change| change["origin"] == "booking"));
}

#[tokio::test]
async fn people_are_merged_and_parted_again_on_both_databases() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let caller = server.caller().await;
        let winner = add(&caller, "hanako@sample.example", json!({ "last_name": "鈴木" })).await;
        let fields = json!({ "last_name": "佐藤", "title": "部長" });
        let loser = add(&caller, "hanako@private.example", fields).await;
        let body = json!({ "opted_out": true });
        assert_eq!(
            caller.send("patch", &format!("/people/{loser}"), Some(body.to_string()), &[]).await.0,
            200
        );
        let merge = json!({ "other": loser, "reason": "改姓" });
        let (status, merged) = caller.post(&format!("/people/{winner}/merge"), &merge).await;
        assert_eq!(status, 200, "{merged:#}");
        assert_eq!(
            (&merged["fields"]["last_name"], &merged["fields"]["title"]),
            (&json!("鈴木"), &json!("部長"))
        );
        assert_eq!(merged["opted_out"], true, "a refusal of mail stays one");
        assert_eq!(merged["merges"][0]["reason"], "改姓");
        assert_eq!(merged["consents"][0]["is_given"], false, "with the evidence of the other: {merged:#}");
        assert_eq!(caller.get(&format!("/people/{loser}")).await.0, 404);
        // With itself, or with nobody.
        let (status, _) = caller.post(&format!("/people/{winner}/merge"), &json!({ "other": winner })).await;
        assert_eq!(status, 409);
        let (status, _) = caller.post(&format!("/people/{winner}/merge"), &merge).await;
        assert_eq!(status, 422, "the other is gone");
        // Somebody took the address meanwhile: nothing is done before it is free.
        let taker = add(&caller, "hanako@private.example", json!({})).await;
        let undo = format!("/people/{winner}/merges/{}/undo", merged["merges"][0]["id"].as_str().unwrap());
        assert_eq!(caller.send("post", &undo, None, &[]).await.0, 409);
        assert_eq!(caller.send("delete", &format!("/people/{taker}"), None, &[]).await.0, 204);
        let (status, back) = caller.send("post", &undo, None, &[]).await;
        assert_eq!((status, &back["fields"]["last_name"]), (200, &json!("佐藤")), "{back:#}");
        assert_eq!(back["opted_out"], true);
        let (_, rest) = caller.get(&format!("/people/{winner}")).await;
        assert_eq!((&rest["fields"]["title"], &rest["merges"]), (&json!(""), &json!([])), "{rest:#}");
        let (_, again) = caller.get(&format!("/people/{loser}")).await;
        assert!(again["history"].as_array().unwrap().len() >= 3, "its history is back: {again:#}");
        assert_eq!(caller.send("post", &undo, None, &[]).await.0, 404, "once");
    }
}

#[tokio::test]
async fn person_that_is_deleted_leaves_nothing() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let id = add(&caller, "gone@sample.example", json!({ "last_name": "山田" })).await;
    assert_eq!(caller.send("delete", &format!("/people/{id}?erase=true"), None, &[]).await.0, 204);
    assert_eq!(caller.get(&format!("/people/{id}")).await.0, 404);
    assert_eq!(caller.send("delete", &format!("/people/{id}"), None, &[]).await.0, 404);
    assert_eq!(find(&caller, "gone@sample.example").await, Value::Null);
    // A person who turns up again by itself is welcome.
    add(&caller, "gone@sample.example", json!({})).await;
}
