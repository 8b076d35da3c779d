//! Helpers for tests of runs.

use crate::harness::TestSystem;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Chooses the fields that are kept.
pub(crate) async fn choose(world: &TestSystem, fields: Value) {
    let (status, body) = world.server.put("/synced-fields", &fields).await;
    assert_eq!(status, 200, "{body:#}");
}

/// Chooses fields so that no nightly run comes between: the night has just been, and the next is 23 hours away.
pub(crate) async fn choose_undisturbed(world: &TestSystem, mut fields: Value) {
    let an_hour_ago =
        storage::Clock::default().now().plus_minutes(-60).to_jiff().in_tz("Asia/Tokyo").unwrap();
    fields["refresh_at"] = an_hour_ago.strftime("%H:%M").to_string().into();
    choose(world, fields).await;
}

/// Asks for a refresh, waits until it is over and gives the run.
pub(crate) async fn refresh(world: &TestSystem) -> Value {
    let (status, body) = world.server.post("/synced-fields/sync", &json!({})).await;
    assert_eq!(status, 202, "{body:#}");
    over(world, &body["run"]).await
}

/// Asks for a refresh as soon as one is allowed, and gives its id.
pub(crate) async fn sync_when_allowed(world: &TestSystem) -> Value {
    loop {
        let (status, body) = world.server.post("/synced-fields/sync", &json!({})).await;
        match status {
            202 => return body["run"].clone(),
            // Its two hours are not over, or a night came in between.
            409 | 429 => tokio::task::yield_now().await,
            _ => panic!("{status} {body:#}"),
        }
    }
}

/// Refreshes as soon as that is allowed, and gives the run, which has done what it should.
pub(crate) async fn refreshed(world: &TestSystem) -> Value {
    let run = sync_when_allowed(world).await;
    let run = over(world, &run).await;
    assert_eq!(run["state"], "done", "{run:#}");
    run
}

/// Waits until a run is over.
pub(crate) async fn over(world: &TestSystem, run: &Value) -> Value {
    let path = format!("/runs/{}", run.as_str().unwrap());
    let is_over = |run: &Value| !matches!(run["state"].as_str(), Some("waiting" | "running"));
    world.server.wait_for(&path, is_over).await
}

/// Every record that is kept, by id.
pub(crate) async fn kept_rows(world: &TestSystem, path: &str) -> BTreeMap<String, Value> {
    let mut records = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let (status, page) = world.server.get(&format!("{path}?limit=1000&cursor={cursor}")).await;
        assert_eq!(status, 200, "{page:#}");
        for record in page["records"].as_array().unwrap() {
            let id = record["id"].as_str().unwrap().to_owned();
            assert!(records.insert(id, record.clone()).is_none(), "twice: {record}");
        }
        match page["cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return records,
        }
    }
}

/// The chosen fields of every record that is kept, by id.
pub(crate) async fn kept(world: &TestSystem, path: &str) -> BTreeMap<String, Value> {
    kept_rows(world, path).await.into_iter().map(|(id, record)| (id, record["fields"].clone())).collect()
}
