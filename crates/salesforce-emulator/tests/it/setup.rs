//! Changes that an admin makes in Setup.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Org, Told};

#[tokio::test]
async fn field_level_security_hides_and_protects_fields() {
    let org = Org::start().await;
    let lead = org.lead("佐藤", "a@example.jp").await;
    org.control("/schema", json!({"hide_fields": [{"object": "Lead", "field": "Email"}]})).await;
    let described = org.get("/sobjects/Lead/describe").await.body;
    assert!(!described["fields"].as_array().unwrap().iter().any(|field| field["name"] == "Email"));
    assert_eq!(org.query("SELECT Email FROM Lead").await.code(), "INVALID_FIELD");
    assert_eq!(
        org.patch(&format!("/sobjects/Lead/{lead}"), json!({"Email": "b@example.jp"})).await.code(),
        "INVALID_FIELD"
    );
    assert_eq!(org.observe("/records/Lead").await[0]["Email"], "a@example.jp");
    org.control(
        "/schema",
        json!({"show_fields": [{"object": "Lead", "field": "Email"}],
                                  "read_only_fields": [{"object": "Lead", "field": "Email"}]}),
    )
    .await;
    assert_eq!(org.rows("SELECT Email FROM Lead").await[0]["Email"], "a@example.jp");
    let told = org.patch(&format!("/sobjects/Lead/{lead}"), json!({"Email": "b@example.jp"})).await;
    assert_eq!(told.code(), "INVALID_FIELD_FOR_INSERT_UPDATE");
}

