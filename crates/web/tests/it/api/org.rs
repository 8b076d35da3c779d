//! What needs the connected org: the connection, the preflight and the dry run.

use crate::api::caller::{Caller, faults, with};
use crate::signed_in::fill;
use crate::support::Server;
use domain::delivery::{Check, DeliveryKind, DeliveryPlan, FollowUp, Recovery, Verdict, Write};
use domain::value::Step;
use serde_json::{Value, json};
use storage::org_request::{OrgRequest, OrgResponse};

#[tokio::test]
async fn connection_is_shown_without_its_secrets() {
    let server = Server::start().await;
    let caller = server.caller().await;
    assert_eq!(caller.get("/salesforce/connection").await, (200, json!({ "state": "not_connected" })));
    assert_eq!(caller.delete("/salesforce/connection").await, (204, Value::Null), "there is nothing to end");
    fill(&server).await;
    let (status, connection) = caller.get("/salesforce/connection").await;
    assert_eq!((status, &connection["state"]), (200, &json!("connected")));
    assert_eq!(
        (&connection["flow"], &connection["environment"]),
        (&json!("web_server"), &json!("production"))
    );
    assert_eq!(connection["api_usage"]["used"], 120);
    let text = connection.to_string();
    assert!(!text.contains("secret") && !text.contains("consumer"), "{text}");
}

#[tokio::test]
async fn invalid_connections_name_their_fields() {
    let server = Server::start().await;
    let good = json!({
        "flow": "client_credentials", "environment": "sandbox", "consumer_key": "key", "consumer_secret": "secret",
    });
    let jwt = json!({ "flow": "jwt_bearer", "consumer_key": "key", "username": "x@y.example", "private_key": "PEM" });
    for language in ["ja", "en"] {
        let caller = Caller { language, ..server.caller().await };
        for (body, field, code) in [
            (with(&good, "/flow", json!("password")), "flow", "unknown-flow"),
            (with(&good, "/consumer_key", json!(" ")), "consumer_key", "required"),
            (with(&good, "/consumer_key", json!("x".repeat(513))), "consumer_key", "too-long"),
            (with(&good, "/consumer_secret", json!("")), "consumer_secret", "required"),
            (with(&good, "/consumer_secret", json!("x".repeat(513))), "consumer_secret", "too-long"),
            (
                with(&good, "/environment", json!("https://evil.example")),
                "environment",
                "not-a-salesforce-host",
            ),
            (
                with(&good, "/environment", json!("http://127.0.0.1:1")),
                "environment",
                "not-a-salesforce-host",
            ),
            (with(&jwt, "/username", json!("")), "username", "required"),
            (jwt.clone(), "private_key", "not-a-private-key"),
        ] {
            let (status, problem) = caller.post("/salesforce/connection", &body).await;
            assert_eq!(
                (status, faults(&problem)),
                (422, vec![(field.to_owned(), code.to_owned())]),
                "{body}"
            );
        }
    }
    assert_eq!(server.caller().await.get("/salesforce/connection").await.1["state"], "not_connected");
}

#[tokio::test]
async fn consumer_key_of_another_workspace_is_a_conflict() {
    let server = Server::start().await;
    fill(&server).await;
    let other = server.caller_of(server.other_workspace().await).await;
    let body = json!({ "flow": "client_credentials", "consumer_key": "key", "consumer_secret": "secret" });
    let (status, problem) = other.post("/salesforce/connection", &body).await;
    assert_eq!((status, &problem["type"]), (409, &json!("urn:tsugite:problem:key-in-use")));
    assert_eq!(problem["title"], "Another workspace uses this consumer key");
}

#[tokio::test]
async fn preflight_tells_each_check_in_the_callers_language() {
    let server = Server::start().await;
    fill(&server).await;
    let checks = vec![
        Check::new(Verdict::Failed, Step::new("object-hidden").with("object", "Lead")),
        Check::new(Verdict::Unknown, Step::new("object-hidden").with("object", "Campaign")),
    ];
    for language in ["ja", "en"] {
        let caller = Caller { language, ..server.caller().await };
        let answer = |question: &OrgRequest| {
            assert_eq!(*question, OrgRequest::Preflight);
            OrgResponse::Preflight { checks: checks.clone() }
        };
        let (status, found) = caller.answered("post", "/salesforce/preflight", &json!({}), answer).await;
        assert_eq!(status, 200);
        let lines = found["checks"].as_array().unwrap();
        assert_eq!(
            (lines.len(), &lines[0]["verdict"], &lines[1]["verdict"]),
            (2, &json!("failed"), &json!("unknown"))
        );
        for line in lines {
            for text in [&line["text"], &line["remedy"]] {
                let text = text.as_str().unwrap();
                assert!(!text.starts_with("check-") && !text.starts_with("remedy-"), "{text}");
                assert_eq!(text.is_ascii() || text.contains('’'), language == "en", "{text}");
            }
        }
    }
}

