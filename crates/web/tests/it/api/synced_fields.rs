//! Synced fields: saved after the org's check, tested, and synced by hand at most every two hours.

use crate::api::caller::{Caller, faults};
use crate::signed_in::fill;
use crate::support::Server;
use domain::org::{FieldType, PathError};
use domain::synced_fields::{FieldCheck, Finding, SyncedObject};
use serde_json::{Value, json};
use storage::org_request::{OrgRequest, OrgResponse};

fn finding(path: &str) -> Finding {
    let on = || "Account".to_owned();
    match path {
        "OwnerId" => Finding::IdOnly { offer: "Owner.Name".to_owned() },
        "BillingAddress" => Finding::Unsupported { hints: vec!["BillingCity".to_owned()] },
        "Contacts.Name" => Finding::Lost(PathError::ChildList { name: "Contacts".to_owned(), on: on() }),
        "Ownr.Name" => Finding::Lost(PathError::NoSuchLookup {
            name: "Ownr".to_owned(),
            on: on(),
            hints: vec!["Owner".to_owned()],
        }),
        "Industri" => Finding::Lost(PathError::NoSuchField { on: on(), hints: vec!["Industry".to_owned()] }),
        "Owner.Secret" => Finding::Lost(PathError::Hidden { on: "User".to_owned() }),
        _ => Finding::Usable {
            label: "業種".to_owned(),
            kind: FieldType::Picklist,
            derived: path.contains('.'),
        },
    }
}

fn judge(question: &OrgRequest) -> OrgResponse {
    let OrgRequest::SyncedFields { fields } = question else { panic!("{question:?}") };
    let verdict = |path: &String| FieldCheck {
        object: SyncedObject::Account,
        path: path.clone(),
        finding: finding(path),
    };
    OrgResponse::SyncedFields { verdicts: fields.of(SyncedObject::Account).iter().map(verdict).collect() }
}

#[tokio::test]
async fn fields_are_saved_after_the_orgs_check() {
    let server = Server::start().await;
    fill(&server).await;
    let caller = server.caller().await;
    let empty = json!({ "account": [], "contact": [], "lead": [], "refresh_at": "03:00", "kept": [] });
    assert_eq!(caller.get("/synced-fields").await, (200, empty));
    let fields = json!({ "account": ["Industry", "OwnerId"], "refresh_at": "02:30" });
    let (status, saved) = caller.answered("put", "/synced-fields", &fields, judge).await;
    assert_eq!(status, 200, "{saved:#}");
    let expected =
        json!({ "account": ["Industry", "OwnerId"], "contact": [], "lead": [], "refresh_at": "02:30" });
    assert_eq!(saved, expected);
    let (_, shown) = caller.get("/synced-fields").await;
    assert_eq!(shown["account"], expected["account"]);
    let other = server.caller_of(server.other_workspace().await).await;
    assert_eq!(other.get("/synced-fields").await.1["account"], json!([]));
    let (status, saved) = other.put("/synced-fields", &json!({ "lead": ["Whatever__c"] })).await;
    assert_eq!(
        (status, &saved["lead"]),
        (200, &json!(["Whatever__c"])),
        "without an org only the syntax is checked"
    );
}

#[tokio::test]
async fn fields_that_the_org_lacks_are_named() {
    let server = Server::start().await;
    fill(&server).await;
    for language in ["ja", "en"] {
        let caller = Caller { language, ..server.caller().await };
        for (path, code, hint) in [
            ("BillingAddress", "compound-field", "BillingCity"),
            ("Contacts.Name", "child-list", "Contacts"),
            ("Ownr.Name", "no-such-lookup", "Owner"),
            ("Industri", "no-such-field", "Industry"),
            ("Owner.Secret", "object-hidden", ""),
        ] {
            let fields = json!({ "account": ["Industry", path] });
            let (status, problem) = caller.answered("put", "/synced-fields", &fields, judge).await;
            assert_eq!(
                (status, faults(&problem)),
                (422, vec![("account[1]".to_owned(), code.to_owned())]),
                "{path}"
            );
            assert!(problem["errors"][0]["message"].as_str().unwrap().contains(hint), "{problem:#}");
        }
        let many: Vec<String> = (0..101).map(|number| format!("F{number}__c")).collect();
        for (fields, field, code) in [
            (json!({ "lead": ["Email", "email"] }), "lead[1]", "taken"),
            (json!({ "contact": ["No Path"] }), "contact[0]", "not-a-field-path"),
            (json!({ "contact": many }), "contact", "too-many"),
            (json!({ "refresh_at": "25:00" }), "refresh_at", "bad-body"),
            (json!({ "opportunity": [] }), "", "bad-body"),
        ] {
            let (status, problem) = caller.put("/synced-fields", &fields).await;
            assert_eq!(
                (status, faults(&problem)),
                (422, vec![(field.to_owned(), code.to_owned())]),
                "{fields}"
            );
        }
    }
    assert_eq!(
        server.caller().await.get("/synced-fields").await.1["account"],
        json!([]),
        "nothing was saved"
    );
}

