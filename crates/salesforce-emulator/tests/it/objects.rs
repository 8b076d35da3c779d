//! The built-in behaviour of each standard object.

use serde_json::{Value, json};

use crate::harness::Org;

async fn flags(org: &Org, object: &str, field: &str) -> String {
    let described = org.get(&format!("/sobjects/{object}/describe")).await.body;
    let field = described["fields"].as_array().unwrap().iter().find(|known| known["name"] == field);
    let Some(field) = field else { return "absent".to_owned() };
    let says = |key: &str| field[key] == true;
    [
        ("C", "createable"),
        ("U", "updateable"),
        ("N", "nillable"),
        ("D", "defaultedOnCreate"),
        ("I", "idLookup"),
        ("R", "restrictedPicklist"),
    ]
    .iter()
    .filter(|(_, key)| says(key))
    .map(|(letter, _)| *letter)
    .collect()
}

#[tokio::test]
async fn describe_gives_field_flags() {
    let org = Org::start().await;
    for (object, field, expected) in [
        ("Lead", "LastName", "CU"),
        ("Lead", "Company", "CU"),
        ("Lead", "Email", "CUNI"),
        ("Lead", "Status", "CUD"),
        ("Lead", "OwnerId", "CUD"),
        ("Lead", "IsConverted", "CD"),
        ("Lead", "IsUnreadByOwner", "CUD"),
        ("Lead", "EmailBouncedReason", "UN"),
        ("Lead", "ConvertedContactId", "N"),
        ("Contact", "LastName", "CU"),
        ("Contact", "AccountId", "CUN"),
        ("Contact", "EmailBouncedReason", "CUN"),
        ("Account", "Name", "CU"),
        ("Opportunity", "Name", "CUI"),
        ("Opportunity", "StageName", "CU"),
        ("Opportunity", "ContactId", "CN"),
        ("Campaign", "IsActive", "CUD"),
        ("CampaignMember", "CampaignId", "C"),
        ("CampaignMember", "LeadId", "CN"),
        ("Task", "WhoId", "CUN"),
        ("Event", "ShowAs", "CUNDR"),
        ("User", "Username", "CUI"),
        ("User", "UserType", "N"),
    ] {
        assert_eq!(flags(&org, object, field).await, expected, "{object}.{field}");
    }
    for (object, flag, expected) in [
        ("CampaignMember", "searchable", false),
        ("CampaignMember", "undeletable", false),
        ("CampaignMember", "mruEnabled", false),
        ("CampaignMember", "replicateable", true),
        ("User", "deletable", false),
        ("User", "searchable", true),
        ("Lead", "mergeable", true),
        ("DuplicateRule", "replicateable", false),
    ] {
        assert_eq!(
            org.get(&format!("/sobjects/{object}/describe")).await.body[flag],
            expected,
            "{object} {flag}"
        );
    }
}

#[tokio::test]
async fn lead_unread_individual_and_bounce_fields_work() {
    let org = Org::start().await;
    let lead = org.lead("佐藤", "a@example.jp").await;
    let row = org.get(&format!("/sobjects/Lead/{lead}")).await.body;
    assert_eq!((&row["Status"], &row["IsConverted"]), (&json!("Open - Not Contacted"), &json!(false)));
    assert_eq!(
        org.post("/sobjects/Lead", json!({"LastName": "x", "Company": "y", "EmailBouncedReason": "z"}))
            .await
            .code(),
        "INVALID_FIELD_FOR_INSERT_UPDATE"
    );
    assert_eq!(
        org.patch(&format!("/sobjects/Lead/{lead}"), json!({"IsConverted": true})).await.code(),
        "INVALID_FIELD_FOR_INSERT_UPDATE"
    );
    let contact = org
        .create(
            "Contact",
            json!({"LastName": "佐藤", "Email": "a@example.jp", "EmailBouncedReason": "unknown"}),
        )
        .await;
    let row = org.get(&format!("/sobjects/Contact/{contact}")).await.body;
    assert_eq!((&row["AccountId"], &row["IsEmailBounced"]), (&Value::Null, &json!(true)));
    org.create("Contact", json!({"LastName": "山田", "Email": "A@example.jp"})).await;
    assert_eq!(org.patch("/sobjects/Contact/Email/a@example.jp", json!({"Title": "x"})).await.status, 300);
    let queue = json!({"Name": "列", "Type": "Queue"});
    let queue = org.create("Group", queue).await;
    let told = org.patch(&format!("/sobjects/Contact/{contact}"), json!({"OwnerId": queue})).await;
    assert_eq!(told.status, 400, "contacts belong to users only");
}

