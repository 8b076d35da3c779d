//! Account Engagement's lists: settings checked by the org, the tag, and the rule for a visitor.

use crate::api::caller::{Caller, faults, with};
use crate::signed_in::fill;
use crate::support::Server;
use domain::engagement::{BusinessUnitCheck, EngagementList};
use serde_json::{Value, json};
use storage::engagement::members;
use storage::engagement::members::{EngagementSnapshot, SnapshotList, SnapshotLists};
use storage::org_request::{OrgRequest, OrgResponse};

const UNIT: &str = "0Uv5g0000008OVCCA2";

fn lists() -> Value {
    json!({
        "enabled": true, "business_unit_id": UNIT, "refresh_at": "02:30", "rules": [
            { "list": "スコア上位", "team": "sales", "meeting_type": "demo" },
            { "list": "セミナー案内", "team": "sales", "meeting_type": "sales/demo" },
        ],
    })
}

fn two_lists(_: &OrgRequest) -> OrgResponse {
    let list = |id, name: &str| EngagementList { id, name: name.to_owned(), is_dynamic: id == 8 };
    let lists = vec![list(7, "セミナー案内"), list(8, "スコア上位")];
    OrgResponse::EngagementLists { finding: BusinessUnitCheck::Lists { lists } }
}

async fn store_members(server: &Server, all: &[(u64, &str)]) {
    let now = server.state.clock.now();
    let write = server.state.database.write().await.unwrap();
    for (list, email) in all {
        members::stage(&write, server.workspace, 1, *list, &[(*email).to_owned()]).await.unwrap();
    }
    let list = |id, name: &str| SnapshotList { id, name: name.to_owned(), members: 1 };
    let lists = vec![list(7, "セミナー案内"), list(8, "スコア上位")];
    let body = SnapshotLists { business_unit_id: UNIT.to_owned(), lists };
    let snapshot = EngagementSnapshot { generation: 1, body, refreshed_at: now };
    members::publish(&write, server.workspace, &snapshot).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn settings_are_saved_and_bring_the_tag() {
    let server = Server::start().await;
    fill(&server).await;
    let caller = server.caller().await;
    let (status, before) = caller.get("/engagement-lists").await;
    assert_eq!((status, &before["enabled"]), (200, &json!(false)));
    for name in ["tag", "api_key", "kept", "sync_allowed_at"] {
        assert_eq!(before[name], Value::Null, "{name}");
    }
    let (status, saved) = caller.answered("put", "/engagement-lists", &lists(), two_lists).await;
    assert_eq!(status, 200, "{saved:#}");
    let key = saved["api_key"].as_str().unwrap();
    assert!(key.starts_with("tsp_") && saved["tag"].as_str().unwrap().contains(key), "{saved:#}");
    assert_eq!(saved["rules"][1], json!({ "list": "セミナー案内", "team": "sales", "meeting_type": "demo" }));
    assert_eq!(caller.get("/engagement-lists").await, (200, saved));
    store_members(&server, &[(7, "taro@sample.example")]).await;
    let (_, shown) = caller.get("/engagement-lists").await;
    assert_eq!(
        (&shown["kept"]["business_unit_id"], &shown["kept"]["lists"][0]["members"]),
        (&json!(UNIT), &json!(1))
    );
}

#[tokio::test]
async fn invalid_settings_name_their_fields() {
    let server = Server::start().await;
    fill(&server).await;
    for language in ["ja", "en"] {
        let caller = Caller { language, ..server.caller().await };
        for (pointer, value, field) in [
            ("/business_unit_id", json!("x"), "business_unit_id"),
            ("/rules/0/list", json!("スコア"), "rules[0].list"),
            ("/rules/0/team", json!("nobody"), "rules[0].team"),
            ("/rules/1/meeting_type", json!("nothing"), "rules[1].meeting_type"),
            ("/rules/1/meeting_type", json!(""), "rules[1].meeting_type"),
        ] {
            let body = with(&lists(), pointer, value);
            let (status, problem) = caller.answered("put", "/engagement-lists", &body, two_lists).await;
            let found = faults(&problem);
            assert_eq!((status, found[0].0.as_str()), (422, field), "{pointer}: {problem:#}");
        }
        for finding in
            [BusinessUnitCheck::UnknownUnit, BusinessUnitCheck::NoAccess, BusinessUnitCheck::NoScope]
        {
            let answer = |_: &OrgRequest| OrgResponse::EngagementLists { finding: finding.clone() };
            let (status, problem) = caller.answered("put", "/engagement-lists", &lists(), answer).await;
            assert_eq!((status, faults(&problem)[0].0.as_str()), (422, "business_unit_id"), "{problem:#}");
        }
        assert_eq!(caller.get("/engagement-lists").await.1["rules"], json!([]), "nothing was saved");
    }
}

#[tokio::test]
async fn first_matching_rule_is_found() {
    let server = Server::start().await;
    fill(&server).await;
    let caller = server.caller().await;
    let rule = async |email: &str| caller.get(&format!("/engagement-lists/match?email={email}")).await;
    assert_eq!(rule("x@y.example").await, (200, json!({ "verdict": "not_listed", "enabled": false })));
    assert_eq!(caller.answered("put", "/engagement-lists", &lists(), two_lists).await.0, 200);
    assert_eq!(rule("x@y.example").await.1, json!({ "verdict": "unknown", "enabled": true }));
    store_members(
        &server,
        &[(7, "taro@sample.example"), (8, "taro@sample.example"), (7, "jiro@sample.example")],
    )
    .await;
    for (email, expected) in [
        (
            "taro@sample.example",
            json!({ "verdict": "matches", "rule": 0, "enabled": true,
            "list": "スコア上位", "team": "sales", "meeting_type": "demo" }),
        ),
        (
            "JIRO@sample.example",
            json!({ "verdict": "matches", "rule": 1, "enabled": true,
            "list": "セミナー案内", "team": "sales", "meeting_type": "demo" }),
        ),
        ("x@y.example", json!({ "verdict": "not_listed", "enabled": true })),
    ] {
        assert_eq!(rule(email).await, (200, expected), "{email}");
    }
}

#[tokio::test]
async fn manual_sync_is_refused_with_its_reason() {
    let server = Server::start().await;
    let caller = server.caller().await;
    let sync = async || caller.send("post", "/engagement-lists/sync", None, &[]).await;
    let code = |problem: &Value| problem["type"].as_str().unwrap().rsplit(':').next().unwrap().to_owned();
    let (status, problem) = sync().await;
    assert_eq!((status, code(&problem)), (409, "not-connected".to_owned()));
    fill(&server).await;
    let (status, problem) = sync().await;
    assert_eq!((status, code(&problem)), (409, "nothing-to-refresh".to_owned()));
    assert_eq!(caller.answered("put", "/engagement-lists", &lists(), two_lists).await.0, 200);
    assert_eq!(sync().await.0, 202);
    let (status, problem) = sync().await;
    assert_eq!((status, code(&problem)), (409, "sync-running".to_owned()));
    crate::api::stored::finish_run(&server).await;
    let (status, problem) = sync().await;
    assert_eq!((status, code(&problem)), (429, "sync-too-soon".to_owned()));
    let (_, shown) = caller.get("/engagement-lists").await;
    assert_eq!(shown["sync_allowed_at"], problem["allowed_at"]);
}
