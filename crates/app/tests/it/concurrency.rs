//! Events during a round: cancel, reconnect, second booking, late response.

use crate::harness::TestSystem;
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        booking_cancelled_during_round_is_not_delivered,
        late_commit_in_org_creates_no_duplicate,
        second_booking_waits_for_lead_of_first,
        task_waits_for_retry_of_its_page,
        repeated_org_errors_end_in_failed,
        pages_with_different_host_order_do_not_deadlock
    );
}

fn todo() -> Value {
    json!({ "todo": { "enabled": true, "lag_minutes": 0 } })
}

fn slow(milliseconds: u64, before_commit: bool) -> Value {
    json!({ "kind": "slow", "milliseconds": milliseconds, "before_commit": before_commit, "times": 1 })
}

fn path(booking: &Value) -> String {
    format!("/bookings/{}", booking["id"].as_str().unwrap())
}

/// The look-up is under way when the visitor cancels.
async fn booking_cancelled_during_round_is_not_delivered(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    world.settings(todo()).await;
    world.org.control("faults", &slow(1_500, false)).await;
    let booking = world.book(1, "cancels@meanwhile.example", json!({})).await;
    world.org.faults_spent().await;
    let (status, body) = world.server.post(&format!("{}/cancel", path(&booking)), &json!({})).await;
    assert_eq!((status, body["deliveries"][0]["state"].as_str()), (200, Some("cancelled")));
    // The lane is one after the other: when the next booking is done, that round is over.
    let next = world.book(2, "comes.next@meanwhile.example", json!({})).await;
    assert_eq!(world.settled(&next).await["deliveries"][0]["state"], "done");
    let (_, body) = world.server.get(&path(&booking)).await;
    assert_eq!(body["deliveries"][0]["state"], "cancelled", "{body:#}");
    assert_eq!(world.org.rows("Task").await.len(), 1, "only the other booking's");
}

/// The answer is given up after a second; the org makes the record two seconds later, after a look that
/// did not find it and after a reconnection that takes the lane from its worker.
async fn late_commit_in_org_creates_no_duplicate(kind: Kind) {
    let world = TestSystem::begin_with_timeout(kind, 1.0, 1).await;
    world.settings(todo()).await;
    world.org.control("faults", &slow(500, false)).await;
    let booking = world.book(1, "late@meanwhile.example", json!({})).await;
    world.org.faults_spent().await;
    world.org.control("faults", &slow(3_000, true)).await;
    world.org.faults_spent().await;
    world.server.connect(&world.org).await;
    let looked = |body: &Value| {
        body["timeline"].as_array().unwrap().iter().any(|line| line["code"] == "read-back-wait")
    };
    let _ = world.server.wait_for(&path(&booking), looked).await;
    let settled = world.settled(&booking).await;
    let delivery = &settled["deliveries"][0];
    assert_eq!(
        (delivery["state"].as_str(), delivery["records"][0]["action"].as_str()),
        (Some("done"), Some("recovered")),
        "{settled:#}"
    );
    assert_eq!(world.org.rows("Task").await.len(), 1);
}

/// K11: two bookings of one new e-mail make one Lead, though the first one's answer is lost.
async fn second_booking_waits_for_lead_of_first(kind: Kind) {
    let world = TestSystem::begin_with_timeout(kind, 1.0, 1).await;
    world.page(json!({ "salesforce": { "create_lead": true, "create_event": true } })).await;
    world.org.control("faults", &slow(500, false)).await;
    let first = world.book(1, "twice@meanwhile.example", json!({})).await;
    world.org.faults_spent().await;
    world.org.control("faults", &slow(2_500, true)).await;
    world.org.faults_spent().await;
    let second = world.book(2, "twice@meanwhile.example", json!({})).await;
    assert_eq!(world.settled(&first).await["deliveries"][0]["records"][0]["object"], "Lead");
    assert_eq!(world.settled(&second).await["deliveries"][0]["records"][0]["object"], "Event");
    assert_eq!(world.org.rows_where("Lead", "Email", "twice@meanwhile.example").await.len(), 1);
}

/// The Lead meets a locked row; the ToDo is for that Lead and must not be made without it.
async fn task_waits_for_retry_of_its_page(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    world.settings(todo()).await;
    world.page(json!({ "salesforce": { "create_lead": true } })).await;
    world.org.control("faults", &json!({ "kind": "row_lock", "times": 1 })).await;
    let booking = world.book(1, "locked@meanwhile.example", json!({})).await;
    let settled = world.settled(&booking).await;
    assert!(
        settled["deliveries"].as_array().unwrap().iter().all(|one| one["state"] == "done"),
        "{settled:#}"
    );
    let lead = &world.org.rows_where("Lead", "Email", "locked@meanwhile.example").await[0];
    let tasks = world.org.rows("Task").await;
    assert_eq!((tasks.len(), &tasks[0]["WhoId"]), (1, &lead["Id"]));
}

/// A field that can't be left out, and a duplicate of an update: neither loops, neither passes for success.
async fn repeated_org_errors_end_in_failed(kind: Kind) {
    let world = TestSystem::begin(kind, 600.0).await;
    let campaign = world.org.campaign().await;
    let person = json!({ "LastName": "甲", "Company": "甲社", "Email": "refused@meanwhile.example" });
    let lead = world.org.create("Lead", person).await;
    let other =
        json!({ "LastName": "乙", "Company": "乙社", "Email": "other@meanwhile.example", "Title": "部長" });
    world.org.create("Lead", other).await;
    world.settings(json!({ "campaign": { "enabled": true, "campaign_id": campaign } })).await;
    world
        .page(json!({
            "fields": [{ "key": "title", "label": "役職", "kind": "text" }],
            "salesforce": { "map_fields": true, "mappings": [{ "field": "title", "salesforce_field": "Title" }] },
        }))
        .await;
    world
        .org
        .control("schema", &json!({
            "validation_rules": [{
                "name": "No_member", "object": "CampaignMember", "field": "LeadId", "message": "追加できません",
                "when": { "field": "LeadId", "operator": "=", "value": lead },
            }],
            "duplicate_rules": [{ "name": "Same_title", "object": "Lead", "match": ["Title"], "action": "block" }],
        }))
        .await;
    world.org.count_calls().await;
    let booking = world.book(1, "refused@meanwhile.example", json!({ "title": "部長" })).await;
    let settled = world.settled(&booking).await;
    let states: Vec<&str> =
        settled["deliveries"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["failed", "failed"], "{settled:#}");
    let calls = world.org.calls().await;
    assert!(calls <= 4, "{calls} calls for two refusals");
}

/// Everybody attends; two pages name them in opposite order; both are booked for the same times at once.
async fn pages_with_different_host_order_do_not_deadlock(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let members = ["nobody@tsugite.example", "haruka.sato@tsugite.example"];
    let turned = crate::harness::page("turned", json!({ "members": members }));
    assert_eq!(world.server.post("/pages", &turned).await.0, 201);
    for slot in 0..20 {
        let one = crate::harness::booking(slot, "order@meanwhile.example", json!({}));
        let mut other = one.clone();
        other["page"] = json!("sales/turned");
        let post = |body| world.server.post("/bookings", body);
        let (a, b, c, d) = tokio::join!(post(&one), post(&other), post(&one), post(&other));
        let mut statuses = [a.0, b.0, c.0, d.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409]);
    }
}
