//! From a router to a booking: on its own page, after a form, through the API; with whom, and what is remembered of it.

use crate::support::{Reply, Server};
use axum::http::StatusCode;
use domain::value::{MemberId, Timestamp};
use serde_json::{Value, json};
use storage::booking::bookings;
use storage::router::ledger;
use storage::testing::Kind;
use storage::workspace::teams;

/// Companies of some size meet Sato, others the team; free mail gets a message.
fn chart() -> Value {
    json!({
        "slug": "inbound", "name": "お問い合わせの振り分け", "start": "free",
        "nodes": {
            "free": { "kind": "condition", "all": [{ "fact": "email.free_mail", "operator": "equals", "value": true }],
                "next": { "match": "sorry", "otherwise": "size", "error": "sorry" } },
            "size": { "kind": "condition", "all": [{ "fact": "answer.size", "operator": "equals", "value": "11-50" }],
                "next": { "match": "sato", "otherwise": "team", "error": "team" } },
            "sato": { "kind": "outcome", "outcome": { "kind": "member", "member": "sato@demo.example", "page": "sales/demo" },
                "fallback": { "kind": "page", "page": "sales/demo" } },
            "team": { "kind": "outcome", "outcome": { "kind": "page", "page": "sales/demo" },
                "fallback": { "kind": "nothing" } },
            "sorry": { "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": "会社のアドレスでお申し込みください。", "en": "" } } },
        },
    })
}

async fn published(kind: Kind) -> Server {
    let server = Server::start_on(kind).await;
    let caller = server.caller().await;
    assert_eq!(caller.post("/routers", &chart()).await.0, 201);
    let (status, published) = caller.post("/routers/inbound/publish", &json!({})).await;
    assert_eq!(status, 200, "{published}");
    server
}

/// Asks the router's own page; gives where it leads: for a booking page its address with the decision.
async fn ask(server: &Server, email: &str, size: &str) -> String {
    let page = server.get("/r/inbound?utm_source=mail").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let typed = [
        ("email", email),
        ("answers.size", size),
        ("page_url", &page.input("page_url")),
        ("referrer", ""),
        ("website", ""),
    ];
    let sent = server.post("/r/inbound", &typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let decided = server.get(sent.location()).await;
    let Some(from) = decided.body.find("routed=") else { return sent.location().to_owned() };
    assert_eq!(decided.input("attendee.email"), email, "what was typed is not asked again");
    let routed = decided.body[from..].split(['"', '&', '#']).next().unwrap();
    let address = format!("/b/sales/demo?language=ja&{routed}");
    assert!(
        !server.get(&address).await.body.contains(email),
        "nothing of the visitor is in a link that is passed on"
    );
    let token = &routed["routed=".len()..];
    let opened = server.get(&format!("/r/inbound/decided/{token}")).await;
    assert!(opened.status.is_client_error(), "it does not open what was typed");
    address
}

/// Books the first open time of a page's address, from start to end as a browser does.
async fn book(server: &Server, days: &str, email: &str) -> Reply {
    let page = server.get(days).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let from = page.body.find("<ul class=\"times\">").unwrap();
    let link = page.body[from..].split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    let address = link.replace("&amp;", "&").replace("&#38;", "&");
    let form = server.get(&address).await;
    let typed = [
        ("token", form.input("token")),
        ("attendee.email", email.to_owned()),
        ("attendee.family_name", "山田".to_owned()),
        ("attendee.given_name", "花子".to_owned()),
        ("attendee.company", "例示商事".to_owned()),
        ("answers.topic", "導入".to_owned()),
        ("answers.size", "11-50".to_owned()),
    ];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let booked = server.post(&address, &typed).await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.body);
    booked
}

async fn hosts(server: &Server) -> Vec<Vec<String>> {
    let read = server.state.database.read();
    let found = bookings::list(&read, server.workspace, None, 100).await.unwrap();
    found.iter().rev().map(|one| one.hosts.iter().map(|host| host.email.to_string()).collect()).collect()
}

