//! A change in a transaction that started long ago and is visible only now (D: late commits lose no row).

use crate::harness::TestSystem;
use crate::syncing::{choose, kept, refreshed};
use serde_json::json;
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(rows_of_day_long_transaction_are_synced);
}

/// Two hours pass in a second.
const FAST: f64 = 7200.0;
const DAY: i64 = 24 * 60 * 60;

async fn rows_of_day_long_transaction_are_synced(kind: Kind) {
    let world = TestSystem::begin(kind, FAST).await;
    choose(&world, json!({ "lead": ["LastName", "Company"] })).await;
    let lead =
        async |name: &str| world.org.create("Lead", json!({ "LastName": name, "Company": "継手" })).await;
    lead("先客").await;
    assert_eq!(refreshed(&world).await["receipt"]["everything"], json!(["Lead"]));

    // Someone's long transaction has begun: what it will show at its end is dated a day back.
    let late = json!({ "kind": "late_commit", "seconds": DAY, "path": "/sobjects/Lead", "method": "POST" });
    world.org.control("faults", &late).await;
    refreshed(&world).await;
    let id = lead("遅れた").await;
    world.org.heal().await;
    let run = refreshed(&world).await;
    assert_eq!(run["receipt"]["everything"], json!([]), "only what changed was asked for: {run:#}");
    let kept = kept(&world, "/synced-records/lead").await;
    assert_eq!(kept.get(&id).map(|fields| &fields["LastName"]), Some(&json!("遅れた")), "{run:#}");
}