#[tokio::test]
async fn test_shows_what_the_org_finds() {
    let server = Server::start().await;
    fill(&server).await;
    let caller = server.caller().await;
    let paths = ["Industry", "Owner.Name", "OwnerId"];
    let fields = json!({ "account": paths });
    assert_eq!(caller.answered("put", "/synced-fields", &fields, judge).await.0, 200);
    let (status, found) = caller.answered("post", "/synced-fields/test", &json!({}), judge).await;
    assert_eq!((status, &found["good"]), (200, &json!(true)));
    assert_eq!(
        found["fields"],
        json!([
            { "object": "account", "path": "Industry", "finding": "good", "label": "業種", "kind": "picklist" },
            { "object": "account", "path": "Owner.Name", "finding": "good", "label": "業種", "kind": "picklist", "derived": true },
            { "object": "account", "path": "OwnerId", "finding": "only_the_id", "offer": "Owner.Name" },
        ])
    );
    let gone = |question: &OrgRequest| {
        let OrgResponse::SyncedFields { mut verdicts } = judge(question) else { unreachable!() };
        for (verdict, path) in verdicts.iter_mut().zip(["Ownr.Name", "Industri", "BillingAddress"]) {
            verdict.finding = finding(path);
        }
        OrgResponse::SyncedFields { verdicts }
    };
    let (_, found) = caller.answered("post", "/synced-fields/test", &json!({}), gone).await;
    assert_eq!(found["good"], false);
    let lines = found["fields"].as_array().unwrap();
    for (line, expected) in lines.iter().zip([
        json!({ "object": "account", "path": "Industry", "finding": "no_such_lookup", "name": "Ownr", "on": "Account", "hints": ["Owner"] }),
        json!({ "object": "account", "path": "Owner.Name", "finding": "no_such_field", "on": "Account", "hints": ["Industry"] }),
        json!({ "object": "account", "path": "OwnerId", "finding": "unsupported", "hints": ["BillingCity"] }),
    ]) {
        assert_eq!(*line, expected);
    }
}

#[tokio::test]
async fn manual_sync_is_refused_with_its_reason() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let sync = async || caller.send("post", "/synced-fields/sync", None, &[]).await;
    let code = |problem: &Value| problem["type"].as_str().unwrap().rsplit(':').next().unwrap().to_owned();
    let (status, problem) = sync().await;
    assert_eq!((status, code(&problem)), (409, "not-connected".to_owned()));
    fill(&server).await;
    let (status, problem) = sync().await;
    assert_eq!((status, code(&problem)), (409, "nothing-to-sync".to_owned()));
    assert_eq!(
        caller.answered("put", "/synced-fields", &json!({ "account": ["Industry"] }), judge).await.0,
        200
    );
    let (status, started) = sync().await;
    assert_eq!(status, 202, "{started:#}");
    let (status, problem) = sync().await;
    assert_eq!((status, code(&problem)), (409, "sync-running".to_owned()));
    let (status, run) = caller.get(&format!("/runs/{}", started["run"].as_str().unwrap())).await;
    assert_eq!((status, &run["state"], &run["kind"]), (200, &json!("waiting"), &json!("synced_fields")));
    assert_eq!((&run["origin"], &run["started_at"]), (&json!("manual"), &Value::Null));
    crate::api::stored::finish_run(&server).await;
    let (_, list) = caller.get("/runs").await;
    let run = &list["runs"][0];
    assert_eq!((&run["state"], &run["receipt"]["received"]), (&json!("done"), &json!({ "Account": 2 })));
    let (status, problem) = sync().await;
    assert_eq!((status, code(&problem)), (429, "sync-too-soon".to_owned()));
    let allowed = domain::value::Timestamp::parse(problem["allowed_at"].as_str().unwrap()).unwrap();
    assert!(allowed > server.state.clock.now(), "{problem:#}");
}
