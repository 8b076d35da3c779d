//! Creating and changing a booking page in the console, with suggestions.

use crate::signed_in::{Browser, fill, lead_field};
use crate::support::{Reply, Server};
use axum::http::StatusCode;
use domain::org::FieldType;
use domain::value::Language;
use domain::workspace::Role;
use storage::org::descriptions;
use storage::workspace::teams;

fn page_form(server: &Server) -> Vec<(String, String)> {
    let member = server.page.members[0].to_string();
    [
        ("team", "sales"),
        ("title", "新しい面談"),
        ("slug", "new-page"),
        ("active", "on"),
        ("attendance", "any"),
        ("slot_minutes", "45"),
        ("notice_minutes", "60"),
        ("window_days", "30"),
        ("time_zone", "Asia/Tokyo"),
        ("hours.1", "１０：００〜12:00、13:00-18:00"),
        ("member_order", &member),
        ("members", &member),
        ("salesforce.unknown_company", "不明"),
        ("salesforce.map_fields", "on"),
        ("fields[0].label", "役職"),
        ("fields[0].key", ""),
        ("fields[0].kind", "text"),
        ("fields[0].help", "名刺のとおりに"),
        ("salesforce.mappings[0].field", "question_1"),
        ("salesforce.mappings[0].salesforce_field", "title"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

async fn post_page(
    browser: &Browser<'_>,
    path: &str,
    form: &[(String, String)],
    change: (&str, &str),
) -> Reply {
    let mut sent: Vec<(&str, &str)> = form
        .iter()
        .filter(|(name, _)| name != change.0)
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    if !change.0.is_empty() {
        sent.push(change);
    }
    browser.post(path, &sent).await
}

#[tokio::test]
async fn booking_page_is_created_with_mappings() {
    let server = Server::start().await;
    fill(&server).await;
    let browser = server.browser(Role::Editor, Language::English).await;
    let form = page_form(&server);
    let long = "x".repeat(100_000);
    for (name, value, expected) in [
        ("title", "", "field is required"),
        ("title", &long, "at most 200"),
        ("slug", "Bad Slug", "lower-case letters"),
        ("slug", "demo", "is already in use"),
        ("slot_minutes", "7", "multiple of 5"),
        ("slot_minutes", "abc", "Enter a number"),
        ("notice_minutes", "-5", "Enter a number"),
        ("window_days", "0", "from 1 to 365"),
        ("time_zone", "Mars/Base", "no time zone"),
        ("hours.1", "18:00-10:00", "start first"),
        ("hours.2", "nine to five", "start first"),
        ("members", "", "Choose an option"),
        ("fields[0].kind", "robot", "Choose an option"),
        ("fields[0].kind", "radio", "field is required"),
        ("fields[0].key", "名前", "lower-case letter"),
        ("fields[0].key", "email", "reserved name"),
        ("salesforce.mappings[0].field", "nothing", "no question"),
        ("salesforce.mappings[0].salesforce_field", "Titel__c", "no field"),
        ("salesforce.mappings[0].salesforce_field", "Interests__c", "can’t be saved in"),
        ("salesforce.mappings[0].salesforce_field", "Score__c", "can’t be written"),
        ("salesforce.mappings[0].salesforce_field", "Email", "can’t be mapped"),
        ("salesforce.unknown_company", "", "field is required"),
    ] {
        let reply = post_page(&browser, "/console/pages/new", &form, (name, value)).await;
        assert_eq!(
            reply.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name}={}",
            &value[..value.len().min(20)]
        );
        assert!(reply.body.contains(expected), "{name}: {expected}");
        assert!(reply.body.contains("class=\"fault\""), "{name} is marked");
        assert!(reply.body.contains("Asia/Tokyo") || name == "time_zone", "what was typed stays");
    }
    let added = post_page(&browser, "/console/pages/new", &form, ("do", "add-field")).await;
    assert!(added.body.contains("fields[1].label"), "a row more");
    for wish in
        ["remove-field-0", "remove-field-9", "up-field-0", "up-member-7", "remove-mapping-x", "add-mapping"]
    {
        assert_eq!(
            post_page(&browser, "/console/pages/new", &form, ("do", wish)).await.status,
            StatusCode::OK,
            "{wish}"
        );
    }
    let made = post_page(&browser, "/console/pages/new", &form, ("", "")).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let shown = browser.get(made.location()).await.body;
    assert!(shown.contains("10:00-12:00, 13:00-18:00") && shown.contains("question_1"), "{shown}");
    let path = made.location().split('?').next().unwrap();
    let saved = post_page(&browser, path, &form, ("title", "別の名前")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let visited = server.get("/b/sales/new-page?language=ja").await;
    assert_eq!(visited.status, StatusCode::OK);
    let (_, listed) = server.caller().await.get("/pages").await;
    let page = listed["pages"].as_array().unwrap().iter().find(|page| page["slug"] == "new-page").unwrap();
    assert_eq!(page["fields"][0]["help"], "名刺のとおりに", "help texts are kept");
}

#[tokio::test]
async fn label_of_one_field_is_mapped_and_of_two_is_refused() {
    let server = Server::start().await;
    fill(&server).await;
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    let form = page_form(&server);
    let target = "salesforce.mappings[0].salesforce_field";
    let made = post_page(&browser, "/console/pages/new", &form, (target, "　役職 ")).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    assert!(browser.get(made.location()).await.body.contains("value=\"Title\""), "the name is kept");
    let now = server.state.clock.now();
    let write = server.state.database.write().await.unwrap();
    let mut lead = descriptions::find(&write, server.workspace, "Lead").await.unwrap().unwrap();
    lead.description.fields.push(lead_field("OldTitle__c", "役職", FieldType::String, true));
    lead.fetched_at = now;
    descriptions::save(&write, server.workspace, &lead).await.unwrap();
    write.commit().await.unwrap();
    let refused = post_page(&browser, "/console/pages/new", &form, (target, "役職")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Title、OldTitle__c"), "{}", refused.body);
}

#[tokio::test]
async fn removed_row_comes_back_where_it_was() {
    let server = Server::start().await;
    fill(&server).await;
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    let mut form = page_form(&server);
    for (name, value) in
        [("fields[1].label", "部署"), ("fields[1].key", "section"), ("fields[1].kind", "text")]
    {
        form.push((name.to_owned(), value.to_owned()));
    }
    let removed = post_page(&browser, "/console/pages/new", &form, ("do", "remove-field-0")).await;
    assert!(!removed.body.contains("value=\"役職\"") && removed.body.contains("「役職」を削除しました"));
    let kept = removed.input("removed").replace("&#34;", "\"");
    let after: Vec<(String, String)> = form
        .iter()
        .filter(|(name, _)| !name.starts_with("fields[1]"))
        .map(|(name, value)| {
            let value = if name == "fields[0].label" { "部署" } else { value };
            (name.clone(), value.to_owned())
        })
        .chain([("removed".to_owned(), kept)])
        .collect();
    let back = post_page(&browser, "/console/pages/new", &after, ("do", "undo")).await.body;
    let (first, second) = (back.find("value=\"役職\""), back.find("value=\"部署\""));
    assert!(first.is_some() && first < second, "{back}");
}

#[tokio::test]
async fn another_team_brings_its_own_members() {
    let server = Server::start().await;
    let now = server.state.clock.now();
    let write = server.state.database.write().await.unwrap();
    let team =
        teams::Team {
            id: storage::ids::new(now), slug: "other".to_owned(), name: "別のチーム".to_owned()
        };
    assert!(teams::create(&write, server.workspace, &team).await.unwrap());
    let second = server.page.members[1];
    teams::set_team_members(&write, server.workspace, team.id, &[second]).await.unwrap();
    write.commit().await.unwrap();
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    let mut form = page_form(&server);
    form.retain(|(name, _)| !name.starts_with("salesforce.mappings"));
    form.push(("members_of".to_owned(), "sales".to_owned()));
    let chosen = |body: &str| {
        let boxes = body.split("name=\"members\" value=\"").skip(1);
        boxes
            .filter(|one| one.split('>').next().unwrap().contains("checked"))
            .map(|one| one[..36].to_owned())
            .collect::<Vec<_>>()
    };
    form.retain(|(name, _)| name != "team");
    form.push(("team".to_owned(), "other".to_owned()));
    let shown = post_page(&browser, "/console/pages/new", &form, ("do", "team")).await;
    assert_eq!(chosen(&shown.body), [second.to_string()], "the button shows the team's own members");
    let saved = post_page(&browser, "/console/pages/new", &form, ("", "")).await;
    assert_eq!(
        saved.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "members of another team are not saved unseen"
    );
    assert_eq!(chosen(&saved.body), [second.to_string()]);
    form.retain(|(name, _)| name != "members_of" && name != "members");
    form.push(("members_of".to_owned(), saved.input("members_of")));
    form.push(("members".to_owned(), second.to_string()));
    form.push(("member_order".to_owned(), second.to_string()));
    let made = post_page(&browser, "/console/pages/new", &form, ("", "")).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
}

#[tokio::test]
async fn suggestions_match_question_type() {
    let server = Server::start().await;
    fill(&server).await;
    let browser = server.browser(Role::Editor, Language::Japanese).await;
    let path = |query: &str| format!("/console/pages/{}/suggest?{query}", server.page.id);
    assert!(browser.get(&path("field=topic&q=%E5%BD%B9")).await.body.contains("\"Title\""));
    let checkboxes = browser.get(&path("field=interests&q=")).await.body;
    assert!(checkboxes.contains("Interests__c") && !checkboxes.contains("\"Title\""), "{checkboxes}");
    assert!(!browser.get("/console/pages/new/suggest?q=").await.body.contains("Score__c"), "not writable");
    assert_eq!(browser.get("/console/pages/x/suggest?field=%00&q=%00").await.status, StatusCode::OK);
}
