//! Permissions of profiles, and the records that describe them.

use serde_json::{Value, json};

use crate::harness::{Org, Told};

/// What the doctor's queries find of an object for the user who asks.
async fn rights(org: &Org, object: &str) -> Value {
    let soql = format!(
        "SELECT PermissionsRead, PermissionsCreate, PermissionsEdit, PermissionsDelete FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE IsActive = true) AND SobjectType = '{object}'"
    );
    let mut rows = org.rows(&soql).await;
    let mut row = rows.pop().unwrap_or_default();
    row.as_object_mut().map(|row| row.shift_remove("attributes"));
    row
}

async fn field_right(org: &Org, field: &str) -> Option<bool> {
    let set = "SELECT PermissionSetId FROM PermissionSetAssignment WHERE IsActive = true";
    let soql = format!(
        "SELECT PermissionsEdit FROM FieldPermissions WHERE Field = '{field}' AND ParentId IN ({set})"
    );
    org.rows(&soql).await.first().map(|row| row["PermissionsEdit"] == true)
}

#[tokio::test]
async fn permission_records_match_setup() {
    let org = Org::start().await;
    assert_eq!(rights(&org, "Lead").await["PermissionsDelete"], true);
    org.control(
        "/schema",
        json!({
            "object_permissions": [{"object": "Lead", "delete": false}],
            "read_only_fields": [{"object": "Lead", "field": "Title"}],
            "hide_fields": [{"object": "Lead", "field": "Email"}],
            "objects": [{"name": "Visit__c", "fields": [{"name": "Key__c", "type": "string"}]}],
        }),
    )
    .await;
    assert_eq!(rights(&org, "Lead").await["PermissionsDelete"], false);
    assert_eq!(rights(&org, "Visit__c").await["PermissionsCreate"], true);
    assert_eq!(rights(&org, "Task").await, Value::Null, "tasks have a permission of their own");
    for (field, expected) in [
        ("Lead.Title", Some(false)),
        ("Lead.Email", None),
        ("Lead.Phone", Some(true)),
        ("Lead.LastName", None),
        ("Visit__c.Key__c", Some(true)),
    ] {
        assert_eq!(field_right(&org, field).await, expected, "{field}");
    }
    org.control("/schema", json!({"show_fields": [{"object": "Lead", "field": "Email"}]})).await;
    assert_eq!(field_right(&org, "Lead.Email").await, Some(true));
}

#[tokio::test]
async fn profile_limits_permissions() {
    let org = Org::start().await;
    let standard = org.rows("SELECT Id FROM Profile WHERE Name = 'Standard User'").await[0]["Id"].clone();
    org.control(
        "/schema",
        json!({
            "user": {"create": true, "Username": "hana@emulator.example", "ProfileId": standard},
            "object_permissions": [{"object": "Lead", "create": false, "profile": "Standard User"}],
        }),
    )
    .await;
    let form = [
        ("grant_type", "password"),
        ("client_id", "tsugite-emulator-key"),
        ("client_secret", "tsugite-emulator-secret"),
        ("username", "hana@emulator.example"),
        ("password", "emulator"),
    ];
    let token =
        org.form("/services/oauth2/token", &form).await.body["access_token"].as_str().unwrap().to_owned();
    let lead = json!({"LastName": "x", "Company": "y"});
    let hers = org.http.post(org.url("/services/data/v66.0/sobjects/Lead")).bearer_auth(&token).json(&lead);
    assert_eq!(Told::read(hers.send().await.unwrap()).await.code(), "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY");
    assert_eq!(org.post("/sobjects/Lead", lead).await.status, 201);
    let describe = org.http.get(org.url("/services/data/v66.0/sobjects/Lead/describe")).bearer_auth(&token);
    assert_eq!(Told::read(describe.send().await.unwrap()).await.body["createable"], false);
    let asks = |token: String| {
        let soql = "SELECT PermissionsViewSetup, PermissionsConvertLeads FROM UserPermissionAccess";
        let request = org.http.get(org.url("/services/data/v66.0/query")).query(&[("q", soql)]);
        async move { Told::read(request.bearer_auth(token).send().await.unwrap()).await.body["records"].clone() }
    };
    let (hers, ours) = (asks(token).await, asks(org.token.clone()).await);
    assert_eq!(
        (&hers[0]["PermissionsViewSetup"], &hers[0]["PermissionsConvertLeads"]),
        (&json!(false), &json!(true))
    );
    assert_eq!((ours.as_array().unwrap().len(), &ours[0]["PermissionsViewSetup"]), (1, &json!(true)));
}

