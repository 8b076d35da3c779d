//! The page of Account Engagement lists without JavaScript: rules by buttons, problems at their inputs (E1, E4).

use crate::signed_in::{Browser, fill};
use crate::support::{Reply, Server};
use axum::http::StatusCode;
use domain::engagement::{BusinessUnitCheck, EngagementList, EngagementLists};
use domain::value::Language;
use domain::workspace::Role;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::settings;

const PAGE: &str = "/console/engagement-lists";
const UNIT: &str = "0Uv5g0000008OVCCA2";

fn form<'a>(wish: &'a str, rules: &'a [(String, [&'a str; 3])]) -> Vec<(String, &'a str)> {
    let mut sent = vec![
        ("enabled".to_owned(), "on"),
        ("business_unit_id".to_owned(), UNIT),
        ("refresh_at".to_owned(), "02:30"),
        ("do".to_owned(), wish),
    ];
    for (at, [list, team, meeting_type]) in rules {
        sent.push((format!("{at}.list"), list));
        sent.push((format!("{at}.team"), team));
        sent.push((format!("{at}.meeting_type"), meeting_type));
    }
    sent
}

fn rules<'a>(all: &[[&'a str; 3]]) -> Vec<(String, [&'a str; 3])> {
    all.iter().enumerate().map(|(index, rule)| (format!("rules[{index}]"), *rule)).collect()
}

async fn post(browser: &Browser<'_>, wish: &str, all: &[[&str; 3]]) -> Reply {
    let rules = rules(all);
    browser.post(PAGE, &pairs(&form(wish, &rules))).await
}

/// Posts while Account Engagement is asked and has this to say.
async fn post_answered(
    browser: &Browser<'_>,
    wish: &str,
    all: &[[&str; 3]],
    finding: &BusinessUnitCheck,
) -> Reply {
    let rules = rules(all);
    let answer = |question: &OrgRequest| {
        assert_eq!(*question, OrgRequest::EngagementLists { business_unit_id: UNIT.to_owned() });
        OrgResponse::EngagementLists { finding: finding.clone() }
    };
    browser.post_answered(PAGE, &pairs(&form(wish, &rules)), answer).await
}

fn pairs<'a>(sent: &'a [(String, &'a str)]) -> Vec<(&'a str, &'a str)> {
    sent.iter().map(|(name, value)| (name.as_str(), *value)).collect()
}

fn two_lists() -> BusinessUnitCheck {
    let list = |id, name: &str| EngagementList { id, name: name.to_owned(), is_dynamic: id == 8 };
    BusinessUnitCheck::Lists {
        lists: vec![list(7, "セミナー案内"), list(8, "スコア <b>上位</b>")]
    }
}

/// The values of the rules' list inputs, from top to bottom.
fn shown_lists(reply: &Reply) -> Vec<String> {
    let names = (0..).map_while(|index| {
        let name = format!("rules[{index}].list");
        reply.body.contains(&format!("name=\"{name}\"")).then(|| reply.input(&name))
    });
    names.collect()
}

#[tokio::test]
async fn list_rules_are_edited_without_javascript() {
    let server = Server::start().await;
    fill(&server).await;
    let browser = server.browser(Role::Admin, Language::Japanese).await;
    let all = [["一", "sales", "sales/demo"], ["二", "", ""], ["三", "sales", ""]];
    for (wish, expected) in [
        ("add-rule", vec!["一", "二", "三", ""]),
        ("up-rule-2", vec!["一", "三", "二"]),
        ("up-rule-0", vec!["一", "二", "三"]),
        ("up-rule-99", vec!["一", "二", "三"]),
        ("remove-rule-0", vec!["二", "三"]),
        ("remove-rule-99", vec!["一", "二", "三"]),
    ] {
        let reply = post(&browser, wish, &all).await;
        assert_eq!(reply.status, StatusCode::OK, "{wish}: {}", reply.body);
        assert_eq!(shown_lists(&reply), expected, "{wish}");
        assert_eq!(reply.input("business_unit_id"), UNIT, "what was typed stays");
    }
    let saved =
        settings::find::<EngagementLists>(&server.state.database.read(), server.workspace).await.unwrap();
    assert!(saved.rules.is_empty(), "nothing is saved by the way");
    let reply = browser.get(PAGE).await;
    assert_eq!(shown_lists(&reply), [""], "one blank rule to begin with");
    assert!(!reply.body.contains("/tag.js"), "no tag before the settings were saved");
}

#[tokio::test]
async fn invalid_list_rules_show_problems_and_are_not_saved() {
    let server = Server::start().await;
    fill(&server).await;
    for (language, no_list, no_team, unit) in [
        (
            Language::Japanese,
            "もしかして：セミナー案内",
            "というチームはありません",
            "有効なビジネスユニットはありません",
        ),
        (Language::English, "Did you mean セミナー案内?", "There is no team", "has no active business unit"),
    ] {
        let browser = server.browser(Role::Owner, language).await;
        let good = ["セミナー案内", "sales", "sales/demo"];
        let reply =
            post_answered(&browser, "save", &[good, ["セミナー案", "nobody", ""]], &two_lists()).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.body.contains("href=\"#in-rules-1--meeting-type\""), "{}", reply.body);
        let bad = ["セミナー案", "nobody", "sales/demo"];
        let reply = post_answered(&browser, "save", &[good, bad], &two_lists()).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        for text in [no_list, no_team] {
            assert!(reply.body.contains(text), "{text} in {}", reply.body);
        }
        let reply = post_answered(&browser, "save", &[good], &BusinessUnitCheck::UnknownUnit).await;
        assert!(reply.body.contains(unit) && reply.body.contains("href=\"#in-business-unit-id\""));
    }
    let saved =
        settings::find::<EngagementLists>(&server.state.database.read(), server.workspace).await.unwrap();
    assert_eq!(saved.rules, [], "nothing by half");
}

#[tokio::test]
async fn saved_lists_show_key_and_tag() {
    let server = Server::start().await;
    fill(&server).await;
    let browser = server.browser(Role::Owner, Language::English).await;
    let reply = post_answered(&browser, "load-lists", &[["", "", ""]], &two_lists()).await;
    assert!(reply.body.contains("The business unit has 2 lists."), "{}", reply.body);
    let suggested = browser.get(&format!("{PAGE}/suggest?q=%E3%82%BB%E3%83%9F")).await;
    assert!(suggested.body.contains("\"name\":\"セミナー案内\""), "{}", suggested.body);
    assert!(suggested.body.contains("List 7") && !suggested.body.contains("上位"), "{}", suggested.body);

    let given =
        [["スコア <b>上位</b>", "sales", "sales/demo"], ["", "", ""], ["ｾﾐﾅｰ案内", "sales", "sales/demo"]];
    let reply = post_answered(&browser, "save", &given, &two_lists()).await;
    assert_eq!(reply.location(), "/console/engagement-lists?done=saved", "{}", reply.body);
    let page = browser.get(reply.location()).await;
    assert!(
        page.body.contains("http://localhost:8080/tag.js") && page.body.contains("tsp_"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("<b>上位"), "{}", page.body);
    let saved =
        settings::find::<EngagementLists>(&server.state.database.read(), server.workspace).await.unwrap();
    let kept: Vec<_> = saved.rules.iter().map(|rule| (rule.list.as_str(), rule.list_id)).collect();
    assert_eq!(
        kept,
        [("スコア <b>上位</b>", Some(8)), ("セミナー案内", Some(7))],
        "blank rules are left out"
    );

    let write = server.state.database.write().await.unwrap();
    storage::tag::keys::switch_off(&write, server.workspace, domain::tag::Tag::List).await.unwrap();
    assert!(
        storage::tag::keys::switch_on(&write, server.workspace, domain::tag::Tag::Visitor).await.unwrap()
    );
    write.commit().await.unwrap();
    for (language, reason) in [
        (Language::Japanese, "Web接客タグがオンになっています。"),
        (Language::English, "The visitor tag is on."),
    ] {
        let browser = server.browser(Role::Owner, language).await;
        let reply = post_answered(&browser, "save", &given, &two_lists()).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.body.contains(reason), "{}", reply.body);
    }
}
