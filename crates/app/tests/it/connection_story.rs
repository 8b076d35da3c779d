//! Connecting, losing the connection and reconnecting (C3–C8, C10).

use crate::harness::TestSystem;
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        each_connect_failure_has_its_own_code,
        due_deliveries_are_held_until_reconnected,
        disconnect_keeps_page_settings_and_pending_bookings,
        concurrent_expiry_refreshes_token_once,
        preflight_reports_missing_permissions_and_fields
    );
}

fn code(body: &Value) -> &str {
    body["type"].as_str().unwrap_or_default().rsplit(':').next().unwrap_or_default()
}

async fn each_connect_failure_has_its_own_code(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    assert_eq!(world.server.delete("/salesforce/connection").await.0, 204);
    let connect = async |change: Value| {
        let mut body = json!({
            "flow": "client_credentials", "environment": world.org.url(),
            "consumer_key": "tsugite-emulator-key", "consumer_secret": "tsugite-emulator-secret",
        });
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        world.server.post("/salesforce/connection", &body).await
    };
    let schema = async |change: Value| {
        world.org.control("schema", &change).await;
    };
    for (change, expected) in [
        (json!({ "consumer_key": "nobody's" }), "invalid-client-id"),
        (json!({ "consumer_secret": "wrong" }), "invalid-client-secret"),
    ] {
        let (status, body) = connect(change).await;
        assert_eq!((status, code(&body)), (422, expected), "{body:#}");
        let told = body["title"].as_str().unwrap();
        assert!(!told.starts_with("connect-"), "a sentence, not a key: {told}");
    }
    for (change, field) in [
        (json!({ "consumer_key": " " }), "consumer_key"),
        (json!({ "consumer_secret": "" }), "consumer_secret"),
        (json!({ "environment": "https://salesforce.com.evil.example" }), "environment"),
        (json!({ "environment": "http://login.salesforce.com" }), "environment"),
        (json!({ "flow": "magic" }), "flow"),
        (
            json!({ "flow": "jwt_bearer", "username": "admin@emulator.example", "private_key": "x" }),
            "private_key",
        ),
    ] {
        let (status, body) = connect(change).await;
        assert_eq!((status, body["errors"][0]["field"].as_str()), (422, Some(field)), "{body:#}");
    }
    schema(json!({ "connected_app": { "ip_restricted": true } })).await;
    assert_eq!(code(&connect(json!({})).await.1), "ip-restricted");
    schema(json!({ "connected_app": { "ip_restricted": false } })).await;
    let app = |change: Value| json!({ "connected_app": change });
    let user = |change: Value| json!({ "user": change });
    let organization = |change: Value| json!({ "organization": change });
    for (broken, mended, expected) in [
        (
            app(json!({ "admin_approved": false })),
            app(json!({ "admin_approved": true })),
            "not-admin-approved",
        ),
        (user(json!({ "IsActive": false })), user(json!({ "IsActive": true })), "inactive-user"),
        (user(json!({ "api_enabled": false })), user(json!({ "api_enabled": true })), "api-disabled"),
        (
            organization(json!({ "api_enabled": false })),
            organization(json!({ "api_enabled": true })),
            "api-disabled",
        ),
    ] {
        schema(broken).await;
        let (_, body) = connect(json!({})).await;
        assert_eq!(code(&body), expected, "{body:#}");
        schema(mended).await;
    }
    let (_, body) = world.server.get("/salesforce/connection").await;
    assert_eq!(body, json!({ "state": "not_connected" }), "nothing was kept of all that");
    assert_eq!(connect(json!({})).await.0, 201);
    // C4: one consumer key, one workspace.
    let other = world.server.other_workspace().await;
    let body = json!({
        "flow": "client_credentials", "environment": world.org.url(),
        "consumer_key": "tsugite-emulator-key", "consumer_secret": "tsugite-emulator-secret",
    });
    let (status, body) = world.server.post_as(&other, "/salesforce/connection", &body).await;
    assert_eq!((status, code(&body)), (409, "key-in-use"));
}

