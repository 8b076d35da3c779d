//! Duplicate rules.

use serde_json::json;

use crate::harness::{Org, Told};

#[tokio::test]
async fn duplicate_details_are_full_for_one_record_and_short_in_collection() {
    let org = Org::start().await;
    let known = org.lead("佐藤", "hanako@example.jp").await;
    let rule = |action: &str| json!({"duplicate_rules": [{"name": "Leads_DR", "object": "Lead", "match": ["Email"], "action": action}]});
    org.control("/schema", rule("block")).await;
    let lead = json!({"LastName": "佐藤", "Company": "継手", "Email": "HANAKO@example.jp"});
    let told = org.post("/sobjects/Lead", lead.clone()).await;
    assert_eq!((told.status, told.code()), (400, "DUPLICATES_DETECTED"));
    let result = &told.body[0]["duplicateResut"];
    assert_eq!(
        (result["allowSave"].as_bool(), result["duplicateRule"].as_str()),
        (Some(false), Some("Leads_DR"))
    );
    let found = &result["matchResults"][0]["matchRecords"][0]["record"];
    assert_eq!(found["Id"], known.as_str());
    assert_eq!(found.get("LastName"), None);
    let wish = "allowSave=true; includeRecordDetails=true";
    let insisting = |org: &Org| {
        let request = org.request(reqwest::Method::POST, "/sobjects/Lead");
        request.header("Sforce-Duplicate-Rule-Header", wish).json(&lead).send()
    };
    let told = Told::read(insisting(&org).await.unwrap()).await;
    assert_eq!(told.status, 400, "a blocking rule cannot be passed");
    assert_eq!(
        told.body[0]["duplicateResut"]["matchResults"][0]["matchRecords"][0]["record"]["LastName"],
        "佐藤"
    );
    let mut item = lead.clone();
    item["attributes"] = json!({"type": "Lead"});
    let told = org.post("/composite/sobjects", json!({"records": [item]})).await;
    assert_eq!(
        told.body[0]["errors"][0],
        json!({"statusCode": "DUPLICATES_DETECTED", "message": "Use one of these records?", "fields": []})
    );
    let part = json!({"method": "POST", "url": "/services/data/v66.0/sobjects/Lead", "referenceId": "r", "body": lead});
    let told = org.post("/composite", json!({"compositeRequest": [part]})).await;
    assert!(told.body["compositeResponse"][0]["body"][0]["duplicateResut"].is_object());
    org.control("/schema", rule("alert")).await;
    assert_eq!(org.post("/sobjects/Lead", lead.clone()).await.body[0]["duplicateResut"]["allowSave"], true);
    assert_eq!(Told::read(insisting(&org).await.unwrap()).await.status, 201);
    org.control("/schema", json!({"duplicate_rules": []})).await;
    assert_eq!(org.post("/sobjects/Lead", lead).await.status, 201);
}

#[tokio::test]
async fn duplicate_rule_matches_lead_with_contact() {
    let org = Org::start().await;
    org.create("Contact", json!({"LastName": "佐藤", "Email": "hanako@example.jp"})).await;
    let rule = json!({"name": "Cross", "object": "Lead", "match": ["Email"], "against": ["Lead", "Contact"]});
    org.control("/schema", json!({"duplicate_rules": [rule]})).await;
    let told = org
        .post("/sobjects/Lead", json!({"LastName": "佐", "Company": "継", "Email": "hanako@example.jp"}))
        .await;
    assert_eq!(told.body[0]["duplicateResut"]["matchResults"][0]["entityType"], "Contact");
    assert_eq!(org.rows("SELECT DeveloperName FROM DuplicateRule WHERE IsActive = true").await.len(), 1);
}
