//! Pages that update by themselves: changes are told to those who watch, of their own workspace, until they sign out.

use crate::signed_in::{Browser, fill};
use crate::support::Server;
use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode, header};
use domain::value::{BookingId, Language};
use domain::workspace::Role;
use futures_util::StreamExt as _;
use std::time::Duration;
use storage::booking::bookings;

async fn open(browser: &Browser<'_>) -> (StatusCode, BodyDataStream) {
    let request = Request::get("/console/events").header(header::COOKIE, &browser.cookie);
    let response = browser.server.open(request.body(Body::empty()).unwrap()).await;
    let kind = response.headers().get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
    assert!(kind.is_none_or(|kind| kind == "text/event-stream"));
    (response.status(), response.into_body().into_data_stream())
}

async fn next(events: &mut BodyDataStream) -> Option<String> {
    let event = tokio::time::timeout(Duration::from_secs(20), events.next()).await.unwrap();
    event.map(|event| String::from_utf8(event.unwrap().to_vec()).unwrap())
}

async fn book_again(server: &Server, booking: BookingId) {
    let now = server.state.clock.now();
    let write = server.state.database.write().await.unwrap();
    let mut another = bookings::find(&write, server.workspace, booking).await.unwrap().unwrap();
    another.id = storage::ids::new(now);
    another.created_at = now;
    another.hosts.clear();
    assert!(bookings::create(&write, server.workspace, &another).await.unwrap());
    write.commit().await.unwrap();
}

#[tokio::test]
async fn change_is_told_by_its_kind_until_sign_out() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    let browser = server.browser(Role::Contributor, Language::English).await;
    let (status, mut events) = open(&browser).await;
    assert_eq!(status, StatusCode::OK);
    assert!(next(&mut events).await.unwrap().contains("event: ready"));
    book_again(&server, booking).await;
    let told = next(&mut events).await.unwrap();
    assert!(told.contains("event: change") && told.contains("data: bookings"), "{told}");
    assert!(!told.contains("script"), "nothing of what changed is told: {told}");
    browser.post("/sign-out", &[]).await;
    book_again(&server, booking).await;
    assert_eq!(next(&mut events).await, None, "who signed out is told nothing");
}

#[tokio::test]
async fn only_so_many_pages_of_a_workspace_are_told() {
    let server = Server::start().await;
    let browser = server.browser(Role::Contributor, Language::English).await;
    let mut all = Vec::new();
    for _ in 0..50 {
        let (status, events) = open(&browser).await;
        assert_eq!(status, StatusCode::OK);
        all.push(events);
    }
    assert_eq!(open(&browser).await.0, StatusCode::NO_CONTENT, "one more is asked not to try again");
    all.pop();
    assert_eq!(open(&browser).await.0, StatusCode::OK, "there is room again");
}
