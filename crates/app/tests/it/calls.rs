//! The call budget: two calls for a booking on every path, six for two hundred at once.

use crate::harness::TestSystem;
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(every_path_takes_two_calls, two_hundred_bookings_take_six_calls);
}

async fn every_path_takes_two_calls(kind: Kind) {
    // Ten minutes, after which a campaign member is due, are a second of this story.
    let world = TestSystem::begin(kind, 600.0).await;
    let campaign = world.org.campaign().await;
    for (name, object) in [("lead", "Lead"), ("contact", "Contact"), ("both", "Lead"), ("both", "Contact")] {
        let mut fields = json!({ "LastName": "既存", "Email": format!("{name}@calls.example") });
        if object == "Lead" {
            fields["Company"] = "既存商事".into();
        }
        world.org.create(object, fields).await;
    }
    let off = json!({ "enabled": false });
    let todo = json!({ "todo": { "enabled": true, "lag_minutes": 0 } });
    let campaign_only = json!({ "todo": off, "campaign": { "enabled": true, "campaign_id": campaign } });
    let nothing = json!({ "todo": off });
    let everything = json!({ "create_lead": true, "create_event": true, "map_fields": true,
        "mappings": [{ "field": "title", "salesforce_field": "Title" }] });
    let mut slot = 0;
    let mut counted: Vec<(String, i64)> = Vec::new();
    for (what, settings, page) in [
        ("ToDo", &todo, json!({})),
        ("campaign", &campaign_only, json!({})),
        ("Lead, Event and fields", &nothing, everything),
    ] {
        world.settings(settings.clone()).await;
        world
            .page(json!({
                "fields": [{ "key": "title", "label": "役職", "kind": "text" }], "salesforce": page,
            }))
            .await;
        for who in ["nobody", "lead", "contact", "both"] {
            world.org.count_calls().await;
            slot += 1;
            let email = if who == "nobody" {
                format!("nobody.{slot}@calls.example")
            } else {
                format!("{who}@calls.example")
            };
            let booking = world.book(slot, &email, json!({ "title": "部長" })).await;
            let settled = world.settled(&booking).await;
            assert!(
                settled["deliveries"].as_array().unwrap().iter().all(|one| one["state"] != "failed"),
                "{settled:#}"
            );
            counted.push((format!("{what}, {who}"), world.org.calls().await));
        }
    }
    let dear: Vec<_> = counted.iter().filter(|(_, calls)| *calls > 2).collect();
    assert!(dear.is_empty(), "{counted:#?}");
    assert_eq!(counted.len(), 12);
}

/// Two hundred bookings wait for a connection, each with its page's records and its ToDo; then it comes.
async fn two_hundred_bookings_take_six_calls(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let salesforce = json!({ "create_lead": true, "create_event": true });
    world.page(json!({ "salesforce": salesforce })).await;
    assert_eq!(world.server.delete("/salesforce/connection").await.0, 204);
    world.settings(json!({ "todo": { "enabled": true, "lag_minutes": 0 } })).await;
    let mut bookings = Vec::new();
    for number in 0..200 {
        bookings.push(world.book(number, &format!("waits.{number}@calls.example"), json!({})).await);
    }
    let held = |body: &Value| body["deliveries"].as_array().unwrap().iter().all(|one| one["state"] == "held");
    assert!(held(bookings.last().unwrap()), "bookings without a connection wait for it");
    world.org.count_calls().await;
    world.server.connect(&world.org).await;
    for booking in &bookings {
        let settled = world.settled(booking).await;
        let done = settled["deliveries"].as_array().unwrap().iter().all(|one| one["state"] == "done");
        assert!(done, "{settled:#}");
    }
    // Connecting asks once who it is, and the preflight runs twice: by itself and for this story.
    let calls = world.org.calls().await - 3;
    assert!(calls <= 6, "{calls} calls for two hundred bookings");
    assert_eq!(world.org.rows("Task").await.len(), 200);
}