#[tokio::test]
async fn hidden_fields_are_absent_for_profile_users() {
    let mut org = Org::start().await;
    let lead =
        org.create("Lead", json!({"LastName": "x", "Company": "y", "Phone": "03", "Title": "z"})).await;
    let standard = org.rows("SELECT Id FROM Profile WHERE Name = 'Standard User'").await[0]["Id"].clone();
    org.control(
        "/schema",
        json!({
            "user": {"create": true, "Username": "hana@emulator.example", "ProfileId": standard},
            "hide_fields": [{"object": "Lead", "field": "Phone", "profile": "Standard User"}],
            "read_only_fields": [{"object": "Lead", "field": "Title", "profile": "Standard User"}],
            "object_permissions": [{"object": "Opportunity", "read": false, "profile": "Standard User"}],
        }),
    )
    .await;
    let set =
        format!("ParentId IN (SELECT Id FROM PermissionSet WHERE ProfileId = {standard})").replace('"', "'");
    let told = org.rows(&format!("SELECT Field, PermissionsEdit FROM FieldPermissions WHERE {set} AND Field IN ('Lead.Phone', 'Lead.Title')")).await;
    assert_eq!(
        (told.len(), &told[0]["Field"], &told[0]["PermissionsEdit"]),
        (1, &json!("Lead.Title"), &json!(false))
    );
    let ours = org.token.clone();
    let form = [
        ("grant_type", "password"),
        ("client_id", "tsugite-emulator-key"),
        ("client_secret", "tsugite-emulator-secret"),
        ("username", "hana@emulator.example"),
        ("password", "emulator"),
    ];
    org.token =
        org.form("/services/oauth2/token", &form).await.body["access_token"].as_str().unwrap().to_owned();
    let path = format!("/sobjects/Lead/{lead}");
    assert_eq!(org.query("SELECT Phone FROM Lead").await.code(), "INVALID_FIELD");
    assert!(org.get(&path).await.body.get("Phone").is_none());
    assert_eq!(org.patch(&path, json!({"Phone": "04"})).await.code(), "INVALID_FIELD");
    assert_eq!(org.patch(&path, json!({"Title": "a"})).await.code(), "INVALID_FIELD_FOR_INSERT_UPDATE");
    assert_eq!(org.patch(&path, json!({"City": "東京"})).await.status, 204);
    assert_eq!(org.query("SELECT Id FROM Opportunity").await.code(), "INVALID_TYPE");
    let global = org.get("/sobjects").await.body;
    assert!(!global["sobjects"].as_array().unwrap().iter().any(|object| object["name"] == "Opportunity"));
    org.token = ours;
    let row = org.get(&path).await.body;
    assert_eq!((&row["Phone"], &row["City"]), (&json!("03"), &json!("東京")));
    assert_eq!(org.query("SELECT Id FROM Opportunity").await.status, 200);
}

#[tokio::test]
async fn platform_users_exist() {
    let org = Org::start().await;
    let users = org.rows("SELECT Name, UserType, ProfileId, Profile.Name FROM User ORDER BY Name").await;
    let hidden = users.iter().filter(|user| user["ProfileId"].is_string() && user["Profile"].is_null());
    assert_eq!(hidden.count(), 3);
    assert!(
        users
            .iter()
            .any(|user| user["Name"] == "Automated Process" && user["UserType"] == "AutomatedProcess")
    );
}

