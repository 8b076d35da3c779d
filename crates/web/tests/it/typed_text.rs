//! Texts with characters that nobody sees, NUL, and arrays in place of objects, on both databases (B7, Q4).

use crate::api::caller::faults;
use crate::support::Server;
use axum::http::StatusCode;
use serde_json::{Value, json};
use storage::testing::Kind;

const INVISIBLE: &str = "\u{feff}\u{200b}\u{200e}\u{3164}";

#[tokio::test]
async fn nul_gives_the_same_answer_on_both_databases() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let caller = server.caller().await;
        for path in
            ["/pages/a%00b/c", "/bookings/%00", "/synced-records/lead/%00", "/companies/x%00", "/runs/a%00"]
        {
            let (status, problem) = caller.get(path).await;
            assert_eq!(
                (status, &problem["type"]),
                (404, &json!("urn:tsugite:problem:not-found")),
                "{kind:?} {path}"
            );
        }
        for (path, field) in [
            ("/companies?search=a%00", "search"),
            ("/bookings?cursor=%00", "cursor"),
            ("/synced-records/lead?after=%00", "after"),
        ] {
            let (status, problem) = caller.get(path).await;
            assert_eq!(status, 422, "{kind:?} {path}: {problem:#}");
            assert_eq!(faults(&problem), [(field.to_owned(), "nul-character".to_owned())], "{kind:?} {path}");
        }
        let body = |name: &str| json!({ "slug": "nul", "name": name, "members": [{ "name": name, "email": "n@e.jp" }] });
        let (status, problem) = caller.post("/teams", &body("a\0b")).await;
        assert_eq!(
            (status, faults(&problem)),
            (422, vec![("name".to_owned(), "nul-character".to_owned())]),
            "{kind:?}"
        );
        for path in ["/b/sales/a%00", "/b/%00/demo", "/cancel/%00", "/console/pages/%00"] {
            assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{kind:?} {path}");
        }
        let booked = book(&server, "山田\0次", "nul@example.jp\0").await;
        assert_eq!(booked["attendee"]["family_name"], "山田次", "{kind:?}: a form of a browser is cleaned");
    }
}

#[tokio::test]
async fn invisible_characters_are_left_out_and_alone_are_blank() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let booked =
        book(&server, &format!("{INVISIBLE}神﨑　蘭"), &format!("{INVISIBLE}ran@example.jp{INVISIBLE}"))
            .await;
    assert_eq!(
        (&booked["attendee"]["family_name"], &booked["attendee"]["email"]),
        (&json!("神﨑 蘭"), &json!("ran@example.jp"))
    );
    let team =
        json!({ "slug": "blank", "name": INVISIBLE, "members": [{ "name": INVISIBLE, "email": INVISIBLE }] });
    let (status, problem) = caller.post("/teams", &team).await;
    let fields: Vec<String> = faults(&problem).into_iter().map(|(field, _)| field).collect();
    assert_eq!(
        (status, fields),
        (422, ["name", "members[0].name", "members[0].email"].map(str::to_owned).to_vec())
    );
    let start = server.open_start(3).to_string();
    let path = format!("/b/sales/demo/{start}");
    let token = server.get(&path).await.input("token");
    let typed =
        [("token", token.as_str()), ("attendee.family_name", INVISIBLE), ("attendee.email", INVISIBLE)];
    let blank = server.post(&path, &typed).await;
    assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn arrays_and_nulls_in_place_of_objects_change_nothing() {
    let server = Server::start().await;
    let caller = server.caller().await;
    for (path, field) in [
        ("/settings/salesforce", "todo"),
        ("/settings/salesforce", "campaign"),
        ("/settings/notifications", "slack"),
    ] {
        let (_, before) = caller.get(path).await;
        for wrong in [json!([]), json!(null), json!("x"), json!([true])] {
            let mut body = before.clone();
            body[field] = wrong.clone();
            let (status, problem) = caller.put(path, &body).await;
            let at: Vec<String> = faults(&problem).into_iter().map(|(field, _)| field).collect();
            assert_eq!((status, at), (422, vec![field.to_owned()]), "{path} {wrong}: {problem:#}");
        }
        assert_eq!(caller.get(path).await.1, before, "{path}");
    }
}

/// Books a free time by the public page, and gives the booking as the API shows it.
async fn book(server: &Server, family_name: &str, email: &str) -> Value {
    let path = format!("/b/sales/demo/{}", server.open_start(3));
    let token = server.get(&path).await.input("token");
    let fields = [
        ("token", token.as_str()),
        ("attendee.family_name", family_name),
        ("attendee.given_name", "太郎"),
        ("attendee.email", email),
        ("answers.topic", "相談"),
        ("answers.size", "11-50"),
    ];
    let reply = server.post(&path, &fields).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    let (_, list) = server.caller().await.get("/bookings").await;
    list["bookings"][0].clone()
}