#[tokio::test]
async fn stage_sets_probability_and_campaign_counts_opportunities() {
    let org = Org::start().await;
    let campaign = org.create("Campaign", json!({"Name": "x"})).await;
    let deal = |stage: &str| json!({"Name": "x", "StageName": stage, "CloseDate": "2026-12-01", "Amount": 100, "CampaignId": campaign});
    let id = org.create("Opportunity", deal("Closed Won")).await;
    let row = org.get(&format!("/sobjects/Opportunity/{id}")).await.body;
    assert_eq!(
        (&row["IsWon"], &row["Probability"], &row["ForecastCategoryName"]),
        (&json!(true), &json!(100.0), &json!("Closed"))
    );
    let odd = org.create("Opportunity", deal("In Progress")).await;
    assert_eq!(org.get(&format!("/sobjects/Opportunity/{odd}")).await.body["IsClosed"], false);
    let counted = "SELECT NumberOfOpportunities, NumberOfWonOpportunities, AmountAllOpportunities, AmountWonOpportunities FROM Campaign";
    let row = org.rows(counted).await.remove(0);
    assert_eq!((&row["NumberOfOpportunities"], &row["AmountWonOpportunities"]), (&json!(2), &json!(100.0)));
    org.delete(&format!("/sobjects/Opportunity/{odd}")).await;
    assert_eq!(org.rows(counted).await[0]["AmountAllOpportunities"], 100.0);
}

#[tokio::test]
async fn campaign_member_statuses_are_ordered() {
    let org = Org::start().await;
    let campaign = org.create("Campaign", json!({"Name": "x"})).await;
    let statuses =
        "SELECT Label, SortOrder, IsDefault, HasResponded FROM CampaignMemberStatus ORDER BY SortOrder";
    let rows = org.rows(statuses).await;
    assert_eq!((&rows[0]["Label"], &rows[0]["IsDefault"]), (&json!("Sent"), &json!(true)));
    assert_eq!((&rows[1]["Label"], &rows[1]["HasResponded"]), (&json!("Responded"), &json!(true)));
    let third = json!({"CampaignId": campaign, "Label": "出席"});
    org.create("CampaignMemberStatus", third).await;
    assert_eq!(org.rows(statuses).await[2]["Label"], "出席");
    let clash = json!({"CampaignId": campaign, "Label": "欠席", "SortOrder": rows[0]["SortOrder"]});
    assert_eq!(org.post("/sobjects/CampaignMemberStatus", clash).await.code(), "DUPLICATE_VALUE");
}

#[tokio::test]
async fn member_with_lead_and_contact_keeps_contact() {
    let org = Org::start().await;
    let (lead, contact) =
        (org.lead("佐藤", "a@example.jp").await, org.create("Contact", json!({"LastName": "山田"})).await);
    let campaign = org.create("Campaign", json!({"Name": "x"})).await;
    let member = org
        .create("CampaignMember", json!({"CampaignId": campaign, "LeadId": lead, "ContactId": contact}))
        .await;
    let row = org.get(&format!("/sobjects/CampaignMember/{member}")).await.body;
    assert_eq!(
        (&row["LeadId"], &row["ContactId"], &row["Type"]),
        (&Value::Null, &json!(contact), &json!("Contact"))
    );
    org.control("/convert", json!({"lead_id": lead})).await;
    let told = org.post("/sobjects/CampaignMember", json!({"CampaignId": campaign, "LeadId": lead})).await;
    assert_eq!(told.code(), "CANNOT_UPDATE_CONVERTED_LEAD");
    assert_eq!(
        org.post("/sobjects/Task", json!({"WhoId": lead})).await.code(),
        "CANNOT_UPDATE_CONVERTED_LEAD"
    );
}

#[tokio::test]
async fn closed_task_is_archived_after_a_year() {
    let org = Org::start().await;
    let account = org.create("Account", json!({"Name": "継手"})).await;
    let contact = org.create("Contact", json!({"LastName": "佐藤", "AccountId": account})).await;
    let task = org.create("Task", json!({"WhoId": contact, "ActivityDate": "2026-12-01"})).await;
    let path = format!("/sobjects/Task/{task}");
    let row = org.get(&path).await.body;
    assert_eq!(
        (&row["Status"], &row["Priority"], &row["AccountId"]),
        (&json!("Not Started"), &json!("Normal"), &json!(account))
    );
    org.patch(&path, json!({"Status": "Completed"})).await;
    let completed = org.get(&path).await.body["CompletedDateTime"].clone();
    assert!(completed.is_string());
    org.control("/clock", json!({"advance_seconds": 60})).await;
    org.patch(&path, json!({"Subject": "x", "Priority": "High"})).await;
    let row = org.get(&path).await.body;
    assert_eq!((&row["CompletedDateTime"], &row["IsHighPriority"]), (&completed, &json!(true)));
    org.patch(&path, json!({"Status": "In Progress"})).await;
    assert_eq!(org.get(&path).await.body["CompletedDateTime"], Value::Null);
    org.patch(&path, json!({"Status": "Completed"})).await;
    let mut org = org;
    org.control("/clock", json!({"advance_seconds": 400 * 86_400})).await;
    org.sign_in().await;
    assert_eq!(org.rows("SELECT Id FROM Task").await.len(), 0);
    assert_eq!(
        org.get("/queryAll?q=SELECT+IsArchived+FROM+Task").await.body["records"][0]["IsArchived"],
        true
    );
}

#[tokio::test]
async fn ids_have_18_characters_and_wrong_suffix_is_rejected() {
    let org = Org::start().await;
    let lead = org.lead("佐藤", "a@example.jp").await;
    assert_eq!(org.get(&format!("/sobjects/Lead/{}", &lead[..15])).await.body["Id"], lead);
    let wrong = format!("{}ZZZ", &lead[..15]);
    let told = org.post("/sobjects/Task", json!({"WhoId": wrong})).await;
    assert_eq!((told.status, told.code()), (400, "MALFORMED_ID"));
}