fn states(booking: &Value) -> Vec<&str> {
    booking["deliveries"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect()
}

/// C6: the connected user is deactivated; the session ends; the org refuses a new token.
async fn due_deliveries_are_held_until_reconnected(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let settings =
        json!({ "todo": { "enabled": true, "lag_minutes": 0, "subject": "残る件名", "comment": "" } });
    world.settings(settings.clone()).await;
    world.org.control("schema", &json!({ "connected_app": { "active": false } })).await;
    world.org.control("faults", &json!({ "kind": "session_expired", "times": 1 })).await;
    let first = world.book(1, "waits@connection.example", json!({})).await;
    let path = format!("/bookings/{}", first["id"].as_str().unwrap());
    let held = world.server.wait_for(&path, |body| states(body) == ["held"]).await;
    assert_eq!(held["deliveries"][0]["records"], json!([]));
    let (_, connection) = world.server.get("/salesforce/connection").await;
    assert_eq!(connection["state"], "not_connected", "the credentials are gone");
    let second = world.book(2, "waits.too@connection.example", json!({})).await;
    assert_eq!(states(&second), ["held"], "what comes meanwhile waits too");
    let (_, kept) = world.server.get("/settings/salesforce").await;
    assert_eq!(kept["todo"]["subject"], "残る件名", "settings stay");

    world.org.control("schema", &json!({ "connected_app": { "active": true } })).await;
    world.server.connect(&world.org).await;
    for booking in [first, second] {
        assert_eq!(states(&world.settled(&booking).await), ["done"]);
    }
    assert_eq!(world.org.rows("Task").await.len(), 2);
}

/// C5: ToDo and campaign settings go, everything else works again after reconnecting.
async fn disconnect_keeps_page_settings_and_pending_bookings(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    world.settings(json!({ "todo": { "enabled": true, "lag_minutes": 7 } })).await;
    world.page(json!({ "salesforce": { "create_lead": true } })).await;
    let waiting = world.book(1, "waits@disconnect.example", json!({})).await;
    assert_eq!(waiting["deliveries"].as_array().unwrap().len(), 2);
    // What is under way may still ask the org; the ToDo waits for its seven minutes.
    let path = format!("/bookings/{}", waiting["id"].as_str().unwrap());
    world.server.wait_for(&path, |body| states(body).contains(&"done")).await;
    assert_eq!(world.server.delete("/salesforce/connection").await.0, 204);
    let (_, booking) = world.server.get(&path).await;
    assert!(states(&booking).contains(&"held"), "{booking:#}");
    let (_, settings) = world.server.get("/settings/salesforce").await;
    assert_eq!(settings["todo"]["enabled"], false);
    let (_, page) = world.server.get("/pages/demo").await;
    assert_eq!(page["salesforce"]["create_lead"], true);
    world.org.count_calls().await;
    let (status, body) = world.server.post("/salesforce/preflight", &json!({})).await;
    assert_eq!((status, code(&body)), (409, "not-connected"));
    assert_eq!(world.org.calls().await, 0, "the org is left alone");
    world.server.connect(&world.org).await;
    let after = world.server.wait_for(&path, |body| !states(body).contains(&"held")).await;
    assert!(after["deliveries"].is_array());
}

/// C7: many callers meet a dead session at once; one new token serves them all.
async fn concurrent_expiry_refreshes_token_once(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    // A second node's worker answers some of the questions.
    let (_second, _) = world.server.second_node().await;
    world.org.count_calls().await;
    // Whoever comes first finds the session dead; the token is the same for everybody.
    world.org.control("faults", &json!({ "kind": "session_expired", "times": 1 })).await;
    let trial = json!({ "page": "sales/demo", "email": "one@token.example" });
    let ask = || world.server.post("/dry-run", &trial);
    let (a, b, c, d, e, f) = tokio::join!(ask(), ask(), ask(), ask(), ask(), ask());
    for (status, body) in [a, b, c, d, e, f] {
        assert_eq!(status, 200, "{body:#}");
    }
    assert_eq!(world.org.requests_to("/services/oauth2/token").await, 1);
}

async fn preflight_reports_missing_permissions_and_fields(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let verdict = async |code: &str| {
        let (status, body) = world.server.post("/salesforce/preflight", &json!({})).await;
        assert_eq!(status, 200, "{body:#}");
        let line = body["checks"].as_array().unwrap().iter().find(|line| line["code"] == code).cloned();
        line.unwrap_or_else(|| panic!("no line {code} in {body:#}"))
    };
    assert_eq!(verdict("edition-api").await["verdict"], "passed");
    assert_eq!(verdict("lead-required-fields").await["verdict"], "passed");
    assert_eq!(verdict("api-calls-left").await["verdict"], "passed");
    world
        .org
        .control("schema", &json!({ "fields": [
            { "object": "Lead", "name": "Budget2__c", "label": "予算", "type": "string", "length": 40, "required": true },
        ] }))
        .await;
    let line = verdict("lead-required-fields").await;
    assert_eq!(
        (line["verdict"].as_str(), line["data"]["fields"].as_str()),
        (Some("failed"), Some("Budget2__c"))
    );
    world.org.control("schema", &json!({ "hide_fields": [{ "object": "Event", "field": "Type" }] })).await;
    let (_, body) = world.server.post("/salesforce/preflight", &json!({})).await;
    let lines = body["checks"].as_array().unwrap();
    let event =
        lines.iter().find(|line| line["code"] == "fields-writable" && line["data"]["object"] == "Event");
    assert_eq!(event.unwrap()["verdict"], "failed", "{event:#?}");
    for line in lines {
        let text = line["text"].as_str().unwrap();
        assert!(!text.starts_with("check-"), "a sentence, not a key: {text}");
    }
}
