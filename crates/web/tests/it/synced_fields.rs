//! The page of synced fields: the org's check before they are saved (D1, D2).

use crate::signed_in::{Browser, fill};
use crate::support::{Reply, Server};
use axum::http::StatusCode;
use domain::org::{FieldType, PathError};
use domain::synced_fields::{FieldCheck, Finding, SyncedFields, SyncedObject};
use domain::value::{Language, Step};
use domain::workspace::Role;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::settings;

const PAGE: &str = "/console/synced-fields";

/// Saves while the org is asked, and says of each field what `judge` says.
async fn save(browser: &Browser<'_>, lead: &str, judge: impl Fn(&str) -> Finding) -> Reply {
    let answer = |question: &OrgRequest| {
        let OrgRequest::SyncedFields { fields } = question else { panic!("{question:?}") };
        let verdict = |path: &String| FieldCheck {
            object: SyncedObject::Lead,
            path: path.clone(),
            finding: judge(path),
        };
        OrgResponse::SyncedFields { verdicts: fields.of(SyncedObject::Lead).iter().map(verdict).collect() }
    };
    browser.post_answered(PAGE, &form(lead), answer).await
}

fn form(lead: &str) -> [(&str, &str); 2] {
    [("lead", lead), ("refresh_at", "02:30")]
}

fn good() -> Finding {
    Finding::Usable { label: "メール".to_owned(), kind: FieldType::Email, derived: false }
}

async fn saved(server: &Server) -> Vec<String> {
    let read = server.state.database.read();
    let fields = settings::find::<SyncedFields>(&read, server.workspace).await.unwrap();
    fields.of(SyncedObject::Lead).to_vec()
}

#[tokio::test]
async fn invalid_field_shows_problem_at_line_and_is_not_saved() {
    let server = Server::start().await;
    fill(&server).await;
    for (language, fault) in [
        (
            Language::Japanese,
            "2件目：リードに項目「Emial」がないか、連携ユーザーに表示されません。もしかして：Email",
        ),
        (
            Language::English,
            "No. 2: Lead has no field “Emial” that the connected user can see. Did you mean Email?",
        ),
    ] {
        let browser = server.browser(Role::Admin, language).await;
        let reply = save(&browser, "Email\nEmial", |path| match path {
            "Email" => good(),
            _ => Finding::Lost(PathError::NoSuchField {
                on: "Lead".to_owned(),
                hints: vec!["Email".to_owned()],
            }),
        });
        let reply = reply.await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.body.contains(fault) && reply.body.contains("href=\"#in-lead\""), "{}", reply.body);
        assert!(reply.body.contains("Email\nEmial"), "what was typed stays");
        assert!(saved(&server).await.is_empty(), "nothing by half");
    }
}

#[tokio::test]
async fn lookup_field_is_saved_with_id_only_warning() {
    let server = Server::start().await;
    fill(&server).await;
    let browser = server.browser(Role::Admin, Language::English).await;
    let only_the_id = |_: &str| Finding::IdOnly { offer: "Shop__r.Name".to_owned() };
    let reply = save(&browser, "Shop__c", only_the_id).await;
    assert_eq!(reply.status, StatusCode::OK);
    for text in ["Saved.", "Lead.Shop__c: ", "use Shop__r.Name"] {
        assert!(reply.body.contains(text), "{text} in {}", reply.body);
    }
    assert_eq!(saved(&server).await, ["Shop__c"]);
    let reply = save(&browser, "Shop__c\nEmail", |path| {
        assert_eq!(path, "Email", "only what is new is asked about");
        good()
    });
    assert_eq!(reply.await.location(), "/console/synced-fields?done=saved");
    assert_eq!(saved(&server).await, ["Shop__c", "Email"]);
}

#[tokio::test]
async fn fields_are_not_saved_without_org_response() {
    let server = Server::start().await;
    fill(&server).await;
    for (language, told) in [
        (Language::Japanese, "設定は保存していません。Salesforceから正常な応答がありませんでした。"),
        (Language::English, "Nothing was saved. Salesforce did not respond correctly."),
    ] {
        let browser = server.browser(Role::Admin, language).await;
        let failed = |_: &OrgRequest| OrgResponse::Failed {
            reason: Step::new("org-unavailable").with("detail", "503"),
        };
        let reply = browser.post_answered(PAGE, &form("Email"), failed).await;
        assert_eq!(reply.status, StatusCode::CONFLICT);
        assert!(reply.body.contains(told) && reply.body.contains("Email</textarea>"), "{}", reply.body);
        assert!(saved(&server).await.is_empty());
    }
}

#[tokio::test]
async fn field_test_shows_result_per_field() {
    let server = Server::start().await;
    fill(&server).await;
    let browser = server.browser(Role::Admin, Language::Japanese).await;
    save(&browser, "Email\nTitle\nContacts.Name\nAddress\nSecret__r.Name", |_| good()).await;
    let answer = |question: &OrgRequest| {
        let OrgRequest::SyncedFields { fields } = question else { panic!("{question:?}") };
        let on = || "Lead".to_owned();
        let finding = |path: &str| match path {
            "Title" => Finding::Lost(PathError::NoSuchField { on: on(), hints: Vec::new() }),
            "Contacts.Name" => Finding::Lost(PathError::ChildList { name: "Contacts".to_owned(), on: on() }),
            "Address" => Finding::Unsupported { hints: vec!["City".to_owned(), "Street".to_owned()] },
            "Secret__r.Name" => Finding::Lost(PathError::Hidden { on: "Secret__c".to_owned() }),
            _ => good(),
        };
        let verdict = |path: &String| FieldCheck {
            object: SyncedObject::Lead,
            path: path.clone(),
            finding: finding(path),
        };
        OrgResponse::SyncedFields { verdicts: fields.of(SyncedObject::Lead).iter().map(verdict).collect() }
    };
    let reply = browser.post_answered("/console/synced-fields/test", &[], answer).await;
    assert_eq!(reply.status, StatusCode::OK);
    for text in [
        "取得できます（メール）。",
        "リードに項目「Title」がないか、連携ユーザーに表示されません。",
        "「Contacts」はリードの関連リストです。",
        "次の項目を個別に指定してください：City、Street",
        "連携ユーザーにSecret__cが表示されません。",
    ] {
        assert!(reply.body.contains(text), "{text} in {}", reply.body);
    }
    assert_eq!(reply.body.matches("class=\"chip failed\"").count(), 4);
}
