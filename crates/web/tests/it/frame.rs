//! What every page of the console has around it: menu, breadcrumbs, bell and search.

use crate::signed_in::fill;
use crate::support::Server;
use axum::http::StatusCode;
use domain::delivery::{DeliveryKind, DeliveryState};
use domain::notification::Notice;
use domain::value::Language;
use domain::workspace::Role;
use storage::notification::inbox;

#[test]
fn every_icon_that_pages_name_is_in_the_sprite() {
    let sprite = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/icons.svg")).unwrap();
    let sources = crate::catalogue::read_all("src", "rs") + &crate::catalogue::read_all("templates", "html");
    let literal = crate::catalogue::literals(&sources, "icon(\"").map(str::to_owned);
    let menu = web::ui::navigation::MENU.iter().flat_map(|group| group.entries.iter());
    let mut names: Vec<String> = menu.map(|entry| entry.icon.to_owned()).chain(literal).collect();
    names.sort();
    names.dedup();
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        assert!(sprite.contains(&format!("id=\"{name}\"")), "no icon {name}: add it to scripts/icons");
    }
}

#[tokio::test]
async fn pages_below_an_entry_show_the_way_back_and_their_own_name() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    let browser = server.browser(Role::Owner, Language::English).await;
    let page = browser.get(&format!("/console/bookings/{booking}")).await.body;
    let crumbs = page.split("class=\"crumbs\"").nth(1).unwrap().split("</nav>").next().unwrap();
    assert!(crumbs.contains("<a href=\"/console/bookings\">Bookings</a>"), "{crumbs}");
    let heading = page.split("<h1>").nth(1).unwrap().split("</h1>").next().unwrap();
    assert!(heading.contains("太郎"), "the visitor's name is the title, not {heading}");
    assert!(page.contains("aria-current=\"page\""), "the menu shows where one is");
}

#[tokio::test]
async fn hundred_messages_of_one_cause_are_one_line_of_the_bell() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    let now = server.state.clock.now();
    let write = server.state.database.write().await.unwrap();
    let found = storage::booking::bookings::find(&write, server.workspace, booking).await.unwrap().unwrap();
    let failed = domain::delivery::Delivery {
        error_code: Some("REQUIRED_FIELD_MISSING".to_owned()),
        ..crate::signed_in::delivery(&found, DeliveryKind::Todo, DeliveryState::Failed, now)
    };
    for _ in 0..100 {
        inbox::publish(&write, server.workspace, &Notice::delivery_failed(&failed), now).await.unwrap();
    }
    write.commit().await.unwrap();
    let browser = server.browser(Role::Owner, Language::English).await;
    let page = browser.get("/console").await.body;
    let bell = page.split("class=\"bell\"").nth(1).unwrap().split("</ul>").next().unwrap();
    assert_eq!(bell.matches("<li>").count(), 2, "one cause each: {bell}");
    assert!(bell.contains(">100<"), "{bell}");
}

#[tokio::test]
async fn search_finds_pages_by_other_words_and_things_by_name() {
    let server = Server::start().await;
    let browser = server.browser(Role::Owner, Language::Japanese).await;
    for (typed, href) in [
        ("エラー", "/console/errors".to_owned()),
        ("ｴﾗｰ", "/console/errors".to_owned()),
        ("CSV", "/console/audit".to_owned()),
        ("オンライン面談", format!("/console/pages/{}", server.page.id)),
        ("鈴木", "/console/members?member=".to_owned()),
    ] {
        let query: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        for path in ["/console/search", "/console/search/suggest"] {
            let reply = browser.get(&format!("{path}?q={query}")).await;
            assert_eq!(reply.status, StatusCode::OK);
            assert!(reply.body.contains(&href), "{typed} {path}: {}", reply.body);
        }
    }
    let booking = fill(&server).await;
    let found = browser.get("/console/search/suggest?q=%E5%A4%AA%E9%83%8E").await.body;
    assert!(found.contains(&format!("/console/bookings/{booking}")), "a visitor by name: {found}");
    let reader = server.browser(Role::Contributor, Language::Japanese).await;
    let found = reader.get("/console/search/suggest?q=API").await.body;
    assert!(!found.contains("/console/api-keys"), "what one may not open is not offered: {found}");
}

/// `GET` addresses of the console, as the router has them.
fn console_routes() -> Vec<String> {
    let router = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/router.rs")).unwrap();
    let routes = router.split(".route(").skip(1).filter_map(|route| {
        let (path, handler) = route.trim_start().strip_prefix('"')?.split_once('"')?;
        let is_page = handler.trim_start_matches([',', ' ', '\n']).starts_with("get(");
        (path.starts_with("/console") && is_page).then(|| path.to_owned())
    });
    routes.collect()
}

#[test]
fn browser_story_has_every_page_of_the_console() {
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/browser/pages.json");
    let list: Vec<serde_json::Value> = serde_json::from_str(&std::fs::read_to_string(list).unwrap()).unwrap();
    let mut told: Vec<String> = list.iter().map(|page| page["route"].as_str().unwrap().to_owned()).collect();
    let mut routes = console_routes();
    assert!(routes.len() > 25, "{routes:?}");
    told.sort();
    routes.sort();
    assert_eq!(told, routes, "tests/browser/pages.json and the router differ");
}
