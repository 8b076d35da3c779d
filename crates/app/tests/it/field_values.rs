//! Values for Lead fields: what the describe forbids, and what only the org rejects (K14–K16).

use crate::harness::TestSystem;
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        invalid_values_are_dropped_and_rest_is_written,
        duplicate_rule_that_alerts_saves_beside_another_person,
        refused_email_is_kept_in_the_description,
        field_made_just_now_can_be_mapped
    );
}

async fn invalid_values_are_dropped_and_rest_is_written(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    world
        .org
        .control("schema", &json!({ "fields": [
            { "object": "Lead", "name": "Rank__c", "label": "ランク", "type": "picklist", "picklist": ["高", "低"], "restricted": true },
            { "object": "Lead", "name": "Short__c", "label": "短い", "type": "string", "length": 5 },
            { "object": "Lead", "name": "Amount__c", "label": "金額", "type": "currency", "precision": 8, "scale": 2 },
            { "object": "Lead", "name": "Checked__c", "label": "検査", "type": "string", "length": 40 },
        ] }))
        .await;
    let (status, _) = world.server.post("/salesforce/preflight", &json!({})).await;
    assert_eq!(status, 200, "the new fields are known after a preflight");
    let question = |key: &str, kind: &str, options: Value| json!({ "key": key, "label": key, "kind": kind, "options": options });
    let mapping = |from: &str, to: &str| json!({ "field": from, "salesforce_field": to });
    world
        .page(json!({
            "fields": [
                question("rank", "radio", json!(["高", "最高"])), question("short", "text", json!([])),
                question("amount", "text", json!([])), question("checked", "text", json!([])),
                question("title", "text", json!([])),
            ],
            "salesforce": { "create_lead": true, "map_fields": true, "mappings": [
                mapping("rank", "Rank__c"), mapping("short", "Short__c"), mapping("amount", "Amount__c"),
                mapping("checked", "Checked__c"), mapping("title", "Title"),
            ] },
        }))
        .await;
    // Only the org knows of this one: the describe says nothing about it.
    world
        .org
        .control(
            "schema",
            &json!({ "validation_rules": [{
            "name": "No_x", "object": "Lead", "field": "Checked__c", "message": "x は使えません",
            "when": { "field": "Checked__c", "operator": "=", "value": "x" },
        }] }),
        )
        .await;
    let answers = json!({ "rank": "最高", "short": "長すぎる文字列", "amount": "たくさん", "checked": "x", "title": "部長" });
    let booking = world.book(1, "values@fields.example", answers).await;
    let settled = world.settled(&booking).await;
    assert_eq!(settled["deliveries"][0]["state"], "done", "{settled:#}");
    let leads = world.org.rows_where("Lead", "Email", "values@fields.example").await;
    assert_eq!(leads.len(), 1);
    assert_eq!(leads[0]["Title"], "部長", "the good one is there");
    for field in ["Rank__c", "Short__c", "Amount__c", "Checked__c"] {
        assert_eq!(leads[0][field], Value::Null, "{field}");
        let told = settled["timeline"].as_array().unwrap().iter();
        let mut told = told.filter(|line| line["code"] == "value-dropped" && line["data"]["field"] == field);
        assert!(told.next().is_some(), "the timeline says why {field} is empty: {settled:#}");
    }
    let refused = [("rank", "Title", "wrong-type"), ("title", "Nope__c", "no-such-salesforce-field")];
    for (from, to, code) in refused {
        let mut page = crate::harness::page(
            "demo",
            json!({ "fields": [question("title", "text", json!([])), question("rank", "checkboxes", json!(["高"]))] }),
        );
        page["salesforce"] = json!({ "map_fields": true, "mappings": [mapping(from, to)] });
        let (status, body) = world.server.put("/pages/demo", &page).await;
        assert_eq!((status, body["errors"][0]["code"].as_str()), (422, Some(code)), "{body:#}");
        assert_eq!(body["errors"][0]["field"], "salesforce.mappings[0].salesforce_field");
    }
}

