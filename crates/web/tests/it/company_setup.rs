//! Setting up the company import in four steps, without JavaScript (Y1–Y4, Y8).

use crate::signed_in::{Browser, fill, lead_field};
use crate::support::{Reply, Server};
use axum::http::StatusCode;
use domain::company::{CompanyImport, CompanyPreview, OnRemoval, SampleCompany};
use domain::org::{FieldType, ObjectDescription, OrgField, PicklistOption};
use domain::value::{FieldProblem, Language, Step};
use domain::workspace::Role;
use serde_json::json;
use storage::org::descriptions;
use storage::org::descriptions::Described;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::settings;

const SETUP: &str = "/console/companies/import";

/// An org whose Accounts were described a moment ago.
async fn start() -> Server {
    let server = Server::start().await;
    fill(&server).await;
    let option = |value: &str, active| PicklistOption {
        value: value.to_owned(),
        label: format!("{value} <b>"),
        active,
    };
    let field = |name: &str, label: &str, kind| lead_field(name, label, kind, true);
    let description = ObjectDescription {
        name: "Account".to_owned(),
        label: "取引先".to_owned(),
        createable: true,
        updateable: true,
        fields: vec![
            field("Name", "取引先名", FieldType::String),
            OrgField {
                options: vec![option("IT", true), option("Finance", true), option("Old", false)],
                ..field("Industry", "業種", FieldType::Picklist)
            },
            field("NumberOfEmployees", "従業員数", FieldType::Integer),
            field("CreatedDate", "作成日", FieldType::DateTime),
            field("IsPartner", "パートナー", FieldType::Checkbox),
            OrgField { filterable: false, ..field("Description", "説明", FieldType::LongText) },
        ],
        child_lists: vec!["Contacts".to_owned()],
        record_types: Vec::new(),
    };
    let now = server.state.clock.now();
    let write = server.state.database.write().await.unwrap();
    let described = Described { description, last_modified: String::new(), fetched_at: now };
    descriptions::save(&write, server.workspace, &described).await.unwrap();
    write.commit().await.unwrap();
    server
}

async fn draft(server: &Server) -> Option<CompanyImport> {
    let read = server.state.database.read();
    settings::find::<settings::CompanyImportDraft>(&read, server.workspace).await.unwrap().0
}

async fn step(browser: &Browser<'_>, name: &str, form: &[(&str, &str)]) -> Reply {
    browser.post(&format!("{SETUP}/{name}"), form).await
}

fn judged(question: &OrgRequest) -> OrgResponse {
    let OrgRequest::CompanyImport { import, preview, .. } = question else { panic!("{question:?}") };
    let sample = SampleCompany {
        external_id: "001000000000001AAA".to_owned(),
        name: "会社 <script>".to_owned(),
        fields: [("industry".to_owned(), json!("IT"))].into(),
    };
    let found = CompanyPreview { count: 1200, sample: vec![sample] };
    OrgResponse::CompanyImport { import: import.clone(), preview: preview.then_some(found) }
}