#[tokio::test]
async fn user_without_name_locale_or_profile_is_rejected() {
    let org = Org::start().await;
    let told = org.post("/sobjects/User", json!({"FirstName": "花"})).await;
    assert_eq!(told.code(), "REQUIRED_FIELD_MISSING");
    let needed = [
        "Username",
        "LastName",
        "Email",
        "Alias",
        "ProfileId",
        "TimeZoneSidKey",
        "LocaleSidKey",
        "EmailEncodingKey",
        "LanguageLocaleKey",
    ];
    let missing = told.body[0]["fields"].as_array().unwrap().clone();
    for name in needed {
        assert!(missing.contains(&json!(name)), "{name} {missing:?}");
    }
    let profile = org.rows("SELECT Id FROM Profile WHERE Name = 'Standard User'").await[0]["Id"].clone();
    let user = json!({"Username": "hana@emulator.example", "LastName": "継手", "Email": "hana@example.jp", "Alias": "hana", "ProfileId": profile,
        "TimeZoneSidKey": "Asia/Tokyo", "LocaleSidKey": "ja_JP", "EmailEncodingKey": "UTF-8", "LanguageLocaleKey": "ja"});
    let id = org.create("User", user.clone()).await;
    assert_eq!(org.get(&format!("/sobjects/User/{id}")).await.body["CommunityNickname"], "hana");
    assert_eq!(org.post("/sobjects/User", user.clone()).await.code(), "DUPLICATE_USERNAME");
    for (field, value, code) in
        [("Username", "hana", "INVALID_EMAIL_ADDRESS"), ("Alias", "hanahanahana", "STRING_TOO_LONG")]
    {
        let mut wrong = user.clone();
        wrong[field] = json!(value);
        assert_eq!(org.post("/sobjects/User", wrong).await.code(), code);
    }
    assert_eq!(org.delete(&format!("/sobjects/User/{id}")).await.code(), "INSUFFICIENT_ACCESS_OR_READONLY");
    assert_eq!(org.patch(&format!("/sobjects/User/{id}"), json!({"IsActive": false})).await.status, 204);
}

#[tokio::test]
async fn recently_viewed_is_per_user() {
    let org = Org::start().await;
    let (first, second) = (org.lead("佐藤", "a@example.jp").await, org.lead("山田", "b@example.jp").await);
    let rows = org
        .rows("SELECT Id, Name, Type FROM RecentlyViewed WHERE Type = 'Lead' ORDER BY LastViewedDate DESC")
        .await;
    let mut ids: Vec<_> = rows.iter().map(|row| row["Id"].clone()).collect();
    ids.sort_by_key(ToString::to_string);
    assert_eq!(ids, [json!(first), json!(second)]);
}

#[tokio::test]
async fn tooling_api_lists_setup() {
    let org = Org::start().await;
    let ask = async |soql: &str| {
        let request = org.request(reqwest::Method::GET, "/tooling/query").query(&[("q", soql)]);
        Told::read(request.send().await.unwrap()).await
    };
    let rules = "SELECT ValidationName, Active, ErrorMessage FROM ValidationRule WHERE EntityDefinition.QualifiedApiName = 'Lead' AND Active = true";
    assert_eq!(ask(rules).await.body["totalSize"], 0);
    let rule = |name: &str, active: bool| {
        json!({"name": name, "object": "Lead", "active": active, "message": "だめ",
        "when": {"field": "Company", "operator": "=", "value": "x"}})
    };
    org.control("/schema", json!({"validation_rules": [rule("On", true), rule("Off", false)]})).await;
    let told = ask(rules).await.body;
    assert_eq!((&told["size"], &told["entityTypeName"]), (&json!(1), &json!("ValidationRule")));
    assert_eq!(told["records"][0]["ValidationName"], "On");
    assert!(
        told["records"][0]["attributes"]["url"]
            .as_str()
            .unwrap()
            .contains("/tooling/sobjects/ValidationRule/03d")
    );
    for object in ["ApexTrigger", "PlatformEventChannelMember"] {
        assert_eq!(ask(&format!("SELECT Id FROM {object}")).await.body["totalSize"], 0);
    }
    let told = ask("SELECT QualifiedApiName FROM EntityDefinition WHERE KeyPrefix = '00Q'").await.body;
    assert_eq!(told["records"][0]["QualifiedApiName"], "Lead");
    assert_eq!(ask("SELECT Id FROM SandboxProcess").await.code(), "INVALID_TYPE");
}
