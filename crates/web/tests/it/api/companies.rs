//! The company import: its settings judged by the org, its preview, and runs by hand.

use crate::api::caller::{Caller, faults, with};
use crate::signed_in::fill;
use crate::support::Server;
use domain::company::{CompanyPreview, SampleCompany};
use domain::value::FieldProblem;
use serde_json::{Value, json};
use storage::org_request::{OrgRequest, OrgResponse};

fn import() -> Value {
    json!({
        "enabled": true, "object": "Account", "every_hours": 6, "when_gone": "archive",
        "conditions": [
            { "field": "Industry", "operator": "equals", "value": "IT" },
            { "field": "Type", "operator": "is_one_of", "value": ["顧客", "見込み"] },
            { "field": "Website", "operator": "is_not_blank" },
        ],
        "fields": [{ "key": "industry", "label": "業種", "kind": "picklist", "options": [] }],
        "mappings": [{ "field": "industry", "path": "Industry" }],
    })
}

/// An org that finds everything right.
fn accept(question: &OrgRequest) -> OrgResponse {
    let OrgRequest::CompanyImport { import, preview, .. } = question else { panic!("{question:?}") };
    let sample = SampleCompany {
        external_id: "001000000000001AAA".to_owned(),
        name: "株式会社サンプル".to_owned(),
        fields: [("industry".to_owned(), json!("IT")), ("size".to_owned(), Value::Null)].into(),
    };
    let found = CompanyPreview { count: 1200, sample: vec![sample] };
    OrgResponse::CompanyImport { import: import.clone(), preview: preview.then_some(found) }
}

#[tokio::test]
async fn settings_are_saved_as_the_org_takes_them() {
    let server = Server::start().await;
    fill(&server).await;
    let caller = server.caller().await;
    let (status, off) = caller.get("/company-import").await;
    assert_eq!((status, &off["enabled"], &off["every_hours"]), (200, &json!(false), &json!(4)));
    let (status, saved) = caller.answered("put", "/company-import", &import(), accept).await;
    assert_eq!(status, 200, "{saved:#}");
    for name in ["enabled", "object", "every_hours", "when_gone", "conditions", "mappings"] {
        assert_eq!(saved[name], import()[name], "{name}");
    }
    assert_eq!(saved["fields"], json!([{ "key": "industry", "label": "業種", "kind": "picklist" }]));
    assert_eq!(caller.get("/company-import").await, (200, saved));
    let (_, list) = caller.get("/runs").await;
    assert_eq!(
        (&list["runs"][0]["kind"], &list["runs"][0]["state"]),
        (&json!("company_import"), &json!("waiting"))
    );
    // The same records: the org needn't be asked again.
    let (status, slower) = caller.put("/company-import", &with(&import(), "/every_hours", json!(24))).await;
    assert_eq!((status, &slower["every_hours"]), (200, &json!(24)), "{slower:#}");
    let (status, stopped) = caller.put("/company-import", &with(&import(), "/enabled", json!(false))).await;
    assert_eq!((status, &stopped["enabled"]), (200, &json!(false)));
    let (_, list) = caller.get("/runs").await;
    let run = &list["runs"][0];
    assert_eq!((&run["state"], &run["reason"]["code"]), (&json!("stopped"), &json!("run-settings-changed")));
}

#[tokio::test]
async fn invalid_settings_name_their_fields() {
    let server = Server::start().await;
    fill(&server).await;
    for language in ["ja", "en"] {
        let caller = Caller { language, ..server.caller().await };
        for (pointer, value, field, code) in [
            ("/object", json!("Contact"), "object", "unknown-object"),
            ("/every_hours", json!(0), "every_hours", "out-of-range"),
            ("/every_hours", json!(25), "every_hours", "out-of-range"),
            ("/when_gone", json!("delete"), "when_gone", "unknown-choice"),
            ("/conditions/0/operator", json!("like"), "conditions[0].operator", "unknown-choice"),
            ("/fields/0/kind", json!("colour"), "fields[0].kind", "unknown-choice"),
            ("/mappings/0/to", json!("x"), "mappings[0].to", "bad-body"),
        ] {
            for (method, path) in [("put", "/company-import"), ("post", "/company-import/preview")] {
                let body = with(&import(), pointer, value.clone()).to_string();
                let (status, problem) = caller.send(method, path, Some(body), &[]).await;
                assert_eq!(
                    (status, faults(&problem)),
                    (422, vec![(field.to_owned(), code.to_owned())]),
                    "{pointer}"
                );
            }
        }
        let refuse = |_: &OrgRequest| OrgResponse::CompanyImportInvalid {
            problems: vec![
                FieldProblem::new("conditions[0].field", "no-such-field")
                    .with("value", "Industri")
                    .with("on", "Account")
                    .with("hint", "Industry")
                    .with("path", "Industri"),
            ],
        };
        for (method, path) in [("put", "/company-import"), ("post", "/company-import/preview")] {
            let (status, problem) = caller.answered(method, path, &import(), refuse).await;
            let expected = vec![("conditions[0].field".to_owned(), "no-such-field".to_owned())];
            assert_eq!((status, faults(&problem)), (422, expected), "{path}");
        }
    }
    assert_eq!(server.caller().await.get("/company-import").await.1["enabled"], false, "nothing was saved");
}

#[tokio::test]
async fn preview_counts_and_shows_a_sample() {
    let server = Server::start().await;
    fill(&server).await;
    let caller = server.caller().await;
    for body in [import(), json!({})] {
        let (status, found) = caller.answered("post", "/company-import/preview", &body, accept).await;
        assert_eq!(status, 200, "{found:#}");
        assert_eq!(
            found,
            json!({ "object": "Account", "count": 1200, "sample": [{
                "external_id": "001000000000001AAA", "name": "株式会社サンプル",
                "fields": { "industry": "IT", "size": null },
            }] })
        );
    }
    assert_eq!(caller.get("/company-import").await.1["enabled"], false, "a preview saves nothing");
}

#[tokio::test]
async fn import_by_hand_is_refused_with_its_reason() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let run = async || caller.send("post", "/company-import/run", None, &[]).await;
    let code = |problem: &Value| problem["type"].as_str().unwrap().rsplit(':').next().unwrap().to_owned();
    let (status, problem) = run().await;
    assert_eq!((status, code(&problem)), (409, "not-connected".to_owned()));
    fill(&server).await;
    let (status, problem) = run().await;
    assert_eq!((status, code(&problem)), (409, "import-off".to_owned()));
    assert_eq!(caller.answered("put", "/company-import", &import(), accept).await.0, 200);
    let (status, problem) = run().await;
    assert_eq!((status, code(&problem)), (409, "import-running".to_owned()), "saving began one");
    crate::api::stored::finish_run(&server).await;
    let (status, started) = run().await;
    assert_eq!(status, 202, "companies may be imported at any time: {started:#}");
}