#[tokio::test]
async fn visitor_of_the_routers_page_books_with_the_member_it_chose_and_the_booking_tells_why() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = published(kind).await;
        let days = ask(&server, "hana@example.co.jp", "11-50").await;
        assert!(days.contains("routed="), "{days}");
        book(&server, &days, "hana@example.co.jp").await;
        assert_eq!(hosts(&server).await, [["sato@demo.example"]]);
        let caller = server.caller().await;
        let (_, found) = caller.get("/bookings").await;
        let id = found["bookings"][0]["id"].as_str().unwrap().to_owned();
        let (_, booking) = caller.get(&format!("/bookings/{id}")).await;
        let timeline = booking["timeline"].to_string();
        assert!(
            timeline.contains("お問い合わせの振り分け") || timeline.contains("booking-routed"),
            "{timeline}"
        );
        let (_, decisions) = caller.get("/routing-decisions").await;
        let decision = &decisions["decisions"][0];
        assert_eq!(
            (&decision["booking"], &decision["facts"]["answers"]["size"]),
            (&json!(id), &json!("11-50"))
        );
        assert!(decision["facts"]["url"].as_str().unwrap().contains("utm_source=mail"), "{decision}");
        let read = server.state.database.read();
        let entries = ledger::list(&read, server.workspace, server.page.team, None, 10).await.unwrap();
        let told: Vec<(i64, &str)> = entries.iter().map(|one| (one.amount, one.reason.name())).collect();
        assert_eq!(told, [(0, "routed")], "who is routed counts apart");
    }
}

#[tokio::test]
async fn times_of_the_chosen_member_are_shown_and_a_forged_choice_is_not_heard() {
    let server = published(Kind::Sqlite).await;
    let days = ask(&server, "hana@example.co.jp", "11-50").await;
    book(&server, &days, "hana@example.co.jp").await;
    let used = server.get(&days).await;
    assert!(!used.body.contains("routed="), "a link with which a booking was made is any visitor's");
    let days = ask(&server, "ken@example.co.jp", "11-50").await;
    let taken = server.open_start(0).to_string();
    let times = |page: &Reply| page.body.contains(&format!("datetime=\"{taken}\""));
    assert!(!times(&server.get(&days).await), "Sato is not free then");
    assert!(times(&server.get("/b/sales/demo").await), "Suzuki is");
    let forged = days.replace("routed=0", "routed=1");
    assert_ne!(forged, days);
    assert!(times(&server.get(&forged).await));
    let (_, refused) = server
        .caller()
        .await
        .post(
            "/bookings",
            &json!({ "page": "sales/demo", "start": taken, "decision": "nobody",
            "attendee": { "email": "a@example.co.jp", "family_name": "山", "given_name": "川" },
            "answers": { "topic": "x", "size": "1-10" } }),
        )
        .await;
    assert_eq!(refused["errors"][0]["field"], "decision", "{refused}");
}

