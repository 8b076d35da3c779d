//! Whose turn it is in a team: read, weighed and credited in the console.

use crate::support::Server;
use axum::http::StatusCode;
use domain::router::CREDIT;
use domain::value::Language;
use domain::workspace::Role;
use serde_json::json;
use storage::router::ledger;

async fn booked(server: &Server, place: usize) {
    let body = json!({ "page": "sales/demo", "start": server.open_start(place),
        "attendee": { "email": "a@example.co.jp", "family_name": "山", "given_name": "川" },
        "answers": { "topic": "x", "size": "1-10" } });
    let (status, made) = server.caller().await.post("/bookings", &body).await;
    assert_eq!(status, 201, "{made}");
}

#[tokio::test]
async fn turns_are_read_weighed_and_credited_and_each_change_has_its_entry() {
    let server = Server::start().await;
    for place in 0..3 {
        booked(&server, place).await;
    }
    let browser = server.browser(Role::Owner, Language::Japanese).await;
    let address = format!("/console/teams/{}", server.page.team);
    let page = browser.get(&address).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("次の担当") && page.body.contains("ほかの担当者の予約"), "{}", page.body);
    let [first, second] = server.page.members[..] else { panic!("two members") };
    let (one, two) = (format!("weight.{first}"), format!("weight.{second}"));
    let weights = format!("{address}/weights");
    let refused = browser.post(&weights, &[(&one, "3"), (&two, "many")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.input(&one), "3", "what was typed stays");
    let saved = browser.post(&weights, &[(&one, "3"), (&two, "0")]).await;
    assert_eq!(saved.location(), format!("{address}?done=saved"), "{}", saved.body);
    assert!(browser.get(&address).await.body.contains("重みが0のため"));
    let credit = format!("{address}/credit");
    let asked =
        [("member", first.to_string()), ("meetings", "−２".to_owned()), ("note", "研修のため".to_owned())];
    let asked: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let alone = browser.post(&credit, &asked).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody else takes turns");
    browser.post(&weights, &[(&one, "3"), (&two, "1")]).await;
    for (name, value) in [("meetings", "0"), ("meetings", "many"), ("meetings", "101"), ("note", "")] {
        let mut bad = asked.clone();
        bad.iter_mut().filter(|(known, _)| *known == name).for_each(|(_, old)| *old = value);
        assert_eq!(
            browser.post(&credit, &bad).await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name}={value}"
        );
    }
    let read = server.state.database.read();
    let before = ledger::balances(&read, server.workspace, server.page.team).await.unwrap();
    assert_eq!(browser.post(&credit, &asked).await.location(), format!("{address}?done=saved"));
    let after = ledger::balances(&read, server.workspace, server.page.team).await.unwrap();
    assert_eq!(after[&first].amount - before[&first].amount, -2 * CREDIT);
    assert_eq!(after.values().map(|balance| balance.amount).sum::<i64>(), 0, "the others get what one gives");
    assert!(browser.get(&address).await.body.contains("研修のため"));
}

#[tokio::test]
async fn who_may_not_configure_reads_the_turns_and_changes_nothing() {
    let server = Server::start().await;
    let browser = server.browser(Role::Editor, Language::English).await;
    let address = format!("/console/teams/{}", server.page.team);
    let page = browser.get(&address).await;
    assert_eq!(page.status, StatusCode::OK);
    let name = format!("weight.{}", server.page.members[0]);
    let saved = browser.post(&format!("{address}/weights"), &[(&name, "3")]).await;
    assert!(matches!(saved.status, StatusCode::FORBIDDEN | StatusCode::SEE_OTHER), "{}", saved.status);
    assert!(browser.get("/console/teams/nobody").await.status.is_client_error());
}