#[tokio::test]
async fn custom_objects_fields_and_external_ids_work() {
    let org = Org::start().await;
    org.control("/schema", json!({
        "objects": [{"name": "Visit__c", "label": "来訪", "fields": [
            {"name": "Key__c", "type": "string", "length": 20, "external_id": true, "unique": true},
            {"name": "Lead__c", "type": "reference", "reference_to": "Lead", "children": "Visits__r"},
            {"name": "Size__c", "type": "picklist", "picklist": ["S", "L"], "restricted": true},
        ]}],
        "fields": [{"object": "Lead", "name": "Ext__c", "type": "string", "length": 20, "external_id": true}],
    })).await;
    let lead = org.create("Lead", json!({"LastName": "佐藤", "Company": "継手", "Ext__c": "A1"})).await;
    let path = "/sobjects/Visit__c/Key__c/K-1";
    let told = org.patch(path, json!({"Name": "一", "Lead__r": {"Ext__c": "a1"}, "Size__c": "S"})).await;
    assert_eq!((told.status, told.body["created"].as_bool()), (201, Some(true)), "{:?}", told.body);
    let told = org.patch(path, json!({"Name": "二"})).await;
    assert_eq!((told.status, told.body["created"].as_bool()), (200, Some(false)));
    assert!(told.header("location").starts_with("/services/data/v66.0/sobjects/Visit__c/a00"));
    let old =
        org.http.patch(org.url("/services/data/v45.0/sobjects/Visit__c/Key__c/K-1")).bearer_auth(&org.token);
    assert_eq!(old.json(&json!({"Name": "三"})).send().await.unwrap().status(), 204);
    let rows = org.rows("SELECT Name, Lead__r.LastName FROM Visit__c").await;
    assert_eq!(
        (rows[0]["Name"].as_str(), rows[0]["Lead__r"]["LastName"].as_str()),
        (Some("三"), Some("佐藤"))
    );
    let told = org.post("/sobjects/Visit__c", json!({"Name": "四", "Key__c": "k-1"})).await;
    assert_eq!(told.code(), "DUPLICATE_VALUE");
    assert!(
        told.body[0]["message"]
            .as_str()
            .unwrap()
            .starts_with("duplicate value found: Key__c duplicates value on record with id: a00")
    );
    let told = org.post("/sobjects/Visit__c", json!({"Name": "五", "Size__c": "M"})).await;
    assert_eq!(told.code(), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    let nested = org.rows("SELECT Id, (SELECT Name FROM Visits__r) FROM Lead").await;
    assert_eq!(nested[0]["Visits__r"]["records"][0]["Name"], "三");
    let task = org
        .create("Task", json!({"Subject": "x", "WhatId": org.rows("SELECT Id FROM Visit__c").await[0]["Id"]}))
        .await;
    assert_eq!(
        org.rows(&format!("SELECT What.Type FROM Task WHERE Id = '{task}'")).await[0]["What"]["Type"],
        "Visit__c"
    );
    org.create("Lead", json!({"LastName": "田中", "Company": "継手", "Ext__c": "A1"})).await;
    let told = org.patch("/sobjects/Lead/Ext__c/A1", json!({"Title": "x"})).await;
    assert_eq!((told.status, told.body.as_array().unwrap().len()), (300, 2));
    assert_eq!(told.body[0], format!("/services/data/v66.0/sobjects/Lead/{lead}"));
    assert_eq!(org.patch("/sobjects/Lead/Title/A1", json!({"City": "x"})).await.status, 404);
    assert_eq!(
        org.patch("/sobjects/Lead/Ext__c/none?updateOnly=true", json!({"City": "x"})).await.status,
        404
    );
}

#[tokio::test]
async fn validation_and_assignment_rules_apply() {
    let org = Org::demo().await;
    let owner =
        org.rows("SELECT Id FROM User WHERE Email = 'kenji.tanaka@tsugite.example'").await[0]["Id"].clone();
    org.control("/schema", json!({
        "validation_rules": [{"name": "No_Test", "object": "Lead", "when": {"field": "Company", "operator": "contains", "value": "test"},
                              "message": "テストは登録できません", "field": "Company"}],
        "assignment_rule": {"object": "Lead", "owner_id": owner},
    })).await;
    let told = org.post("/sobjects/Lead", json!({"LastName": "x", "Company": "A Test"})).await;
    assert_eq!(
        told.body[0],
        json!({"message": "テストは登録できません", "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "fields": ["Company"]})
    );
    let lead = org.create("Lead", json!({"LastName": "x", "Company": "y"})).await;
    assert_eq!(org.get(&format!("/sobjects/Lead/{lead}")).await.body["OwnerId"], owner);
    let request = org.request(Method::POST, "/sobjects/Lead").header("Sforce-Auto-Assign", "false");
    let kept =
        Told::read(request.json(&json!({"LastName": "x", "Company": "y"})).send().await.unwrap()).await.id();
    let path = format!("/sobjects/Lead/{kept}");
    assert_ne!(org.get(&path).await.body["OwnerId"], owner);
    org.patch(&path, json!({"Title": "部長"})).await;
    assert_eq!(
        org.get(&path).await.body["OwnerId"],
        owner,
        "an update assigns too, unless it says otherwise"
    );
    assert_eq!(
        org.rows("SELECT Id, Active FROM AssignmentRule WHERE SobjectType = 'Lead' AND Active = true")
            .await
            .len(),
        1
    );
    org.control("/schema", json!({"user": {"username": "kenji.tanaka@tsugite.example", "IsActive": false}}))
        .await;
    let request = org.request(Method::POST, "/sobjects/Lead").header("Sforce-Auto-Assign", "false");
    let told = Told::read(
        request.json(&json!({"LastName": "x", "Company": "y", "OwnerId": owner})).send().await.unwrap(),
    )
    .await;
    assert_eq!(told.code(), "INACTIVE_OWNER_OR_USER");
}

#[tokio::test]
async fn record_type_of_other_object_is_rejected() {
    let org = Org::start().await;
    org.control(
        "/schema",
        json!({"record_types": [
            {"object": "Lead", "name": "商談", "developer_name": "Meeting"},
            {"object": "Lead", "name": "資料請求", "developer_name": "Document"},
            {"object": "Account", "name": "顧客", "developer_name": "Customer"},
        ]}),
    )
    .await;
    let types = org.rows("SELECT Id, DeveloperName FROM RecordType ORDER BY DeveloperName").await;
    let id = |name: &str| types.iter().find(|row| row["DeveloperName"] == name).unwrap()["Id"].clone();
    let infos = org.get("/sobjects/Lead/describe").await.body["recordTypeInfos"].clone();
    assert_eq!(infos.as_array().unwrap().len(), 3);
    assert_eq!(
        (&infos[0]["developerName"], &infos[0]["defaultRecordTypeMapping"]),
        (&json!("Meeting"), &json!(true))
    );
    let lead = org.lead("佐藤", "a@example.jp").await;
    let path = format!("/sobjects/Lead/{lead}");
    assert_eq!(org.get(&path).await.body["RecordTypeId"], id("Meeting"));
    assert_eq!(org.patch(&path, json!({"RecordTypeId": id("Document")})).await.status, 204);
    assert_eq!(
        org.rows("SELECT RecordType.DeveloperName FROM Lead").await[0]["RecordType"]["DeveloperName"],
        "Document"
    );
    let told = org.patch(&path, json!({"RecordTypeId": id("Customer")})).await;
    assert_eq!((told.status, told.code()), (400, "INVALID_CROSS_REFERENCE_KEY"));
}

#[tokio::test]
async fn permissions_limits_and_sharing_apply() {
    let org = Org::start().await;
    org.control("/schema", json!({"user": {"marketing_user": false}})).await;
    let told = org.post("/sobjects/Campaign", json!({"Name": "x"})).await;
    assert_eq!(told.body[0]["message"], "entity type cannot be inserted: Campaign");
    assert_eq!(org.get("/sobjects/Campaign/describe").await.body["createable"], false);
    let lead = org.lead("佐藤", "a@example.jp").await;
    org.control("/schema", json!({"hidden_records": [lead]})).await;
    assert_eq!(org.get(&format!("/sobjects/Lead/{lead}")).await.status, 404);
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 0);
    let seen = org.lead("田中", "b@example.jp").await;
    let user = org.rows("SELECT Id FROM User").await[0]["Id"].as_str().unwrap().to_owned();
    let rights = format!(
        "SELECT RecordId, HasReadAccess FROM UserRecordAccess WHERE UserId = '{user}' AND RecordId IN ('{lead}', '{seen}', '00Q000000000001EAA') ORDER BY RecordId"
    );
    let rights: Vec<_> = org
        .rows(&rights)
        .await
        .iter()
        .map(|row| (row["RecordId"].clone(), row["HasReadAccess"].clone()))
        .collect();
    assert_eq!(rights, [(json!(lead), json!(false)), (json!(seen), json!(true))]);
    org.control("/schema", json!({"object_permissions": [{"object": "Lead", "delete": false}, {"object": "Task", "create": false}, {"object": "Event", "read": false}]})).await;
    assert_eq!(
        org.post("/sobjects/Task", json!({"Subject": "x"})).await.code(),
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    );
    let permitted =
        "SELECT PermissionsCreate, PermissionsDelete FROM ObjectPermissions WHERE SobjectType = 'Lead'";
    let permitted = org.rows(permitted).await;
    assert_eq!(
        (&permitted[0]["PermissionsCreate"], &permitted[0]["PermissionsDelete"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(org.get("/sobjects/Event").await.status, 404);
    assert_eq!(org.query("SELECT Id FROM Event").await.code(), "INVALID_TYPE");
    org.control("/schema", json!({"limits": {"daily_api_requests": 100, "used": 99}})).await;
    assert_eq!(org.get("/limits").await.header("sforce-limit-info"), "api-usage=100/100");
    let told = org.get("/limits").await;
    assert_eq!((told.status, told.code()), (403, "REQUEST_LIMIT_EXCEEDED"));
    org.control("/clock", json!({"advance_seconds": 86_400})).await;
    let mut org = org;
    org.sign_in().await;
    assert_eq!(org.get("/limits").await.status, 200);
    org.control(
        "/schema",
        json!({"organization": {"api_enabled": false, "edition": "Professional Edition"}}),
    )
    .await;
    assert_eq!(org.get("/limits").await.code(), "API_DISABLED_FOR_ORG");
}

#[tokio::test]
async fn invalid_setup_changes_nothing() {
    let org = Org::start().await;
    for wrong in [
        json!({"nonsense": 1}),
        json!({"fields": [{"object": "Lead", "name": "Good__c", "type": "string"}, {"object": "Nope", "name": "X__c", "type": "string"}]}),
        json!({"hide_fields": [{"object": "Lead", "field": "Nope"}]}),
        json!({"picklists": 5}),
        json!({"connected_app": {"public_key": "rubbish"}}),
    ] {
        let told = org.http.post(org.url("/emulator/schema")).json(&wrong).send().await.unwrap();
        assert_eq!(told.status(), 400, "{wrong}");
    }
    assert_eq!(
        org.post("/sobjects/Lead", json!({"LastName": "x", "Company": "y", "Good__c": "z"})).await.status,
        400
    );
}

#[tokio::test]
async fn read_only_state_gives_error_code() {
    let org = Org::start().await;
    let lead = org.lead("佐藤", "a@example.jp").await;
    let path = format!("/sobjects/Lead/{lead}");
    org.control("/schema", json!({"locked_records": [lead]})).await;
    assert_eq!(org.patch(&path, json!({"Title": "x"})).await.code(), "ENTITY_IS_LOCKED");
    assert_eq!(org.delete(&path).await.code(), "ENTITY_IS_LOCKED");
    org.control("/schema", json!({"locked_records": [], "limits": {"data_storage_mb": 0}})).await;
    let told = org.post("/sobjects/Lead", json!({"LastName": "x", "Company": "y"})).await;
    assert_eq!(told.code(), "STORAGE_LIMIT_EXCEEDED");
    assert_eq!(org.get("/limits").await.body["DataStorageMB"]["Max"], 0);
    org.control("/schema", json!({"organization": {"maintenance": true}})).await;
    assert_eq!(
        org.patch(&path, json!({"Title": "x"})).await.code(),
        "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE"
    );
    org.control(
        "/schema",
        json!({"organization": {"maintenance": false}, "user": {"password_expired": true}}),
    )
    .await;
    let told = org.get("/limits").await;
    assert_eq!((told.status, told.code()), (403, "INVALID_OPERATION_WITH_EXPIRED_PASSWORD"));
}

#[tokio::test]
async fn audit_fields_can_be_set_if_permitted() {
    let org = Org::start().await;
    let old = json!({"LastName": "x", "Company": "y", "CreatedDate": "2020-01-01T00:00:00Z"});
    assert_eq!(org.post("/sobjects/Lead", old.clone()).await.code(), "INVALID_FIELD_FOR_INSERT_UPDATE");
    org.control("/schema", json!({"organization": {"set_audit_fields": true}})).await;
    let id = org.create("Lead", old).await;
    let path = format!("/sobjects/Lead/{id}");
    assert_eq!(org.get(&path).await.body["CreatedDate"], "2020-01-01T00:00:00.000+0000");
    let told = org.patch(&path, json!({"CreatedDate": "2021-01-01T00:00:00Z"})).await;
    assert_eq!(told.code(), "INVALID_FIELD_FOR_INSERT_UPDATE");
}