#[tokio::test]
async fn message_is_shown_and_what_was_typed_wrong_is_named() {
    let server = published(Kind::Sqlite).await;
    let decided = ask(&server, "hana@gmail.com", "1-10").await;
    let page = server.get(&decided).await;
    assert!(page.body.contains("会社のアドレスでお申し込みください。"), "{}", page.body);
    assert!(server.get(&decided.replace("/decided/", "/decided/x")).await.status.is_client_error());
    let wrong = server.post("/r/inbound", &[("email", "hana"), ("answers.size", "12")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("aria-invalid"), "{}", wrong.body);
    assert!(server.get("/r/nowhere").await.status.is_client_error());
}

#[tokio::test]
async fn member_who_is_gone_meanwhile_leaves_the_choice_to_the_page() {
    let server = published(Kind::Sqlite).await;
    let days = ask(&server, "hana@example.co.jp", "11-50").await;
    let mut page = server.page.clone();
    page.members.truncate(1);
    let write = server.state.database.write().await.unwrap();
    storage::booking::pages::save(&write, server.workspace, &page, server.state.clock.now()).await.unwrap();
    write.commit().await.unwrap();
    book(&server, &days, "hana@example.co.jp").await;
    assert_eq!(hosts(&server).await, [["suzuki@demo.example"]]);
}

async fn weights(server: &Server, weights: [u32; 2]) {
    let write = server.state.database.write().await.unwrap();
    for (member, weight) in server.page.members.iter().zip(weights) {
        ledger::set_weight(&write, server.workspace, server.page.team, (*member, weight)).await.unwrap();
    }
    write.commit().await.unwrap();
}

async fn api_booking(server: &Server, start: Timestamp) -> (u16, Value) {
    let body = json!({ "page": "sales/demo", "start": start,
        "attendee": { "email": "a@example.co.jp", "family_name": "山", "given_name": "川" },
        "answers": { "topic": "x", "size": "1-10" } });
    server.caller().await.post("/bookings", &body).await
}

async fn balances(server: &Server) -> Vec<i64> {
    let read = server.state.database.read();
    let found = ledger::balances(&read, server.workspace, server.page.team).await.unwrap();
    let of = |member: &MemberId| found.get(member).map_or(0, |balance| balance.amount);
    server.page.members.iter().map(of).collect()
}

#[tokio::test]
async fn hosts_take_turns_by_weight_and_a_cancelled_meeting_is_given_back() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        weights(&server, [3, 1]).await;
        for place in 0..8 {
            assert_eq!(api_booking(&server, server.open_start(place)).await.0, 201);
        }
        let all = hosts(&server).await.concat();
        assert_eq!(all.iter().filter(|host| host.starts_with("suzuki")).count(), 6, "{all:?}");
        assert_eq!(balances(&server).await.iter().sum::<i64>(), 0);
        let before = balances(&server).await;
        let (_, ninth) = api_booking(&server, server.open_start(8)).await;
        assert_ne!(balances(&server).await, before);
        let cancel = format!("/bookings/{}/cancel", ninth["id"].as_str().unwrap());
        assert_eq!(server.caller().await.post(&cancel, &json!({})).await.0, 200);
        assert_eq!(balances(&server).await, before, "all of it is given back");
    }
}

#[tokio::test]
async fn visitor_who_does_not_come_gives_the_turn_back_until_it_is_corrected() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let mut server = Server::start_on(kind).await;
        weights(&server, [1, 1]).await;
        let before = balances(&server).await;
        let start = server.open_start(0);
        let (_, booking) = api_booking(&server, start).await;
        let counted = balances(&server).await;
        assert_ne!(counted, before);
        let outcome = format!("/bookings/{}/outcome", booking["id"].as_str().unwrap());
        let early = server.caller().await.post(&outcome, &json!({ "outcome": "no_show" })).await;
        assert_eq!(early.0, 409, "it has not begun");
        let ahead = start.seconds() - server.state.clock.now().seconds() + 60;
        server.change_clock(storage::Clock::default().with_offset(ahead));
        let caller = server.caller().await;
        let told = async |word: &str| {
            let (status, told) = caller.post(&outcome, &json!({ "outcome": word })).await;
            (status, told["outcome"].clone(), told["errors"][0]["code"].clone())
        };
        assert_eq!(told("perhaps").await, (422, Value::Null, json!("not-an-option")));
        for _ in 0..2 {
            assert_eq!(told("no_show").await, (200, json!("no_show"), Value::Null));
            assert_eq!(balances(&server).await, before, "given back once");
        }
        assert_eq!(told("held").await, (200, json!("held"), Value::Null));
        assert_eq!(balances(&server).await, counted, "it counts again");
        assert_eq!(told("no_show").await.0, 200);
        let id = booking["id"].as_str().unwrap();
        let cancelled = caller.post(&format!("/bookings/{id}/cancel"), &json!({})).await;
        assert_eq!((cancelled.0, balances(&server).await), (200, before), "nothing is given back twice");
        assert_eq!(told("held").await.0, 409, "a cancelled meeting has no outcome");
    }
}

