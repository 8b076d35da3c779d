//! A booking's records in the org: Task, campaign, Lead, Event, and its timeline (K1–K9, K20, K21).

use crate::harness::TestSystem;
use serde_json::{Value, json};
use storage::testing::Kind;

mod both {
    crate::on_both_databases!(
        booking_creates_expected_records,
        lead_created_later_is_found_by_repeated_search,
        cancelled_booking_writes_nothing,
        dry_run_writes_nothing,
        failed_delivery_succeeds_on_manual_retry
    );
}

fn delivery<'a>(booking: &'a Value, kind: &str) -> &'a Value {
    booking["deliveries"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap()
}

async fn booking_creates_expected_records(kind: Kind) {
    // Ten minutes are a second of this story.
    let world = TestSystem::begin(kind, 600.0).await;
    let campaign = world.org.campaign().await;
    world
        .settings(json!({
            "todo": { "enabled": true, "lag_minutes": 3, "subject": "面談 {{name}} 様", "comment": "{{company}}" },
            "campaign": { "enabled": true, "campaign_id": campaign },
            "search_order": "contact_first",
        }))
        .await;
    world.page(json!({ "salesforce": { "create_lead": true, "create_event": true } })).await;
    let fields = json!({ "LastName": "既存", "Company": "既存商事", "Email": "Known@Story.example" });
    let lead = world.org.create("Lead", fields).await;
    let contact =
        world.org.create("Contact", json!({ "LastName": "既存", "Email": "known@story.example" })).await;

    let booking = world.book(1, "KNOWN@story.example", json!({})).await;
    let settled = world.settled(&booking).await;
    let task = &world.org.rows("Task").await[0];
    assert_eq!(task["Subject"], "面談 見本 太郎 様");
    assert!(task["Description"].as_str().unwrap().starts_with("見本商事\n"), "{task:#}");
    assert_eq!(task["WhoId"], contact.as_str(), "Contacts come first");
    let host = &world.org.rows_where("User", "Email", "haruka.sato@tsugite.example").await[0];
    assert_eq!(task["OwnerId"], host["Id"]);
    assert_eq!((task["Status"].as_str(), task["Priority"].as_str()), (Some("Not Started"), Some("Normal")));
    let start = booking["start"].as_str().unwrap();
    let local = start.parse::<jiff::Timestamp>().unwrap().in_tz("Asia/Tokyo").unwrap();
    assert_eq!(task["ActivityDate"], local.date().to_string());
    let event = &world.org.rows("Event").await[0];
    assert_eq!(event["WhoId"], lead.as_str(), "the Event is on the Lead alone");
    let members = world.org.rows_where("CampaignMember", "CampaignId", &campaign).await;
    let ours: Vec<&Value> = members.iter().filter(|member| member["ContactId"] == contact.as_str()).collect();
    assert_eq!(ours.len(), 1, "the Contact is a member of the campaign");
    assert_eq!(world.org.rows_where("Lead", "Email", "KNOWN@story.example").await.len(), 0, "no second Lead");

    let record = &delivery(&settled, "todo")["records"][0];
    let url = format!("{}/lightning/r/Task/{}/view", world.org.url(), task["Id"].as_str().unwrap());
    assert_eq!(record["url"], url);
    for line in settled["timeline"].as_array().unwrap() {
        let text = line["text"].as_str().unwrap();
        assert!(!text.starts_with("step-"), "a sentence, not a key: {text}");
    }
    let again = world.book(2, "known@story.example", json!({})).await;
    let settled = world.settled(&again).await;
    let codes: Vec<&str> = delivery(&settled, "campaign")["explanation"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"campaign-member-already"), "already a member is success: {codes:?}");
}

