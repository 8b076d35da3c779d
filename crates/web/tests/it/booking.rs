//! Booking on the public page (B2, B3, Q4).

use crate::support::{Reply, Server};
use axum::http::StatusCode;

const GOOD: [(&str, &str); 6] = [
    ("attendee.family_name", "山田"),
    ("attendee.given_name", "太郎"),
    ("attendee.company", "株式会社サンプル"),
    ("attendee.email", "taro@sample.example"),
    ("answers.topic", "導入の相談"),
    ("answers.size", "11-50"),
];

fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = GOOD.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.copied().chain(changes.iter().copied()).collect()
}

async fn book(server: &Server, path: &str, changes: &[(&str, &str)]) -> Reply {
    let form = server.get(path).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    let token = form.input("token");
    let mut sent = with(changes);
    sent.push(("token", &token));
    server.post(path, &sent).await
}

#[tokio::test]
async fn visitor_books_and_cancels() {
    let server = Server::start().await;
    for (language, title, done) in
        [("ja", "オンライン面談", "ご予約を承りました"), ("en", "Online meeting", "Your meeting is booked")]
    {
        let days = server.get(&format!("/b/sales/demo?language={language}&utm_source=x")).await;
        assert_eq!(days.status, StatusCode::OK);
        assert!(
            days.body.contains(title) && days.body.contains(&format!("lang=\"{language}\"")),
            "{}",
            days.body
        );
        assert!(days.body.contains("utm_source=x"), "the address's values go on to the form");
        let path = format!("/b/sales/demo/{}?language={language}&utm_source=x", server.open_start(3));
        let booked = book(&server, &path, &[("answers.utm_source", "x")]).await;
        assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.body);
        let page = server.get(booked.location()).await;
        assert!(page.body.contains(done) && page.body.contains("taro@sample.example"), "{}", page.body);
        let file = booked.location().replace('?', "/calendar.ics?");
        let calendar = server.get(&file).await.body;
        assert!(
            calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.contains("STATUS:CONFIRMED"),
            "{calendar}"
        );
        assert!(calendar.lines().all(|line| line.len() <= 75), "{calendar}");
        let cancel = page.body.split("href=\"/cancel/").nth(1).unwrap().split('"').next().unwrap();
        let cancel = format!("/cancel/{cancel}");
        let asked = server.get(&cancel).await;
        assert!(asked.body.contains("<form"), "{}", asked.body);
        let cancelled = server.post(&cancel, &[]).await;
        assert_eq!(cancelled.status, StatusCode::SEE_OTHER);
        assert!(!server.get(cancelled.location()).await.body.contains("<form"));
        // The time is free again.
        assert_eq!(server.get(&path).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn invalid_input_shows_problems_and_keeps_values() {
    let server = Server::start().await;
    let long = "あ".repeat(100_000 / 3);
    let table: [(&str, &str, &str); 12] = [
        ("attendee.family_name", "", "入力してください"),
        ("attendee.email", "", "入力してください"),
        ("attendee.email", "taro@", "メールアドレスの形式"),
        ("attendee.email", "taro at sample", "メールアドレスの形式"),
        ("answers.topic", "", "入力してください"),
        ("answers.topic", &long, "1,000文字以内"),
        ("answers.size", "1000", "選択肢にありません"),
        ("answers.interests", "Z<script>", "選択肢にありません"),
        ("answers.industry", "農業", "選択肢にありません"),
        ("answers.deadline", "2026-13-45", "日付を"),
        ("guests", "a@b.example, nobody", "2件目"),
        ("attendee.company", &long, "255文字以内"),
    ];
    for (name, value, expected) in table {
        let path = format!("/b/sales/demo/{}?language=ja", server.open_start(4));
        let reply = book(&server, &path, &[(name, value)]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {}", reply.body);
        assert!(reply.body.contains(expected), "{name}: {expected} in {}", reply.body);
        assert!(reply.body.contains("href=\"#in-"), "the summary leads to the input");
        assert!(
            reply.body.contains("株式会社サンプル") || name == "attendee.company",
            "what was typed stays"
        );
        assert!(!reply.body.contains("<script>"), "escaped");
    }
    let bookings =
        storage::booking::bookings::list(&server.state.database.read(), server.workspace, None, 10).await;
    assert!(bookings.unwrap().is_empty(), "nothing was kept");
}

#[tokio::test]
async fn full_width_email_is_accepted() {
    let server = Server::start().await;
    let path = format!("/b/sales/demo/{}?language=ja", server.open_start(4));
    let reply = book(&server, &path, &[("attendee.email", "ｔａｒｏ＠ｓａｍｐｌｅ．ｅｘａｍｐｌｅ")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
}

#[tokio::test]
async fn unbookable_times_show_reason() {
    let server = Server::start().await;
    let now = server.state.clock.now();
    for (start, expected) in [
        (now.plus_minutes(-60).to_string(), "受付を終了しました"),
        (now.plus_minutes(60 * 24 * 400).to_string(), "まだ予約を受け付けていません"),
        (server.open_start(3).plus_minutes(7).to_string(), "受付時間外"),
        ("9999-12-29T00:00:00Z".to_owned(), "まだ予約を受け付けていません"),
        ("-009998-01-01T00:00:00Z".to_owned(), "受付を終了しました"),
        ("tomorrow".to_owned(), "日時を読み取れませんでした"),
        ("999999-01-01T00:00:00Z".to_owned(), "日時を読み取れませんでした"),
    ] {
        let reply = server.get(&format!("/b/sales/demo/{start}?language=ja")).await;
        assert_eq!(reply.status, StatusCode::CONFLICT);
        assert!(reply.body.contains(expected), "{start}: {}", reply.body);
        let posted = server.post(&format!("/b/sales/demo/{start}?language=ja"), &GOOD).await;
        assert!(posted.status.is_client_error(), "{start} {}", posted.status);
    }
}

#[tokio::test]
async fn taken_time_offers_alternatives_and_keeps_values() {
    let server = Server::start().await;
    let path = format!("/b/sales/demo/{}?language=ja", server.open_start(4));
    let late = server.get(&path).await.input("token");
    // Two members: two visitors fit, the third doesn't.
    for visitor in ["a@x.example", "b@x.example"] {
        assert_eq!(book(&server, &path, &[("attendee.email", visitor)]).await.status, StatusCode::SEE_OTHER);
    }
    let reply = server.post(&path, &with(&[("token", &late)])).await;
    assert_eq!(reply.status, StatusCode::CONFLICT, "{}", reply.body);
    let offered: Vec<&str> = reply.body.split("class=\"plain\" name=\"token\"").skip(1).collect();
    assert_eq!(offered.len(), 3, "{}", reply.body);
    assert!(reply.body.contains("株式会社サンプル"));
    let other =
        offered[0].split("formaction=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let token = reply.body.split("name=\"token\" value=\"").nth(2).unwrap().split('"').next().unwrap();
    let again = server.post(&other, &with(&[("token", token)])).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
}

#[tokio::test]
async fn repeated_form_makes_one_booking() {
    let server = Server::start().await;
    let path = format!("/b/sales/demo/{}?language=ja", server.open_start(4));
    let token = server.get(&path).await.input("token");
    let first = server.post(&path, &with(&[("token", &token)])).await;
    let second = server.post(&path, &with(&[("token", &token)])).await;
    assert_eq!(first.location(), second.location());
}

#[tokio::test]
async fn forged_forms_and_links_are_rejected() {
    let server = Server::start().await;
    let path = format!("/b/sales/demo/{}?language=en", server.open_start(4));
    let without = server.post(&path, &GOOD).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
    assert!(without.body.contains("株式会社サンプル"), "what was typed stays");
    let robot = book(&server, &path, &[("website", "http://spam.example")]).await;
    assert_eq!(robot.status, StatusCode::FORBIDDEN);
    let booked = book(&server, &path, &[]).await;
    let done = booked.location().split('?').next().unwrap().to_owned();
    let token = done.rsplit('/').next().unwrap().to_owned();
    let (named, tag) = token.split_once('.').unwrap();
    let mut other: Vec<u8> = named.bytes().collect();
    other[30] = if other[30] == b'A' { b'B' } else { b'A' };
    let other = String::from_utf8(other).unwrap();
    // A link for looking is no link for cancelling, and every changed character spoils it.
    for bad in [
        format!("/cancel/{token}"),
        format!("/b/sales/demo/done/{other}.{tag}"),
        format!("{done}x"),
        "/cancel/x".to_owned(),
        "/cancel/.".to_owned(),
    ] {
        let reply = server.get(&bad).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{bad}");
        assert!(reply.body.contains("<html"), "{}", reply.body);
        assert!(server.post(&bad, &[]).await.status.is_client_error(), "{bad}");
    }
}

#[tokio::test]
async fn unknown_urls_show_a_page_and_never_500() {
    let server = Server::start().await;
    for path in [
        "/b/nobody/demo",
        "/b/sales/nothing",
        "/b/sales/%00",
        "/b/%FF/x",
        "/b/sales/demo/x/y/z",
        "/b",
        "/nothing",
        "/b/sales/demo?day=9999-12-31",
        "/b/sales/demo?day=-9999-01-01",
        "/b/sales/demo?day=x%00",
        "/assets/none.css",
        "/b/sales/demo/done/a.b",
        "/b/../../etc/passwd",
        "/b/sales/demo?language=%FF",
        "/cancel/%00",
    ] {
        let reply = server.get(path).await;
        assert!(reply.status.as_u16() < 500, "{path} {}", reply.status);
        assert!(reply.body.contains("<html"), "{path}: {}", reply.body);
        for method in ["PUT", "DELETE", "PATCH"] {
            let request =
                axum::http::Request::builder().method(method).uri(path).body(axum::body::Body::empty());
            let reply = server.send(request.unwrap()).await;
            assert!(reply.status.is_client_error(), "{method} {path} {}", reply.status);
        }
    }
    let huge = "x".repeat(3_000_000);
    let path = format!("/b/sales/demo/{}", server.open_start(4));
    let reply = server.post(&path, &[("answers.topic", &huge)]).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.body.contains("<html"));
}

/// One household books a few times; a flood from one address is slowed down, on that page and on all pages together.
#[tokio::test]
async fn many_bookings_from_one_address_are_slowed_down() {
    let server = Server::start().await;
    let mut statuses = Vec::new();
    for number in 0..12 {
        let path = format!("/b/sales/demo/{}", server.open_start(number * 2));
        let email = format!("flood.{number}@sample.example");
        let reply = book(&server, &path, &[("attendee.email", &email)]).await;
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(reply.headers.contains_key("retry-after"));
            assert!(reply.body.contains(&email), "what was typed is kept");
        }
        statuses.push(reply.status);
    }
    assert!(statuses[..10].iter().all(|status| *status == StatusCode::SEE_OTHER), "{statuses:?}");
    assert_eq!(statuses[10..], [StatusCode::TOO_MANY_REQUESTS; 2]);
    // A browser may work instead of waiting; a program that answers anything may not.
    let path = format!("/b/sales/demo/{}", server.open_start(40));
    let refused = book(&server, &path, &[("attendee.email", "works@sample.example"), ("work", "1")]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.input("work"), "");
    let token = refused.input("token");
    let challenge = token.split('.').next().unwrap();
    let solves = |number: &u64| {
        let digest = ring::digest::digest(&ring::digest::SHA256, format!("{challenge}.{number}").as_bytes());
        u32::from_be_bytes(digest.as_ref()[..4].try_into().unwrap()).leading_zeros() >= 15
    };
    let answer = (0_u64..).find(solves).unwrap().to_string();
    let mut sent = with(&[("attendee.email", "works@sample.example"), ("work", &answer)]);
    sent.push(("token", &token));
    assert_eq!(server.post(&path, &sent).await.status, StatusCode::SEE_OTHER);
}
