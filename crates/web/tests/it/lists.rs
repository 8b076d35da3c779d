//! Lists of the console: every one renders, sorts, filters, pages, is exported, and is kept as a view.

use crate::signed_in::{delivery, fill};
use crate::support::Server;
use axum::http::StatusCode;
use domain::delivery::{Delivery, DeliveryKind, DeliveryState};
use domain::list::FilterKind;
use domain::value::Language;
use domain::workspace::Role;
use storage::booking::bookings;
use storage::delivery::{deliveries, ignored};
use web::console::views::LISTS;

#[tokio::test]
async fn every_list_takes_everything_its_description_offers() {
    let server = Server::start().await;
    fill(&server).await;
    let browser = server.browser(Role::Owner, Language::English).await;
    for spec in LISTS {
        let mut asked = vec![String::new(), "q=a".to_owned(), "after=x~1".to_owned(), "before=~".to_owned()];
        asked.extend(spec.tabs.iter().map(|tab| format!("tab={tab}")));
        for column in spec.columns {
            asked.push(format!("column={}", column.key));
            asked.push(format!("sort=-{}", column.key));
        }
        for filter in spec.filters {
            match filter.kind {
                FilterKind::Words(words) => {
                    asked.extend(words.iter().map(|word| format!("{}={word}", filter.key)));
                }
                FilterKind::Things => asked.push(format!("{}=unknown", filter.key)),
                FilterKind::Days => asked.push(format!("{0}-from=2026-01-01&{0}-to=2026-12-31", filter.key)),
            }
        }
        for query in asked {
            for format in ["", "&format=csv", "&format=csv&bom=1"] {
                let path = format!("{}?{query}{format}", spec.path);
                let reply = browser.get(&path).await;
                assert_eq!(reply.status, StatusCode::OK, "{path}");
                let is_file = reply.headers["content-type"].to_str().unwrap().starts_with("text/csv");
                assert_eq!(is_file, !format.is_empty(), "{path}");
                assert_eq!(reply.body.starts_with('\u{feff}'), format.ends_with("bom=1"), "{path}");
                assert!(!reply.body.contains("<script>alert") || is_file, "{path} is not escaped");
            }
        }
    }
}

#[tokio::test]
async fn list_of_more_than_a_page_goes_on_and_back() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    let now = server.state.clock.now();
    let write = server.state.database.write().await.unwrap();
    let first = bookings::find(&write, server.workspace, booking).await.unwrap().unwrap();
    for place in 0..60 {
        let mut one = first.clone();
        one.id = storage::ids::new(now);
        one.hosts.clear();
        one.created_at = now.plus_minutes(-place);
        one.attendee.company = format!("Company {place}");
        assert!(bookings::create(&write, server.workspace, &one).await.unwrap());
    }
    write.commit().await.unwrap();
    let browser = server.browser(Role::Contributor, Language::English).await;
    let page = browser.get("/console/bookings").await.body;
    assert!(page.contains("61 total"), "{page}");
    let next = link(&page, "next");
    let second = browser.get(&next).await.body;
    assert!(second.contains("Company 59") && !second.contains("Company 0<"), "{second}");
    let back = browser.get(&link(&second, "prev")).await.body;
    assert!(back.contains("Company 0<") && !back.contains("Company 59"), "{back}");
    let file = browser.get("/console/bookings?format=csv&q=company&column=start&sort=made").await.body;
    assert_eq!(file.lines().count(), 61, "{file}");
    assert!(file.starts_with("\"Visitor\",\"Meeting on\"\r\n"), "{file}");
}

fn link(page: &str, rel: &str) -> String {
    let before = page.split(&format!("rel=\"{rel}\"")).next().unwrap();
    before
        .rsplit("href=\"")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

#[tokio::test]
async fn causes_are_ignored_and_brought_back_by_undo() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    let now = server.state.clock.now();
    let write = server.state.database.write().await.unwrap();
    let found = bookings::find(&write, server.workspace, booking).await.unwrap().unwrap();
    for _ in 0..3 {
        let failed = Delivery {
            error_code: Some("INACTIVE_OWNER_OR_USER".to_owned()),
            ..delivery(&found, DeliveryKind::Todo, DeliveryState::Failed, now)
        };
        deliveries::create(&write, server.workspace, &failed, now).await.unwrap();
    }
    write.commit().await.unwrap();
    let open = async || ignored::count_open(&server.state.database.read(), server.workspace).await.unwrap();
    let before = open().await;
    let browser = server.browser(Role::Editor, Language::English).await;
    let page = browser.get("/console/errors").await.body;
    assert!(page.contains("href=\"/console/members\">Check hosts"), "the cure is linked: {page}");
    let reply = browser.post("/console/errors/ignore", &[("cause", "INACTIVE_OWNER_OR_USER")]).await;
    assert_eq!(open().await, before - 3);
    let told = browser.get(reply.location()).await;
    assert!(told.body.contains("action=\"/console/errors/unignore\""), "{}", told.body);
    let at = reply.location().split("undo=").nth(1).unwrap();
    browser.post("/console/errors/unignore", &[("undo", at)]).await;
    assert_eq!(open().await, before);
    let ids: Vec<String> =
        ignored::of_cause(&server.state.database.read(), server.workspace, "INACTIVE_OWNER_OR_USER", 10)
            .await
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
    let chosen: Vec<(&str, &str)> = ids.iter().map(|id| ("id", id.as_str())).collect();
    browser.post("/console/errors/retry", &chosen).await;
    assert_eq!(open().await, before - 3, "those that were chosen are tried again");
    let none = browser.post("/console/errors/retry", &[]).await;
    assert!(browser.get(none.location()).await.body.contains("Select at least one row."));
}

#[tokio::test]
async fn view_keeps_what_the_list_understands_and_can_be_undone() {
    let server = Server::start().await;
    fill(&server).await;
    let browser = server.browser(Role::Editor, Language::English).await;
    let form = [
        ("list", "bookings"),
        ("name", "Past <b>ones"),
        ("query", "tab=past&evil=1&sort=start&q=a"),
        ("shared", "on"),
    ];
    let saved = browser.post("/console/views", &form).await;
    assert!(
        saved.location().starts_with("/console/bookings?tab=past&q=a&sort=start&view="),
        "{}",
        saved.location()
    );
    let other = server.browser(Role::Contributor, Language::English).await;
    let page = other.get("/console/bookings").await.body;
    assert!(page.contains("Past &#60;b&#62;ones"), "a shared view is a tab of others: {page}");
    let view = saved.location().split("view=").nth(1).unwrap().split('&').next().unwrap();
    let removed = browser.post("/console/views/remove", &[("list", "bookings"), ("view", view)]).await;
    assert!(!other.get("/console/bookings").await.body.contains("Past &#60;b"));
    let undo = removed.location().split("undo=").nth(1).unwrap();
    browser.post("/console/views/restore", &[("undo", undo)]).await;
    assert!(other.get("/console/bookings").await.body.contains("Past &#60;b"));
}
