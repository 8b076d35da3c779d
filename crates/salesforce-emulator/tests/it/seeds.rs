//! The seeds of an org.

use salesforce_emulator::{Options, Seed};
use serde_json::json;

use crate::harness::Org;

#[tokio::test]
async fn demo_seed_has_japanese_company() {
    let org = Org::demo().await;
    let organization = org.rows("SELECT Name, OrganizationType, IsSandbox FROM Organization").await;
    assert_eq!(organization[0]["Name"], "継手デモ株式会社");
    let hosts = "SELECT Name, Email FROM User WHERE IsActive = TRUE AND Email LIKE '%@tsugite.example' ORDER BY Email";
    let hosts = org.rows(hosts).await;
    assert_eq!(hosts.len(), 3);
    assert_eq!(hosts[0]["Name"], "佐藤 遥");
    for (object, count) in
        [("Account", 20), ("Contact", 20), ("Lead", 20), ("Opportunity", 6), ("CampaignMember", 4)]
    {
        assert_eq!(
            org.query(&format!("SELECT COUNT() FROM {object}")).await.body["totalSize"],
            count,
            "{object}"
        );
    }
    assert_eq!(org.rows("SELECT Id FROM Campaign WHERE IsActive = TRUE").await.len(), 2);
    let queued = org.rows("SELECT Owner.Type, Owner.Name FROM Lead WHERE Owner.Type = 'Queue'").await;
    assert_eq!(queued[0]["Owner"]["Name"], "新規リード");
    let lead = org.get("/sobjects/Lead/describe").await.body;
    assert_eq!(lead["label"], "リード");
    let fields = lead["fields"].as_array().unwrap();
    let reason = fields.iter().find(|field| field["name"] == "VisitReason__c").unwrap();
    assert_eq!((reason["type"].as_str(), reason["length"].as_i64()), (Some("textarea"), Some(32768)));
    assert_eq!(reason.as_object().unwrap().len(), 57);
}

#[tokio::test]
async fn preflight_seed_has_checked_objects() {
    let org = Org::demo().await;
    let user = org.rows("SELECT Id FROM User WHERE Username = 'admin@emulator.example'").await[0]["Id"]
        .as_str()
        .unwrap()
        .to_owned();
    for soql in [
        "SELECT Id, Name, OrganizationType, IsSandbox, InstanceName, TrialExpirationDate, NamespacePrefix FROM Organization".to_owned(),
        format!("SELECT Id, Username, IsActive, ProfileId, Profile.Name, UserType, UserPermissionsMarketingUser, TimeZoneSidKey FROM User WHERE Id = '{user}'"),
        "SELECT PermissionsApiEnabled, PermissionsViewAllData, PermissionsModifyAllData, PermissionsBulkApiHardDelete, PermissionsViewSetup, PermissionsEditTask, PermissionsEditEvent, PermissionsConvertLeads FROM UserPermissionAccess".to_owned(),
        format!("SELECT SobjectType, PermissionsRead, PermissionsCreate FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '{user}') AND SobjectType IN ('Lead','Contact')"),
        "SELECT Field, PermissionsRead, PermissionsEdit FROM FieldPermissions WHERE SobjectType = 'Lead' AND Field = 'Lead.Email'".to_owned(),
        "SELECT IsOwnedByProfile, Profile.Name, Type FROM PermissionSet".to_owned(),
        "SELECT ApiName, IsConverted, IsDefault FROM LeadStatus ORDER BY SortOrder".to_owned(),
        "SELECT Queue.Name, QueueId FROM QueueSobject WHERE SobjectType = 'Lead' AND Queue.Type = 'Queue'".to_owned(),
    ] {
        assert!(!org.rows(&soql).await.is_empty(), "{soql}");
    }
    for soql in [
        "SELECT Id, Name, Active FROM AssignmentRule WHERE Active = true",
        "SELECT DeveloperName FROM DuplicateRule WHERE IsActive = true",
        "SELECT Id FROM RecordType",
    ] {
        assert!(org.rows(soql).await.is_empty(), "{soql}");
    }
}

#[tokio::test]
async fn seeded_rows_are_deterministic() {
    let org = Org::with(Options { seed: Seed::Rows(30), ..Options::default() }).await;
    let contact = "SELECT Id, Account.Name FROM Contact WHERE Email = 'CONTACT7@company7.example'";
    let first = org.rows(contact).await;
    assert_eq!(first[0]["Account"]["Name"], "会社0000007");
    org.control("/reset", json!({"seed": "rows:30"})).await;
    let mut org = org;
    org.sign_in().await;
    assert_eq!(org.rows(contact).await, first);
    assert_eq!(org.query("SELECT COUNT() FROM Opportunity").await.body["totalSize"], 3);
}

#[tokio::test]
async fn data_file_keeps_records_and_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options {
        seed: Seed::Demo,
        data_file: Some(folder.path().join("org.json")),
        ..Options::default()
    };
    let org = Org::with(options()).await;
    let lead = org.create("Lead", json!({"LastName": "佐藤", "Company": "継手", "Budget__c": 5})).await;
    org.handle.shutdown().await;
    let org = Org::with(options()).await;
    let kept = org.get(&format!("/sobjects/Lead/{lead}")).await.body;
    assert_eq!((kept["Name"].as_str(), kept["Budget__c"].as_f64()), (Some("佐藤"), Some(5.0)));
    assert!(org.lead("田中", "t@example.jp").await > lead);
    assert_eq!(org.query("SELECT COUNT() FROM Account").await.body["totalSize"], 20);
}
