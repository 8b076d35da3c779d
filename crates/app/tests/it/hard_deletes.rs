//! Records that were purged between two syncs, so that no query returns them (D).

use crate::harness::TestSystem;
use crate::syncing::{choose, choose_undisturbed, refreshed};
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        purged_records_are_removed_by_next_sync,
        purged_records_outside_deletion_log_are_found_by_id_scan,
        too_large_response_is_requested_separately
    );
}

/// Two hours pass in a second.
const FAST: f64 = 7200.0;
/// Two hours pass in four seconds, and a day in more than any story takes.
const UNDISTURBED: f64 = 1800.0;

async fn begin(kind: Kind) -> TestSystem {
    let world = TestSystem::begin(kind, FAST).await;
    choose(&world, json!({ "lead": ["LastName"] })).await;
    world
}

async fn lead(world: &TestSystem, name: &str) -> String {
    world.org.create("Lead", json!({ "LastName": name, "Company": "継手" })).await
}

/// The state of each of these records as it is kept.
async fn states<const N: usize>(world: &TestSystem, ids: [&String; N]) -> [Value; N] {
    let mut states = [const { Value::Null }; N];
    for (state, id) in states.iter_mut().zip(ids) {
        let (status, row) = world.server.get(&format!("/synced-records/lead/{id}")).await;
        assert_eq!(status, 200, "{row:#}");
        *state = row["state"].clone();
    }
    states
}

async fn purged_records_are_removed_by_next_sync(kind: Kind) {
    let world = begin(kind).await;
    let (stays, purged, binned) =
        (lead(&world, "残る").await, lead(&world, "消える").await, lead(&world, "ごみ箱").await);
    refreshed(&world).await;
    world.org.control("hard-delete", &json!({ "ids": [purged] })).await;
    world.org.rest("DELETE", &format!("sobjects/Lead/{binned}"), &Value::Null).await;
    let brought_back = lead(&world, "戻る").await;
    refreshed(&world).await;
    let gone = states(&world, [&stays, &purged, &binned]).await;
    assert_eq!(gone, [json!("present"), json!("deleted"), json!("deleted")]);

    // What comes back before anybody looks was never away.
    world.org.rest("DELETE", &format!("sobjects/Lead/{brought_back}"), &Value::Null).await;
    world.org.control("undelete", &json!({ "ids": [brought_back] })).await;
    let run = refreshed(&world).await;
    assert_eq!(run["receipt"]["everything"], json!([]), "{run:#}");
    assert_eq!(states(&world, [&brought_back]).await, [json!("present")]);
}

async fn purged_records_outside_deletion_log_are_found_by_id_scan(kind: Kind) {
    let world = begin(kind).await;
    let (stays, purged, other) =
        (lead(&world, "残る").await, lead(&world, "消える").await, lead(&world, "別").await);
    refreshed(&world).await;
    world.org.control("hard-delete", &json!({ "ids": [purged], "forgotten": true })).await;
    refreshed(&world).await;
    let states = states(&world, [&stays, &purged, &other]).await;
    assert_eq!(states, [json!("present"), json!("deleted"), json!("present")]);
}

async fn too_large_response_is_requested_separately(kind: Kind) {
    let world = TestSystem::begin(kind, UNDISTURBED).await;
    // Two hours of rest are as long as a session lasts, and one that has ended costs a call more.
    world.org.control("schema", &json!({ "limits": { "session_minutes": 100_000 } })).await;
    choose_undisturbed(&world, json!({ "lead": ["LastName", "Description"] })).await;
    let (stays, purged) = (lead(&world, "残る").await, lead(&world, "消える").await);
    refreshed(&world).await;
    world.org.control("hard-delete", &json!({ "ids": [purged] })).await;
    let long = "長".repeat(3500);
    let lead = |number| {
        let (name, of) = (format!("長い{number}"), json!({ "type": "Lead" }));
        json!({ "attributes": of, "LastName": name, "Company": "継手", "Description": long })
    };
    let mut last = String::new();
    for some in 0..6 {
        let records: Vec<Value> = (some * 200..some * 200 + 200).map(lead).collect();
        let body = json!({ "allOrNone": true, "records": records });
        let (status, told) = world.org.rest("POST", "composite/sobjects", &body).await;
        assert_eq!(status, 200);
        last = told[199]["id"].as_str().unwrap().to_owned();
    }
    let run = refreshed(&world).await;
    let receipt = &run["receipt"];
    // Everything together, what was deleted, what has changed, its second page, and whether the purged one is gone.
    assert_eq!((&receipt["calls"], &receipt["everything"]), (&json!(5), &json!([])), "{run:#}");
    let states = states(&world, [&stays, &purged, &last]).await;
    assert_eq!(states, [json!("present"), json!("deleted"), json!("present")]);
}