/// Another person's record at the same company: nothing is adopted, and where the rule only alerts it is saved, singly or
/// in bulk.
async fn duplicate_rule_that_alerts_saves_beside_another_person(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let rule = |action: &str| json!({ "duplicate_rules": [{ "name": "Same_company", "object": "Lead", "match": ["Company"], "action": action }] });
    let fields = json!({ "LastName": "元", "Company": "見本商事", "Email": "first@duplicates.example" });
    world.org.create("Lead", fields).await;
    world.org.control("schema", &rule("allow")).await;
    world.page(json!({ "salesforce": { "create_lead": true } })).await;
    let single = world.book(0, "single@duplicates.example", json!({})).await;
    let settled = world.settled(&single).await;
    assert_eq!(settled["deliveries"][0]["records"][0]["action"], "created", "{settled:#}");
    let told =
        |line: &Value| line["code"] == "lead-duplicate-allowed" && line["data"]["rule"] == "Same_company";
    assert!(settled["timeline"].as_array().unwrap().iter().any(told), "{settled:#}");
    // More than fit into single writes: the collection's answer names no match, so each is asked for singly.
    assert_eq!(world.server.delete("/salesforce/connection").await.0, 204);
    let mut bookings = Vec::new();
    for number in 1..=30 {
        bookings.push(world.book(number, &format!("bulk.{number}@duplicates.example"), json!({})).await);
    }
    world.server.connect(&world.org).await;
    for (booking, number) in bookings.iter().zip(1..) {
        assert_eq!(world.settled(booking).await["deliveries"][0]["state"], "done");
        let leads = world.org.rows_where("Lead", "Email", &format!("bulk.{number}@duplicates.example")).await;
        assert_eq!(leads.len(), 1);
    }
    world.org.control("schema", &rule("block")).await;
    let blocked = world.book(40, "blocked@duplicates.example", json!({})).await;
    let settled = world.settled(&blocked).await;
    assert_eq!(settled["deliveries"][0]["state"], "failed", "{settled:#}");
    let told = |line: &Value| line["code"] == "lead-duplicate-blocked";
    assert!(settled["timeline"].as_array().unwrap().iter().any(told), "{settled:#}");
    assert!(world.org.rows_where("Lead", "Email", "blocked@duplicates.example").await.is_empty());
}

/// The org's own idea of an address is narrower than ours: the Lead is saved, and the address is not lost.
async fn refused_email_is_kept_in_the_description(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    world.page(json!({ "salesforce": { "create_lead": true } })).await;
    let email = "dots..dot.@docomo.example";
    let booking = world.book(0, email, json!({})).await;
    let settled = world.settled(&booking).await;
    assert_eq!(settled["deliveries"][0]["state"], "done", "{settled:#}");
    let id = settled["deliveries"][0]["records"][0]["id"].as_str().expect("a Lead");
    let leads = world.org.rows_where("Lead", "Id", id).await;
    assert_eq!(leads[0]["Email"], Value::Null, "{leads:#?}");
    assert!(leads[0]["Description"].as_str().unwrap().contains(email), "{leads:#?}");
    let told = |line: &Value| line["code"] == "email-in-description";
    assert!(settled["timeline"].as_array().unwrap().iter().any(told), "{settled:#}");
}

/// No preflight, no booking, no wait: the mapping itself looks for a field that is not known yet.
async fn field_made_just_now_can_be_mapped(kind: Kind) {
    // The describe of the connection is older than a minute at once.
    let world = TestSystem::begin(kind, 120.0).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let field = json!({ "fields": [{ "object": "Lead", "name": "New__c", "label": "新項目", "type": "string", "length": 40 }] });
    world.org.control("schema", &field).await;
    world
        .page(json!({
            "fields": [{ "key": "new", "label": "新", "kind": "text" }],
            "salesforce": { "map_fields": true, "mappings": [{ "field": "new", "salesforce_field": "New__c" }] },
        }))
        .await;
    world.org.count_calls().await;
    let mut page =
        crate::harness::page("demo", json!({ "fields": [{ "key": "new", "label": "新", "kind": "text" }] }));
    page["salesforce"] =
        json!({ "map_fields": true, "mappings": [{ "field": "new", "salesforce_field": "Nope__c" }] });
    for _ in 0..3 {
        let (status, body) = world.server.put("/pages/sales/demo", &page).await;
        assert_eq!(
            (status, body["errors"][0]["code"].as_str()),
            (422, Some("no-such-salesforce-field")),
            "{body:#}"
        );
    }
}