#[tokio::test]
async fn import_is_set_up_in_four_steps() {
    let server = start().await;
    let browser = server.browser(Role::Admin, Language::Japanese).await;
    assert_eq!(browser.get(&format!("{SETUP}/object")).await.location(), SETUP, "there is no draft yet");
    let begun = browser.post(&format!("{SETUP}/begin"), &[]).await;
    assert_eq!(begun.location(), format!("{SETUP}/object"));
    let chosen = step(&browser, "object", &[("object", "Account"), ("do", "next")]).await;
    assert_eq!(chosen.location(), format!("{SETUP}/conditions"));

    let added = step(&browser, "conditions", &[("add", "Industry"), ("do", "add")]).await;
    assert_eq!(added.location(), format!("{SETUP}/conditions#condition-1"), "{}", added.body);
    let page = browser.get(&format!("{SETUP}/conditions")).await;
    assert!(
        page.body.contains("IT &#60;b&#62;") || page.body.contains("IT &lt;b&gt;"),
        "escaped: {}",
        page.body
    );
    let condition = [
        ("conditions[0].field", "Industry"),
        ("conditions[0].operator", "is_one_of"),
        ("conditions[0].value", "IT"),
        ("conditions[0].value", "Finance"),
    ];
    let sent: Vec<_> = condition.into_iter().chain([("do", "next")]).collect();
    let next = step(&browser, "conditions", &sent).await;
    assert_eq!(next.location(), format!("{SETUP}/mapping"), "{}", next.body);
    let kept = draft(&server).await.unwrap();
    assert_eq!(kept.conditions[0].values, ["IT", "Finance"]);

    let added = step(&browser, "mapping", &[("add", "industry"), ("do", "enter")]).await;
    assert_eq!(added.location(), format!("{SETUP}/mapping#mapping-1"), "{}", added.body);
    let mapping =
        [("mappings[0].path", "Industry"), ("mappings[0].own", "industry"), ("mappings[0].label", "業界")];
    let sent: Vec<_> = mapping.into_iter().chain([("do", "next")]).collect();
    let next = step(&browser, "mapping", &sent).await;
    assert_eq!(next.location(), format!("{SETUP}/confirm"), "{}", next.body);
    assert_eq!(draft(&server).await.unwrap().fields[0].label, "業界");

    let last = [("when_gone", "archive"), ("every_hours", "１２"), ("do", "next")];
    let saved = browser.post_answered(&format!("{SETUP}/confirm"), &last, judged).await;
    assert_eq!(saved.location(), "/console/companies?done=company-import-saved", "{}", saved.body);
    assert_eq!(draft(&server).await, None, "the draft is in use");
    let used =
        settings::find::<CompanyImport>(&server.state.database.read(), server.workspace).await.unwrap();
    assert_eq!((used.enabled, used.every_hours, used.when_gone), (true, 12, OnRemoval::Archive));
    let overview = browser.get(SETUP).await;
    assert!(overview.body.contains("業界") && overview.body.contains("業種"), "{}", overview.body);
    let stopped = browser.post(&format!("{SETUP}/stop"), &[]).await;
    assert_eq!(stopped.location(), format!("{SETUP}?done=company-import-stopped"));
}

#[tokio::test]
async fn fields_that_do_not_fit_are_refused_at_their_inputs() {
    let server = start().await;
    for language in [Language::Japanese, Language::English] {
        let browser = server.browser(Role::Owner, language).await;
        browser.post(&format!("{SETUP}/begin"), &[]).await;
        for (name, form, field) in [
            ("object", vec![("object", "Contact"), ("do", "next")], "object"),
            ("conditions", vec![("add", "Industri"), ("do", "add")], "add"),
            ("conditions", vec![("add", "Description"), ("do", "add")], "add"),
            ("conditions", vec![("add", "Contacts.Name"), ("do", "add")], "add"),
            (
                "conditions",
                vec![
                    ("conditions[0].field", "NumberOfEmployees"),
                    ("conditions[0].operator", "equals"),
                    ("conditions[0].value", "many"),
                    ("do", "next"),
                ],
                "conditions-0--value",
            ),
            (
                "conditions",
                vec![
                    ("conditions[0].field", "Gone__c"),
                    ("conditions[0].operator", "is_blank"),
                    ("do", "next"),
                ],
                "conditions-0--operator",
            ),
            ("mapping", vec![("add", "Gone__c"), ("do", "add")], "add"),
            (
                "mapping",
                vec![
                    ("mappings[0].path", "Gone__c"),
                    ("mappings[0].own", "gone"),
                    ("mappings[0].label", ""),
                    ("do", "next"),
                ],
                "mappings-0--label",
            ),
        ] {
            let reply = step(&browser, name, &form).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {form:?}");
            assert!(reply.body.contains(&format!("href=\"#in-{field}\"")), "{name} {form:?}: {}", reply.body);
            assert!(reply.body.contains("aria-invalid=\"true\""), "{name} {form:?}");
        }
        let discarded = browser.post(&format!("{SETUP}/discard"), &[]).await;
        assert_eq!(discarded.location(), format!("{SETUP}?done=draft-discarded"));
    }
    let used =
        settings::find::<CompanyImport>(&server.state.database.read(), server.workspace).await.unwrap();
    assert_eq!(used, CompanyImport::default(), "nothing was saved");
}

