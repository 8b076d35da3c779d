//! Tasks, events and campaign members.

use serde_json::json;

use crate::harness::Org;

#[tokio::test]
async fn task_gets_org_defaults() {
    let org = Org::start().await;
    let lead = org.lead("佐藤", "hanako@example.jp").await;
    let task = org
        .create(
            "Task",
            json!({"Subject": "商談", "Type": "Meeting", "WhoId": lead, "ActivityDate": "2026-12-01"}),
        )
        .await;
    let row = org.get(&format!("/sobjects/Task/{task}")).await.body;
    assert_eq!((row["Status"].as_str(), row["Priority"].as_str()), (Some("Not Started"), Some("Normal")));
    assert_eq!(row["IsClosed"], false);
    assert_eq!(row["ActivityDate"], "2026-12-01");
    org.patch(&format!("/sobjects/Task/{task}"), json!({"Status": "Completed"})).await;
    let row = org.get(&format!("/sobjects/Task/{task}")).await.body;
    assert_eq!(row["IsClosed"], true);
    assert!(row["CompletedDateTime"].is_string());
    let account = org.create("Account", json!({"Name": "継手"})).await;
    let told = org.post("/sobjects/Task", json!({"WhoId": lead, "WhatId": account})).await;
    assert_eq!((told.status, told.code()), (400, "FIELD_INTEGRITY_EXCEPTION"));
    let told = org.post("/sobjects/Task", json!({"WhoId": account})).await;
    assert_eq!((told.status, told.code()), (400, "MALFORMED_ID"));
}

#[tokio::test]
async fn event_with_inconsistent_times_is_rejected() {
    let org = Org::start().await;
    let event = |more: serde_json::Value| {
        let mut fields = json!({"Subject": "商談", "StartDateTime": "2026-12-01T01:00:00Z"});
        fields.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
        fields
    };
    let id = org.create("Event", event(json!({"DurationInMinutes": 30}))).await;
    let row = org.get(&format!("/sobjects/Event/{id}")).await.body;
    assert_eq!(row["EndDateTime"], "2026-12-01T01:30:00.000+0000");
    assert_eq!(row["ActivityDateTime"], "2026-12-01T01:00:00.000+0000");
    assert_eq!(row["ShowAs"], "Busy");
    for (more, code) in [
        (json!({}), "REQUIRED_FIELD_MISSING"),
        (json!({"EndDateTime": "2026-12-01T00:00:00Z"}), "FIELD_INTEGRITY_EXCEPTION"),
        (
            json!({"EndDateTime": "2026-12-01T02:00:00Z", "DurationInMinutes": 30}),
            "FIELD_INTEGRITY_EXCEPTION",
        ),
        (json!({"EndDateTime": "2027-12-01T02:00:00Z"}), "NUMBER_OUTSIDE_VALID_RANGE"),
        (json!({"DurationInMinutes": 30, "ShowAs": "Asleep"}), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
    ] {
        let told = org.post("/sobjects/Event", event(more)).await;
        assert_eq!((told.status, told.code()), (400, code), "{:?}", told.body);
    }
    let moved = json!({"StartDateTime": "2026-12-02T01:00:00Z", "EndDateTime": "2026-12-02T02:00:00Z"});
    assert_eq!(org.patch(&format!("/sobjects/Event/{id}"), moved).await.status, 204);
    let row = org.get(&format!("/sobjects/Event/{id}")).await.body;
    assert_eq!(
        (row["DurationInMinutes"].as_i64(), row["ActivityDate"].as_str()),
        (Some(60), Some("2026-12-01"))
    );
    let day = org
        .create("Event", json!({"Subject": "休", "IsAllDayEvent": true, "ActivityDate": "2026-12-03"}))
        .await;
    let row = org.get(&format!("/sobjects/Event/{day}")).await.body;
    assert_eq!(row["StartDateTime"], "2026-12-03T00:00:00.000+0000");
    assert_eq!(
        (row["DurationInMinutes"].as_i64(), row["EndDate"].as_str()),
        (Some(1440), Some("2026-12-03"))
    );
}

#[tokio::test]
async fn second_campaign_membership_is_rejected() {
    let org = Org::start().await;
    let lead = org.lead("佐藤", "hanako@example.jp").await;
    let campaign = org.create("Campaign", json!({"Name": "秋の展示会", "IsActive": true})).await;
    let member = json!({"CampaignId": campaign, "LeadId": lead, "Status": "知らない"});
    let id = org.create("CampaignMember", member.clone()).await;
    let again = org.post("/sobjects/CampaignMember", member).await;
    assert_eq!((again.status, again.code()), (400, "DUPLICATE_VALUE"));
    assert_eq!(again.body[0]["message"], "Already a campaign member.");
    let rows =
        org.rows("SELECT Status, HasResponded, Email, Lead.Email, Campaign.Name FROM CampaignMember").await;
    assert_eq!(rows[0]["Status"], "Sent");
    assert_eq!(rows[0]["Email"], "hanako@example.jp");
    assert_eq!(rows[0]["Lead"]["Email"], "hanako@example.jp");
    assert_eq!(rows[0]["Campaign"]["Name"], "秋の展示会");
    let told = org.patch(&format!("/sobjects/CampaignMember/{id}"), json!({"Status": "responded"})).await;
    assert_eq!(told.status, 204);
    let campaigns = org.rows("SELECT NumberOfLeads, NumberOfResponses FROM Campaign").await;
    assert_eq!(
        (campaigns[0]["NumberOfLeads"].as_i64(), campaigns[0]["NumberOfResponses"].as_i64()),
        (Some(1), Some(1))
    );
    let told = org.patch(&format!("/sobjects/CampaignMember/{id}"), json!({"LeadId": lead})).await;
    assert_eq!((told.status, told.code()), (400, "INVALID_FIELD_FOR_INSERT_UPDATE"));
    let attended = json!({"CampaignId": campaign, "Label": "出席", "SortOrder": 9, "IsDefault": true, "HasResponded": true});
    org.create("CampaignMemberStatus", attended).await;
    let defaults = "SELECT Label FROM CampaignMemberStatus WHERE IsDefault = true";
    assert_eq!(org.rows(defaults).await[0]["Label"], "出席");
    assert_eq!(org.rows(defaults).await.len(), 1);
    let told = org.post("/sobjects/CampaignMember", json!({"LeadId": lead})).await;
    assert_eq!(told.body.as_array().unwrap().len(), 2);
}