#[tokio::test]
async fn dry_run_shows_writes_and_reasons() {
    let server = Server::start().await;
    fill(&server).await;
    let caller = server.caller().await;
    let fields = |value: Value| value.as_object().unwrap().clone();
    let plan = DeliveryPlan {
        writes: vec![
            Write::create("Lead", fields(json!({ "LastName": "山田", "Score": 1.5 })), Recovery::Repeatable),
            Write::update("Lead", "00Q000000000001AAA", fields(json!({ "Title": null }))),
        ],
        follow_up: FollowUp::Finish,
        steps: vec![Step::new("person-not-found").with("email", "new@sample.example")],
        search_steps: 0,
    };
    let plan = &plan;
    let page = server.page.id;
    let answer = |question: &OrgRequest| {
        let OrgRequest::DryRun { page: asked, email, answers, host, routing: _ } = question else {
            panic!("{question:?}")
        };
        assert_eq!(
            (*asked, email.as_str(), host.as_deref()),
            (page, "new@sample.example", Some("sato@demo.example"))
        );
        assert_eq!(answers.len(), 1, "not every question needs an answer");
        OrgResponse::DryRun {
            plans: vec![(DeliveryKind::Page, plan.clone()), (DeliveryKind::Todo, plan.clone())],
        }
    };
    let body = json!({
        "page": "demo", "email": "new@sample.example", "answers": { "size": "1-10" }, "host": "sato@demo.example",
    });
    let (status, found) = caller.answered("post", "/dry-run", &body, answer).await;
    assert_eq!(status, 200, "{found:#}");
    let plans = found["plans"].as_array().unwrap();
    assert_eq!((plans.len(), &plans[1]["kind"]), (2, &json!("todo")));
    assert_eq!(
        plans[0]["writes"],
        json!([
            { "write": "create", "object": "Lead", "fields": { "LastName": "山田", "Score": 1.5 } },
            { "write": "update", "object": "Lead", "id": "00Q000000000001AAA", "fields": { "Title": null } },
        ])
    );
    assert_eq!(plans[0]["explanation"][0]["code"], "person-not-found");
    for (pointer, value, field, code) in [
        ("/page", json!("nothing"), "page", "no-such-page"),
        ("/email", json!("new"), "email", "not-an-email"),
        ("/answers/size", json!("1000"), "answers.size", "not-an-option"),
        ("/answers/gone", json!("x"), "answers.gone", "unknown-field"),
    ] {
        let (status, problem) = caller.post("/dry-run", &with(&body, pointer, value)).await;
        assert_eq!((status, faults(&problem)), (422, vec![(field.to_owned(), code.to_owned())]), "{pointer}");
    }
}

#[tokio::test]
async fn calls_without_an_answer_of_the_org_are_problems() {
    let server = Server::start().await;
    fill(&server).await;
    let import = json!({ "object": "Account", "mappings": [{ "field": "industry", "path": "Industry" }] });
    let lists = json!({ "enabled": true, "business_unit_id": "0Uv5g0000008OVCCA2",
        "rules": [{ "list": "セミナー", "team": "sales", "meeting_type": "demo" }] });
    let calls = [
        ("post", "/salesforce/preflight", json!({})),
        ("post", "/dry-run", json!({ "page": "demo", "email": "x@y.example" })),
        ("post", "/synced-fields/test", json!({})),
        ("post", "/company-import/preview", json!({})),
        ("put", "/company-import", import),
        ("put", "/engagement-lists", lists),
    ];
    for language in ["ja", "en"] {
        let caller = Caller { language, ..server.caller().await };
        for (method, path, body) in &calls {
            for (answer, status, code) in [
                (OrgResponse::NotConnected, 409, "not-connected"),
                (OrgResponse::Failed { reason: Step::new("storage") }, 502, "salesforce-unavailable"),
                (OrgResponse::Described, 502, "salesforce-unavailable"),
            ] {
                let (found, problem) = caller.answered(method, path, body, |_| answer.clone()).await;
                assert_eq!(found, status, "{method} {path}: {problem:#}");
                assert_eq!(problem["type"], format!("urn:tsugite:problem:{code}"), "{path}");
                let title = problem["title"].as_str().unwrap();
                assert_eq!(title.replace('’', "'").is_ascii(), language == "en", "{title}");
            }
        }
    }
}
