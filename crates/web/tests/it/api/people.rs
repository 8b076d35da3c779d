//! People through the API: from bookings, merged and separated, exported and erased.

use crate::api::caller::Caller;
use crate::signed_in::fill;
use crate::support::Server;
use axum::body::Body;
use axum::http::Request;
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
async fn people_are_merged_and_separated_again_on_both_databases() {
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

async fn import(caller: &Caller<'_>, query: &str, file: &[u8]) -> (u16, Value) {
    let request = Request::post(format!("/api/v1/people/import{query}"))
        .header("authorization", format!("Bearer {}", caller.key))
        .header("content-type", "text/csv")
        .body(Body::from(file.to_vec()))
        .unwrap();
    let reply = caller.server.send(request).await;
    (reply.status.as_u16(), serde_json::from_str(&reply.body).unwrap())
}

#[tokio::test]
async fn file_is_checked_imported_and_undone_on_both_databases() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let caller = server.caller().await;
        let known =
            add(&caller, "known@sample.example", json!({ "last_name": "山田", "title": "課長" })).await;
        add(&caller, "same@sample.example", json!({ "last_name": "佐藤" })).await;
        // Labels and names, in Shift_JIS as a spreadsheet saves it; a blank cell changes nothing.
        let text = "メールアドレス,姓,title\r\nKnown@sample.example,,部長\r\nsame@sample.example,佐藤,\r\nnew@sample.example,髙橋,係長\r\n";
        let (file, _, is_lossy) = encoding_rs::SHIFT_JIS.encode(text);
        assert!(!is_lossy);
        let (status, checked) = import(&caller, "?dry_run=true", &file).await;
        assert_eq!(status, 200, "{checked:#}");
        let expected = json!({ "id": null, "rows": 3, "created": 1, "updated": 1, "unchanged": 1, "faulty": 0, "faults": [] });
        assert_eq!(checked, expected);
        assert_eq!(find(&caller, "new@sample.example").await, Value::Null, "nothing was changed");
        let (status, done) = import(&caller, "?basis=展示会", &file).await;
        assert_eq!((status, &done["created"], &done["updated"]), (200, &json!(1), &json!(1)), "{done:#}");
        let (_, person) = caller.get(&format!("/people/{known}")).await;
        assert_eq!(
            (&person["fields"]["title"], &person["fields"]["last_name"]),
            (&json!("部長"), &json!("山田"))
        );
        assert_eq!(person["fields"]["email"], "known@sample.example", "how it is spelt stays");
        assert_eq!(
            (&person["history"][0]["origin"], &person["consents"][0]["wording"]),
            (&json!("import"), &json!("展示会"))
        );
        assert_eq!(find(&caller, "new@sample.example").await["fields"]["last_name"], "髙橋");
        // The same file once more says nothing new.
        let (_, again) = import(&caller, "", &file).await;
        assert_eq!((&again["id"], &again["unchanged"]), (&Value::Null, &json!(3)), "{again:#}");
        // Undone: the new one goes, the value comes back; what was edited since stays.
        let undo = format!("/people/imports/{}/undo", done["id"].as_str().unwrap());
        let (status, undone) = caller.send("post", &undo, None, &[]).await;
        assert_eq!((status, &undone), (200, &json!({ "removed": 1, "restored": 1, "kept": 0 })));
        assert_eq!(find(&caller, "new@sample.example").await, Value::Null);
        assert_eq!(find(&caller, "known@sample.example").await["fields"]["title"], "課長");
        assert_eq!(caller.send("post", &undo, None, &[]).await.0, 404, "once");
    }
}

#[tokio::test]
async fn faulty_rows_are_named_and_nothing_is_imported_unless_they_are_left_out() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let fields = caller.get("/person-fields").await.1["fields"].as_array().unwrap().clone();
    let born = json!({ "name": "born", "label": "生年月日", "type": "date" });
    let fields: Vec<Value> = fields.into_iter().chain([born]).collect();
    assert_eq!(caller.put("/person-fields", &json!({ "fields": fields })).await.0, 200);
    let erased = add(&caller, "erased@sample.example", json!({})).await;
    assert_eq!(caller.send("delete", &format!("/people/{erased}?erase=true"), None, &[]).await.0, 204);
    let file = "email,生年月日\n\
        good@sample.example,1980/01/02\n\
        bad@sample.example,昭和55年\n\
        Good@sample.example,1981-01-01\n\
        ,1982-01-01\n\
        erased@sample.example,\n";
    let (status, told) = import(&caller, "", file.as_bytes()).await;
    assert_eq!(status, 422, "{told:#}");
    let named: Vec<(&str, &str)> = told["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap()))
        .collect();
    let expected = [
        ("lines[3].born", "not-a-day"),
        ("lines[4].email", "import-email-twice"),
        ("lines[5].email", "required"),
        ("lines[6].email", "import-erased"),
    ];
    assert_eq!(named, expected);
    assert_eq!(caller.get("/people").await.1["people"], json!([]), "nothing half-done");
    let (status, told) = import(&caller, "?skip_faulty=true", file.as_bytes()).await;
    assert_eq!((status, &told["created"], &told["faulty"]), (200, &json!(1), &json!(4)), "{told:#}");
    assert_eq!(find(&caller, "good@sample.example").await["fields"]["born"], "1980-01-02");
    for (file, code) in [
        ("", "required"),
        ("name,email\nx,y@sample.example\n", "no-such-person-field"),
        ("last_name\n山田\n", "import-no-email-column"),
        ("email,メールアドレス\n", "import-column-twice"),
        ("email\n\"open@sample.example\n", "list-quote-open"),
    ] {
        let (status, told) = import(&caller, "", file.as_bytes()).await;
        assert_eq!((status, &told["errors"][0]["code"]), (422, &json!(code)), "{file}: {told:#}");
    }
}
