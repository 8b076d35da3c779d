//! Segments in the console: built up without a script, saved, looked at person by person, and removed.

use crate::support::{Reply, Server};
use axum::http::StatusCode;
use domain::value::Language;
use domain::workspace::Role;
use serde_json::json;

/// The form as a browser would send it back, with what was typed over it.
fn typed<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let terms = [
        ("any[0]", "1"),
        ("any[0].all[0].kind", "field"),
        ("any[0].all[0].field", "title"),
        ("any[0].all[0].operator", "contains"),
        ("any[0].all[0].value", "部長"),
        ("any[1]", "1"),
        ("any[1].all[0].kind", "form"),
        ("any[1].all[0].name", ""),
        ("any[1].all[0].days", "30"),
        ("any[1].all[0].answer", "no"),
    ];
    terms.into_iter().chain(more.iter().copied()).collect()
}

async fn add_person(server: &Server, email: &str, title: &str) {
    let body = json!({ "email": email, "fields": { "title": title, "last_name": "山田" } });
    assert_eq!(server.caller().await.post("/people", &body).await.0, 201);
}

fn has(reply: &Reply, text: &str) {
    assert!(reply.body.contains(text), "{text}: {}", reply.body);
}

#[tokio::test]
async fn condition_is_built_up_by_buttons_and_counted_after_each() {
    let server = Server::start().await;
    add_person(&server, "a@sample.example", "営業部長").await;
    add_person(&server, "b@sample.example", "課長").await;
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    has(&browser.get("/console/segments").await, "セグメントはまだありません");
    let page = browser.get("/console/segments/new").await;
    has(&page, "人数は分かりません");
    let page = browser
        .post("/console/segments/new", &[("any[0]", "1"), ("add[0]", "field:title"), ("do", "add:0")])
        .await;
    assert_eq!(page.status, StatusCode::OK);
    has(&page, "any[0].all[0].operator");
    let page = browser.post("/console/segments/new", &typed(&[("do", "count")])).await;
    has(&page, "2人");
    assert_eq!(page.input("any[1].all[0].days"), "30", "what was typed stays");
    let page = browser.post("/console/segments/new", &typed(&[("do", "remove-group:1")])).await;
    has(&page, "1人");
    has(&page, "うちメールを送れる顧客：1人");
    let page = browser.post("/console/segments/new", &typed(&[("do", "remove:1:0")])).await;
    has(&page, "人数は分かりません");

    // Saving says what is wrong at its place, and keeps the rest.
    let nameless = browser.post("/console/segments/new", &typed(&[("do", "save")])).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&nameless, "in-name");
    let vague = typed(&[("name", "部長"), ("any[0].all[0].value", " "), ("do", "save")]);
    let vague = browser.post("/console/segments/new", &vague).await;
    assert_eq!(vague.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&vague, "#in-any-0--all-0--value");
    let made =
        browser.post("/console/segments/new", &typed(&[("name", "部長と未送信"), ("do", "save")])).await;
    let address = made.location().split('?').next().unwrap().to_owned();
    let page = browser.get(&address).await;
    has(&page, "2人");
    has(&page, "部長と未送信");
    let id = address.rsplit('/').next().unwrap();

    let list = browser.get("/console/segments").await;
    has(&list, "「部長」");
    let people = browser.get(&format!("/console/segments/people?segment={id}")).await;
    has(&people, "a@sample.example");
    has(&people, "b@sample.example");
    let file = browser.get(&format!("/console/segments/people?segment={id}&format=csv")).await;
    has(&file, "a@sample.example");
    let why = browser.get(&format!("{address}/why?email=b@sample.example")).await;
    has(&why, "この顧客はセグメントの対象です");
    has(&why, "顧客の値：課長");
    has(&why, "満たさない");
    has(
        &browser.get(&format!("{address}/why?email=x@sample.example")).await,
        "このメールアドレスの顧客はいません",
    );

    let stale = typed(&[("name", "部長"), ("version", "7"), ("do", "save")]);
    assert_eq!(browser.post(&address, &stale).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let saved = browser.post(&address, &typed(&[("name", "部長"), ("version", "1"), ("do", "save")])).await;
    assert!(saved.location().ends_with("?done=saved"), "{}", saved.body);
    let removed = browser.post(&format!("{address}/remove"), &[]).await;
    assert_eq!(removed.location(), "/console/segments?done=removed");
    assert_eq!(browser.get(&address).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn vanished_field_is_named_on_the_page_of_its_segment() {
    let server = Server::start().await;
    let browser = server.browser(Role::Editor, Language::English).await;
    let made = browser.post("/console/segments/new", &typed(&[("name", "Managers"), ("do", "save")])).await;
    let address = made.location().split('?').next().unwrap().to_owned();
    let caller = server.caller().await;
    let only_email = json!({ "fields": [{ "name": "email", "type": "email" }] });
    assert_eq!(caller.put("/person-fields", &only_email).await.0, 200);
    let page = browser.get(&address).await;
    has(&page, "There is no person field “title”.");
    has(&page, "The number is not known");
    has(&browser.get("/console/segments").await, "Needs correction");
}

#[tokio::test]
async fn viewer_sees_segments_and_changes_nothing() {
    let server = Server::start().await;
    let editor = server.browser(Role::Editor, Language::English).await;
    let made = editor.post("/console/segments/new", &typed(&[("name", "Managers"), ("do", "save")])).await;
    let address = made.location().split('?').next().unwrap().to_owned();
    let viewer = server.browser(Role::Contributor, Language::English).await;
    let page = viewer.get(&address).await;
    has(&page, "Managers");
    assert!(!page.body.contains("value=\"save\""), "no buttons for what may not be done");
    assert_eq!(viewer.post(&address, &typed(&[("do", "save")])).await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.post(&format!("{address}/remove"), &[]).await.status, StatusCode::FORBIDDEN);
}