/// K9: neither a person nor an assignee at first; both are looked for again.
async fn lead_created_later_is_found_by_repeated_search(kind: Kind) {
    let world = TestSystem::begin(kind, 600.0).await;
    let campaign = world.org.campaign().await;
    world
        .settings(json!({
            "todo": { "enabled": true, "lag_minutes": 0 },
            "campaign": { "enabled": true, "campaign_id": campaign },
            "rescue": { "enabled": true, "every_minutes": 10, "for_hours": 48 },
        }))
        .await;
    let booking = world.book(1, "later@story.example", json!({})).await;
    let path = format!("/bookings/{}", booking["id"].as_str().unwrap());
    let looked = |body: &Value| {
        let told = body["timeline"].as_array().unwrap();
        told.iter().filter(|line| line["code"] == "rescue-look-again").count() >= 4
    };
    let body = world.server.wait_for(&path, looked).await;
    assert_eq!(delivery(&body, "campaign")["records"], json!([]));
    let task = world.org.rows("Task").await;
    assert_eq!((task.len(), &task[0]["WhoId"]), (1, &Value::Null), "for the assignee alone");
    let fields = json!({ "LastName": "後から", "Company": "後から商事", "Email": "later@story.example" });
    let lead = world.org.create("Lead", fields).await;
    let settled = world.settled(&booking).await;
    assert_eq!(delivery(&settled, "campaign")["state"], "done");
    let task = world.org.rows("Task").await;
    assert_eq!((task.len(), task[0]["WhoId"].as_str()), (1, Some(lead.as_str())));
    assert_eq!(world.org.rows_where("CampaignMember", "LeadId", &lead).await.len(), 1);
}

async fn cancelled_booking_writes_nothing(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    world.settings(json!({ "todo": { "enabled": true, "lag_minutes": 10 } })).await;
    let booking = world.book(1, "cancels@story.example", json!({})).await;
    let path = format!("/bookings/{}/cancel", booking["id"].as_str().unwrap());
    let (status, body) = world.server.post(&path, &json!({})).await;
    assert_eq!((status, body["state"].as_str()), (200, Some("cancelled")));
    assert_eq!(body["deliveries"][0]["state"], "cancelled");
    assert_eq!(world.server.post(&path, &json!({})).await.0, 409, "once only");
    let _ = world.book(1, "takes.the.time@story.example", json!({})).await;
}

async fn dry_run_writes_nothing(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    let campaign = world.org.campaign().await;
    let campaign = json!({ "enabled": true, "campaign_id": campaign });
    world.settings(json!({ "todo": { "enabled": true }, "campaign": campaign })).await;
    world.page(json!({ "salesforce": { "create_lead": true, "create_event": true } })).await;
    let before = world.org.rows("Lead").await.len();
    let trial = json!({ "page": "demo", "email": "nobody@dry.example" });
    let (status, body) = world.server.post("/dry-run", &trial).await;
    assert_eq!(status, 200, "{body:#}");
    let plans = body["plans"].as_array().unwrap();
    assert_eq!(plans.len(), 3);
    assert_eq!(plans[0]["writes"][0]["object"], "Lead");
    assert_eq!(plans[1]["writes"][0]["object"], "Task");
    assert_eq!(
        plans[1]["writes"][0]["fields"]["WhoId"], "new-lead",
        "the ToDo is for the Lead that the page creates"
    );
    assert_eq!(plans[2]["writes"][0]["object"], "CampaignMember", "as a real booking does: {plans:#?}");
    assert_eq!(plans[2]["writes"][0]["fields"]["LeadId"], "new-lead");
    assert_eq!(world.org.rows("Lead").await.len(), before);
    assert_eq!(world.org.rows("Task").await.len(), 0);
}

/// A required field that no one filled in: into the error inbox, and out of it when it is mended.
async fn failed_delivery_succeeds_on_manual_retry(kind: Kind) {
    let world = TestSystem::begin(kind, 1.0).await;
    world.page(json!({ "salesforce": { "create_lead": true } })).await;
    let rule = json!({ "validation_rules": [{
        "name": "Needs_phone", "object": "Lead", "message": "電話番号がありません",
        "when": { "field": "Phone", "operator": "=", "value": null },
    }] });
    world.org.control("schema", &rule).await;
    let booking = world.book(1, "refused@story.example", json!({})).await;
    let settled = world.settled(&booking).await;
    let failed = delivery(&settled, "page");
    assert_eq!(failed["state"], "failed", "{settled:#}");
    assert_eq!(failed["error_code"], "FIELD_CUSTOM_VALIDATION_EXCEPTION");
    let told = settled["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .any(|line| line["data"]["message"] == "電話番号がありません");
    assert!(told, "the org's own words are told: {settled:#}");
    world.org.control("schema", &json!({ "validation_rules": [] })).await;
    let retry = format!("/deliveries/{}/retry", failed["id"].as_str().unwrap());
    assert_eq!(world.server.post(&retry, &json!({})).await.0, 200);
    let settled = world.settled(&booking).await;
    assert_eq!(delivery(&settled, "page")["state"], "done");
    assert_eq!(world.org.rows_where("Lead", "Email", "refused@story.example").await.len(), 1);
    assert_eq!(world.server.post(&retry, &json!({})).await.0, 409, "what is done is not retried");
}