#[tokio::test]
async fn buttons_lead_through_steps_and_keep_what_was_typed() {
    let server = start().await;
    let browser = server.browser(Role::Admin, Language::English).await;
    browser.post(&format!("{SETUP}/begin"), &[]).await;
    let rows = [
        ("conditions[0].field", "Industry"),
        ("conditions[0].operator", "equals"),
        ("conditions[0].value", "IT"),
        ("conditions[1].field", "IsPartner"),
        ("conditions[1].operator", "is_true"),
        ("conditions[2].field", "CreatedDate"),
        ("conditions[2].operator", "after"),
        ("conditions[2].when", "last_n_days"),
        ("conditions[2].days", "９０"),
    ];
    for (button, expected, left) in [
        ("go:mapping", "/mapping", 3),
        ("back", "/object", 3),
        ("go:confirm", "/confirm", 3),
        ("browse:Owner", "/conditions?through=Owner#fields", 3),
        ("unknown", "/conditions", 3),
        ("remove:1", "/conditions?done=import-row-removed&undo=row#main", 2),
        ("remove:99", "/conditions#main", 3),
        ("remove:x", "/conditions", 3),
    ] {
        let sent: Vec<_> = rows.into_iter().chain([("do", button)]).collect();
        let reply = step(&browser, "conditions", &sent).await;
        assert_eq!(reply.location(), format!("{SETUP}{expected}"), "{button}");
        let kept = draft(&server).await.unwrap();
        assert_eq!(kept.conditions.len(), left, "{button}");
        if left == 3 {
            assert_eq!(kept.conditions[2].values, ["last_n_days:90"], "full-width digits are digits");
        }
    }
    let before = draft(&server).await.unwrap().conditions;
    let sent: Vec<_> = rows.into_iter().chain([("do", "remove:1")]).collect();
    let removed = step(&browser, "conditions", &sent).await;
    let shown = browser.get(removed.location()).await.body;
    assert!(shown.contains("action=\"/console/companies/import/restore\""), "{shown}");
    browser.post("/console/companies/import/restore", &[("undo", "row")]).await;
    assert_eq!(draft(&server).await.unwrap().conditions, before, "the row is back at its place");
    let reply = step(&browser, "object", &[("object", "Opportunity"), ("do", "next")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "conditions would be lost");
    let reply = step(&browser, "object", &[("object", "Opportunity"), ("drop", "on"), ("do", "next")]).await;
    assert_eq!(reply.location(), format!("{SETUP}/conditions"));
    assert!(draft(&server).await.unwrap().conditions.is_empty());
}

#[tokio::test]
async fn last_step_names_what_the_org_refuses() {
    let server = start().await;
    for (language, number, unreachable) in
        [(Language::Japanese, "条件", "Salesforce"), (Language::English, "Condition 2", "Salesforce")]
    {
        let browser = server.browser(Role::Owner, language).await;
        browser.post(&format!("{SETUP}/begin"), &[]).await;
        let form = [("when_gone", "mark"), ("every_hours", "4"), ("do", "next")];
        let refuse = |_: &OrgRequest| OrgResponse::CompanyImportInvalid {
            problems: vec![
                FieldProblem::new("conditions[1].value", "not-a-number").with("value", "<script>"),
            ],
        };
        let reply = browser.post_answered(&format!("{SETUP}/confirm"), &form, refuse).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.body.contains(number) && !reply.body.contains("<script>alert"), "{}", reply.body);
        let fail = |_: &OrgRequest| OrgResponse::Failed { reason: Step::new("unavailable") };
        let reply = browser.post_answered(&format!("{SETUP}/confirm"), &form, fail).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.body.contains("role=\"alert\"") && reply.body.contains(unreachable), "{}", reply.body);
        for (name, value) in
            [("every_hours", "0"), ("every_hours", "25"), ("every_hours", "often"), ("when_gone", "x")]
        {
            let form: Vec<_> =
                form.iter().map(|(known, old)| (*known, if *known == name { value } else { *old })).collect();
            let reply = browser.post_answered(&format!("{SETUP}/confirm"), &form, judged).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}");
            assert!(
                reply.body.contains("1,200") && reply.body.contains("会社 &#60;script&#62;"),
                "{}",
                reply.body
            );
        }
        browser.post(&format!("{SETUP}/discard"), &[]).await;
    }
}

#[tokio::test]
async fn only_those_who_configure_have_steps() {
    let server = start().await;
    let owner = server.browser(Role::Owner, Language::Japanese).await;
    owner.post(&format!("{SETUP}/begin"), &[]).await;
    for role in [Role::Editor, Role::Contributor] {
        let browser = server.browser(role, Language::English).await;
        for name in ["object", "conditions", "mapping", "confirm"] {
            assert_eq!(browser.get(&format!("{SETUP}/{name}")).await.location(), SETUP, "{role:?} {name}");
            assert_eq!(
                step(&browser, name, &[("do", "next")]).await.status,
                StatusCode::FORBIDDEN,
                "{role:?} {name}"
            );
        }
        for name in ["begin", "discard", "stop"] {
            assert_eq!(step(&browser, name, &[]).await.status, StatusCode::FORBIDDEN, "{role:?} {name}");
        }
    }
    assert!(draft(&server).await.is_some(), "the owner's draft stays");
}
