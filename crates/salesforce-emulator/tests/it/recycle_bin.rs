//! Cascading deletes, restrictions, and restoring.

use jiff::ToSpan as _;
use serde_json::json;

use crate::harness::Org;

#[tokio::test]
async fn account_delete_and_undelete_cascade_to_contacts() {
    let org = Org::start().await;
    let account = org.create("Account", json!({"Name": "継手"})).await;
    let contact = org.create("Contact", json!({"LastName": "佐藤", "AccountId": account})).await;
    let earlier = org.create("Contact", json!({"LastName": "山田", "AccountId": account})).await;
    let deal =
        json!({"Name": "x", "StageName": "Prospecting", "CloseDate": "2026-12-01", "AccountId": account});
    org.create("Opportunity", deal).await;
    let campaign = org.create("Campaign", json!({"Name": "x"})).await;
    org.create("CampaignMember", json!({"CampaignId": campaign, "ContactId": contact})).await;
    org.delete(&format!("/sobjects/Contact/{earlier}")).await;
    org.control("/clock", json!({"advance_seconds": 60})).await;
    assert_eq!(org.delete(&format!("/sobjects/Account/{account}")).await.status, 204);
    for object in ["Contact", "Opportunity", "CampaignMember"] {
        assert_eq!(org.rows(&format!("SELECT Id FROM {object}")).await.len(), 0, "{object}");
    }
    assert_eq!(org.rows("SELECT NumberOfContacts FROM Campaign").await[0]["NumberOfContacts"], 0);
    org.control("/undelete", json!({"ids": [account]})).await;
    for object in ["Contact", "Opportunity", "CampaignMember"] {
        assert_eq!(org.rows(&format!("SELECT Id FROM {object}")).await.len(), 1, "{object}");
    }
    assert_eq!(org.rows("SELECT NumberOfContacts FROM Campaign").await[0]["NumberOfContacts"], 1);
}

#[tokio::test]
async fn won_opportunity_or_restricting_lookup_prevents_delete() {
    let org = Org::start().await;
    let account = org.create("Account", json!({"Name": "継手"})).await;
    let deal =
        json!({"Name": "受注", "StageName": "Closed Won", "CloseDate": "2026-12-01", "AccountId": account});
    org.create("Opportunity", deal).await;
    let told = org.delete(&format!("/sobjects/Account/{account}")).await;
    assert_eq!((told.status, told.code()), (400, "DELETE_FAILED"));
    assert!(
        told.body[0]["message"]
            .as_str()
            .unwrap()
            .ends_with("associated with the following opportunities.: 受注")
    );
    org.control("/schema", json!({"objects": [{"name": "Visit__c", "label": "Visit", "label_plural": "Visits", "fields": [
        {"name": "Lead__c", "type": "reference", "reference_to": "Lead", "on_delete": "restrict", "children": "Visits__r"},
        {"name": "Contact__c", "type": "reference", "reference_to": "Contact", "on_delete": "cascade", "children": "Visits__r"},
    ]}]})).await;
    let lead = org.lead("佐藤", "a@example.jp").await;
    let contact = org.create("Contact", json!({"LastName": "佐藤"})).await;
    let visit = org.create("Visit__c", json!({"Name": "一", "Lead__c": lead, "Contact__c": contact})).await;
    let told = org.delete(&format!("/sobjects/Lead/{lead}")).await;
    assert_eq!(told.code(), "DELETE_FAILED");
    assert!(told.body[0]["message"].as_str().unwrap().contains("visits.: 一"), "{:?}", told.body);
    assert_eq!(org.delete(&format!("/sobjects/Contact/{contact}")).await.status, 204);
    assert_eq!(org.get(&format!("/sobjects/Visit__c/{visit}")).await.code(), "ENTITY_IS_DELETED");
    assert_eq!(org.delete(&format!("/sobjects/Lead/{lead}")).await.status, 204);
}

#[tokio::test]
async fn bin_keeps_records_15_days_and_hard_delete_bypasses_it() {
    let mut org = Org::start().await;
    let (lead, other) = (org.lead("佐藤", "a@example.jp").await, org.lead("山田", "b@example.jp").await);
    org.delete(&format!("/sobjects/Lead/{lead}")).await;
    org.control("/hard-delete", json!({"ids": [other]})).await;
    let all = "/queryAll?q=SELECT+Id+FROM+Lead";
    assert_eq!(org.get(all).await.body["records"][0]["Id"], lead);
    assert_eq!(org.get(all).await.body["totalSize"], 1);
    org.control("/clock", json!({"advance_seconds": 15 * 86_400 + 60})).await;
    org.sign_in().await;
    assert_eq!(org.get(all).await.body["totalSize"], 0);
    assert_eq!(org.get(&format!("/sobjects/Lead/{lead}")).await.status, 404);
}

#[tokio::test]
async fn deletion_log_lists_purged_records_until_retention() {
    let org = Org::start().await;
    let (lead, other) = (org.lead("佐藤", "a@example.jp").await, org.lead("山田", "b@example.jp").await);
    let contact = org.create("Contact", json!({"LastName": "佐藤"})).await;
    let deleted = async || {
        let now = org.observe("/clock").await["now"].as_str().unwrap().replace("+0000", "Z");
        let now: jiff::Timestamp = now.parse().unwrap();
        org.get(&format!("/sobjects/Lead/deleted?start={}&end={}", now - 20.minutes(), now + 20.minutes()))
            .await
    };
    let ids = async || {
        let told = deleted().await.body["deletedRecords"].as_array().unwrap().clone();
        told.iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    org.delete(&format!("/sobjects/Lead/{lead}")).await;
    org.control("/hard-delete", json!({"ids": [other, contact]})).await;
    assert_eq!(ids().await, [lead.clone(), other.clone()], "and no contact");
    org.control("/undelete", json!({"ids": [lead]})).await;
    assert_eq!(ids().await, [other]);
    org.control("/hard-delete", json!({"ids": [lead], "forgotten": true})).await;
    assert_eq!((deleted().await.status, deleted().await.code()), (400, "INVALID_REPLICATION_DATE"));
    org.control("/clock", json!({"advance_seconds": 3600})).await;
    assert_eq!(ids().await, Vec::<String>::new());
}

#[tokio::test]
async fn record_count_excludes_bin_and_rolled_back_records() {
    let org = Org::start().await;
    let counted =
        async || org.get("/limits/recordCount?sObjects=Lead").await.body["sObjects"][0]["count"].clone();
    let (lead, other) = (org.lead("佐藤", "a@example.jp").await, org.lead("山田", "b@example.jp").await);
    assert_eq!(counted().await, 2);
    for _ in 0..2 {
        org.delete(&format!("/sobjects/Lead/{lead}")).await;
        assert_eq!(counted().await, 1);
    }
    org.control("/undelete", json!({"ids": [lead]})).await;
    assert_eq!(counted().await, 2);
    let records = json!([{"attributes": {"type": "Lead"}, "LastName": "x", "Company": "y"}, {"attributes": {"type": "Lead"}}]);
    let told = org.post("/composite/sobjects", json!({"allOrNone": true, "records": records})).await;
    assert_eq!(told.body[0]["success"], false);
    assert_eq!(counted().await, 2);
    org.delete(&format!("/sobjects/Lead/{other}")).await;
    org.control("/hard-delete", json!({"ids": [lead, other]})).await;
    assert_eq!(counted().await, 0);
}
