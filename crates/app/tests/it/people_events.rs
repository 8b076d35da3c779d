//! Changes in the org arrive as they happen, by change events; whatever goes wrong with these, nothing is lost (S13).

use crate::harness::TestSystem;
use crate::people_sync::{begin, lead, person, start, sync_until};
use serde_json::{Value, json};
use std::time::Duration;
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(changes_arrive_by_events_and_by_runs_when_events_fail);
}

/// No scheduled run comes before the test is over.
async fn listening(world: &TestSystem) {
    world.org.control("change-events", &json!({ "selected": ["Lead", "Contact"] })).await;
    let settings = json!({ "enabled": false, "interval_minutes": 1440 });
    assert_eq!(world.server.put("/people-sync", &settings).await.0, 200);
    start(world).await;
    world.server.wait_for("/people-sync", |sync| sync["listening"] == "listening").await;
}

/// Waits until a person has a title.
async fn arrives(world: &TestSystem, email: &str, title: &str) {
    let until = tokio::time::Instant::now() + Duration::from_secs(60);
    while person(world, email).await["fields"]["title"] != title {
        assert!(tokio::time::Instant::now() < until, "{title} did not arrive");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn changes_arrive_by_events_and_by_runs_when_events_fail(kind: Kind) {
    let world = begin(kind).await;
    let id = lead(&world, "event@events.example").await;
    listening(&world).await;
    world.org.edit(&id, json!({ "Title": "部長" })).await;
    arrives(&world, "event@events.example", "部長").await;
    let (_, runs) = world.server.get("/runs").await;
    let runs = runs["runs"].as_array().unwrap().clone();
    assert!(runs.iter().any(|run| run["origin"] == "event"), "{runs:#?}");
    // A new Lead, a gap, and everything at once.
    lead(&world, "fresh@events.example").await;
    arrives(&world, "fresh@events.example", "課長").await;
    // The stream is cut: it goes on from where it was.
    world.org.control("change-events", &json!({ "break_off": true })).await;
    world.org.edit(&id, json!({ "Title": "本部長" })).await;
    arrives(&world, "event@events.example", "本部長").await;
    // The position is gone by the time it is asked for: a run reads what was missed, and events tell again.
    world.org.control("change-events", &json!({ "break_off": true, "forget": true })).await;
    world.org.edit(&id, json!({ "Title": "参与" })).await;
    arrives(&world, "event@events.example", "参与").await;
    world.server.wait_for("/people-sync", |sync| sync["listening"] == "listening").await;
    world.org.edit(&id, json!({ "Title": "顧問" })).await;
    arrives(&world, "event@events.example", "顧問").await;
    // No deliveries are left: runs bring what changes.
    world.org.control("change-events", &json!({ "daily_deliveries": 0 })).await;
    world.org.edit(&id, json!({ "Title": "次長" })).await;
    sync_until(&world, "event@events.example", |found| found["fields"]["title"] == "次長").await;
    let (_, details) = world.server.get("/people-sync").await;
    assert!(details["listening"] != Value::Null, "{details:#}");
    // Switched off, nobody listens.
    let settings = json!({ "enabled": true, "interval_minutes": 1440, "change_events": false });
    assert_eq!(world.server.put("/people-sync", &settings).await.0, 200);
    let (_, details) = world.server.get("/people-sync").await;
    assert_eq!(details["listening"], Value::Null, "{details:#}");
}
