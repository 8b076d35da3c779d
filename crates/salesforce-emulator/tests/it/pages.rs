//! The HTML pages.

use serde_json::json;

use crate::harness::Org;

impl Org {
    async fn page(&self, path: &str, language: &str) -> (u16, String) {
        let response =
            self.http.get(self.url(path)).header("accept-language", language).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }
}

#[tokio::test]
async fn org_pages_render_in_both_languages() {
    let org = Org::demo().await;
    let lead = org.lead("継手<b>", "a@example.jp").await;
    org.create("Task", json!({"Subject": "商談のご予約", "WhoId": lead})).await;
    org.patch(&format!("/sobjects/Lead/{lead}"), json!({"Title": "部長"})).await;
    let campaign = org.rows("SELECT Id FROM Campaign").await[0]["Id"].as_str().unwrap().to_owned();
    let (status, home) = org.page("/", "ja").await;
    assert_eq!(status, 200);
    assert!(home.contains("継手デモ株式会社") && home.contains("リード") && home.contains(&campaign));
    let (_, english) = org.page("/?language=en", "ja").await;
    assert!(english.contains("lang=\"en\"") && english.contains("Latest changes"));
    for path in [format!("/lightning/r/Lead/{lead}/view"), format!("/{lead}"), format!("/{}", &lead[..15])] {
        let (status, page) = org.page(&path, "ja").await;
        assert_eq!(status, 200);
        assert!(page.contains("継手&#60;b&#62;"), "names are escaped");
        assert!(page.contains("商談のご予約") && page.contains("部長") && page.contains("役職"));
    }
    let (status, list) = org.page("/lightning/o/Lead/list", "en").await;
    assert_eq!(status, 200);
    assert!(list.contains(&lead));
    assert_eq!(org.page("/00QgT0000zzzzzz", "en").await.0, 404);
    assert_eq!(org.page("/lightning/o/Nope/list", "en").await.0, 404);
    let (_, log) = org.page("/emulator/log", "en").await;
    assert!(log.contains("SELECT Id FROM Campaign") && !log.contains("tsugite-emulator-secret"));
    assert!(org.page("/emulator/assets/style.css", "en").await.1.contains("prefers-color-scheme"));
}

#[tokio::test]
async fn search_box_finds_records_by_word_and_id() {
    let org = Org::demo().await;
    let lead = org.lead("継手<b>", "hanako@example.jp").await;
    let (status, page) = org.page("/emulator/search?q=hanak", "ja").await;
    assert_eq!(status, 200);
    assert!(page.contains("継手&#60;b&#62;") && page.contains(&lead) && page.contains("リード"));
    let (_, nothing) = org.page("/emulator/search?q=nobody-at-all", "en").await;
    assert!(nothing.contains("Nothing found."));
    let straight =
        org.http.get(org.url(&format!("/emulator/search?q={lead}&language=en"))).send().await.unwrap();
    assert_eq!(straight.status(), 303);
    assert_eq!(straight.headers()["location"], format!("/lightning/r/Lead/{lead}/view?language=en"));
}

#[tokio::test]
async fn request_log_can_be_filtered() {
    let org = Org::start().await;
    org.query("SELECT Id FROM Lead").await;
    org.get("/sobjects/Nothing").await;
    for (query, shown, hidden) in [
        ("q=select", "SELECT Id FROM Lead", "/sobjects/Nothing"),
        ("q=404", "/sobjects/Nothing", "SELECT Id FROM Lead"),
        ("failed=1", "/sobjects/Nothing", "SELECT Id FROM Lead"),
    ] {
        let (_, page) = org.page(&format!("/emulator/log?{query}"), "en").await;
        assert!(page.contains(shown) && !page.contains(hidden), "{query}");
    }
}

#[tokio::test]
async fn record_page_converts_deletes_and_restores() {
    let org = Org::start().await;
    let lead = org.lead("佐藤", "a@example.jp").await;
    let press = async |what: &str, id: &str| {
        let form = [("do", what), ("id", id), ("language", "ja")];
        let told = org.http.post(org.url("/emulator/steer")).form(&form).send().await.unwrap();
        assert_eq!(told.status(), 303);
        told.headers()["location"].to_str().unwrap().to_owned()
    };
    assert_eq!(press("delete", &lead).await, format!("/lightning/r/Lead/{lead}/view?language=ja"));
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 0);
    assert!(org.page(&format!("/{lead}"), "ja").await.1.contains("元に戻す"));
    press("undelete", &lead).await;
    press("convert", &lead).await;
    assert_eq!(org.rows("SELECT IsConverted FROM Lead").await[0]["IsConverted"], true);
    assert!(!org.page(&format!("/{lead}"), "ja").await.1.contains("取引を開始"));
    assert_eq!(press("delete", "nonsense").await, "/?language=ja");
}

#[tokio::test]
async fn fault_buttons_work_only_from_own_pages() {
    let org = Org::start().await;
    let press = |site: &'static str| {
        let request = org.http.post(org.url("/emulator/steer")).header("sec-fetch-site", site);
        request.form(&[("do", "unavailable"), ("language", "ja")]).send()
    };
    assert_eq!(press("cross-site").await.unwrap().status(), 403);
    assert_eq!(org.get("/limits").await.status, 200);
    assert_eq!(press("same-origin").await.unwrap().status(), 303);
    assert_eq!(org.get("/limits").await.status, 503);
}