#[tokio::test]
async fn weight_of_nothing_takes_a_host_out_of_the_turns_and_off_the_times() {
    let server = Server::start().await;
    weights(&server, [1, 0]).await;
    let start = server.open_start(0);
    assert_eq!(api_booking(&server, start).await.0, 201);
    let (status, taken) = api_booking(&server, start).await;
    assert_eq!(status, 409, "{taken}");
    let page = server.get("/b/sales/demo").await;
    assert!(!page.body.contains(&format!("datetime=\"{start}\"")), "nobody could take it");
}

#[tokio::test]
async fn thirty_bookings_at_once_do_not_skew_the_turns() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let server = Server::start_on(kind).await;
        let bookings = (0..30).map(|place| api_booking(&server, server.open_start(place)));
        let made = futures_util::future::join_all(bookings).await;
        assert!(made.iter().all(|(status, _)| *status == 201), "{made:?}");
        let all = hosts(&server).await.concat();
        assert_eq!(all.iter().filter(|host| host.starts_with("suzuki")).count(), 15, "{all:?}");
        assert!(balances(&server).await.iter().all(|amount| amount.abs() < domain::router::CREDIT));
    }
}

#[tokio::test]
async fn page_by_turn_shows_the_times_of_the_next_host_only() {
    let server = Server::start().await;
    let mut page = server.page.clone();
    page.attendance = domain::booking::Attendance::Turn;
    let write = server.state.database.write().await.unwrap();
    storage::booking::pages::save(&write, server.workspace, &page, server.state.clock.now()).await.unwrap();
    write.commit().await.unwrap();
    let start = server.open_start(0);
    assert_eq!(api_booking(&server, start).await.0, 201);
    let first = hosts(&server).await.concat();
    let shown = |page: &Reply| page.body.contains(&format!("datetime=\"{start}\""));
    assert!(shown(&server.get("/b/sales/demo").await), "the other host is next, and free");
    let read = server.state.database.read();
    let members = teams::find_members(&read, server.workspace, &page.members).await.unwrap();
    let other = members.iter().find(|member| member.email.as_str() != first[0]).unwrap();
    assert_eq!(api_booking(&server, server.open_start(1)).await.0, 201);
    assert_eq!(hosts(&server).await.concat()[1], other.email.as_str());
    assert!(!shown(&server.get("/b/sales/demo").await), "the first host is next again, and not free then");
}

#[tokio::test]
async fn question_for_the_address_is_not_asked_beside_the_address() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let end = |text: &str| json!({ "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": text, "en": "" } } });
    let own = json!({ "kind": "condition", "next": { "match": "yes", "otherwise": "no", "error": "no" },
        "all": [{ "fact": "answer.email", "operator": "ends_with", "value": "@example.co.jp" }] });
    let chart = json!({ "slug": "inbound", "name": "受付", "start": "own",
        "nodes": { "own": own, "yes": end("自社です。"), "no": end("他社です。") } });
    assert_eq!(caller.post("/routers", &chart).await.0, 201);
    let (status, published) = caller.post("/routers/inbound/publish", &json!({})).await;
    assert_eq!(status, 200, "no form has to ask it: {published}");
    let page = server.get("/r/inbound").await;
    assert_eq!(page.body.matches("type=\"email\"").count(), 1, "{}", page.body);
    for (email, told) in [("hana@example.co.jp", "自社です。"), ("hana@other.example", "他社です。")]
    {
        let typed = [("email", email), ("page_url", ""), ("referrer", ""), ("website", "")];
        let sent = server.post("/r/inbound", &typed).await;
        assert!(server.get(sent.location()).await.body.contains(told), "{email}");
    }
}
