//! Formula fields, dependent picklists, states and countries.

use serde_json::{Value, json};

use crate::harness::Org;

async fn field(org: &Org, object: &str, name: &str) -> Value {
    let described = org.get(&format!("/sobjects/{object}/describe")).await.body;
    let fields = described["fields"].as_array().unwrap();
    fields.iter().find(|field| field["name"] == name).cloned().unwrap_or_default()
}

#[tokio::test]
async fn formula_change_does_not_update_system_modstamp() {
    let org = Org::start().await;
    let account = org.create("Account", json!({"Name": "継手", "NumberOfEmployees": 7})).await;
    let contact =
        org.create("Contact", json!({"LastName": "佐藤", "AccountId": account, "Title": "部長"})).await;
    org.control("/schema", json!({"fields": [
        {"object": "Contact", "name": "Card__c", "type": "string", "length": 255, "formula": "Account.Name & \" / \" & Title"},
        {"object": "Contact", "name": "Size__c", "type": "int", "formula": "Account.NumberOfEmployees"},
        {"object": "Contact", "name": "OwnerMail__c", "type": "string", "formula": "Account.Owner.Email"},
    ]})).await;
    let path = format!("/sobjects/Contact/{contact}");
    let before = org.get(&path).await.body;
    assert_eq!((&before["Card__c"], &before["Size__c"]), (&json!("継手 / 部長"), &json!(7)));
    assert_eq!(before["OwnerMail__c"], "admin@emulator.example");
    org.control("/clock", json!({"advance_seconds": 60})).await;
    org.patch(&format!("/sobjects/Account/{account}"), json!({"Name": "新継手", "NumberOfEmployees": 8}))
        .await;
    org.control("/schema", json!({"user": {"Email": "new@emulator.example"}})).await;
    let after = org.get(&path).await.body;
    assert_eq!((&after["Card__c"], &after["Size__c"]), (&json!("新継手 / 部長"), &json!(8)));
    assert_eq!(after["OwnerMail__c"], "new@emulator.example");
    for date in ["SystemModstamp", "LastModifiedDate"] {
        assert_eq!(before[date], after[date]);
    }
    assert_eq!(org.rows("SELECT Id FROM Contact WHERE Size__c = 8 AND Card__c LIKE '新%'").await.len(), 1);
    let described = field(&org, "Contact", "Size__c").await;
    assert_eq!(
        (&described["calculated"], &described["calculatedFormula"]),
        (&json!(true), &json!("Account.NumberOfEmployees"))
    );
    assert_eq!((&described["createable"], &described["updateable"]), (&json!(false), &json!(false)));
    assert_eq!(org.patch(&path, json!({"Size__c": 9})).await.code(), "INVALID_FIELD_FOR_INSERT_UPDATE");
    org.delete(&format!("/sobjects/Account/{account}")).await;
    let refused = org.http.post(org.url("/emulator/schema"));
    let lost = json!({"fields": [{"object": "Contact", "name": "X__c", "type": "string", "formula": "Account.Nothing"}]});
    assert_eq!(refused.json(&lost).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn dependent_picklist_describes_valid_for() {
    let org = Org::start().await;
    org.control("/schema", json!({"fields": [
        {"object": "Lead", "name": "Area__c", "type": "picklist", "picklist": ["東", "西"]},
        {"object": "Lead", "name": "Shop__c", "type": "picklist", "picklist": ["仙台", "大阪", "本店"], "controller": "Area__c",
         "valid_for": {"仙台": ["東"], "大阪": ["西"], "本店": ["東", "西"]}},
    ]})).await;
    let shop = field(&org, "Lead", "Shop__c").await;
    assert_eq!((&shop["controllerName"], &shop["dependentPicklist"]), (&json!("Area__c"), &json!(true)));
    let fits: Vec<_> =
        shop["picklistValues"].as_array().unwrap().iter().map(|value| value["validFor"].clone()).collect();
    assert_eq!(fits, [json!("gA=="), json!("QA=="), json!("wA==")]);
    assert_eq!(field(&org, "Lead", "Area__c").await["picklistValues"][0]["validFor"], Value::Null);
}

#[tokio::test]
async fn state_must_belong_to_country_if_picklists_are_on() {
    let org = Org::start().await;
    let account = org.create("Account", json!({"Name": "x", "BillingCountry": "Nowhere"})).await;
    assert!(
        org.get(&format!("/sobjects/Account/{account}")).await.body["BillingAddress"]
            .get("countryCode")
            .is_none()
    );
    org.control("/schema", json!({"state_country_picklists": true})).await;
    let state = field(&org, "Account", "BillingStateCode").await;
    assert_eq!(
        (&state["controllerName"], &state["restrictedPicklist"]),
        (&json!("BillingCountryCode"), &json!(true))
    );
    let made = |more: Value| {
        let mut account = json!({"Name": "x"});
        account.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        account
    };
    let id = org.create("Account", made(json!({"BillingCountryCode": "JP", "BillingState": "Tokyo"}))).await;
    let address = org.get(&format!("/sobjects/Account/{id}")).await.body["BillingAddress"].clone();
    assert_eq!((&address["country"], &address["stateCode"]), (&json!("Japan"), &json!("13")));
    let keys: Vec<_> = address.as_object().unwrap().keys().cloned().collect();
    assert!(keys.is_sorted(), "{keys:?}");
    for (more, field) in [
        (json!({"BillingCountryCode": "ZZ"}), "BillingCountryCode"),
        (json!({"BillingCountry": "Nowhere"}), "BillingCountryCode"),
        (json!({"BillingCountryCode": "JP", "BillingStateCode": "TX"}), "BillingStateCode"),
        (json!({"BillingState": "Tokyo"}), "BillingStateCode"),
    ] {
        let told = org.post("/sobjects/Account", made(more.clone())).await;
        assert_eq!(
            (told.code(), &told.body[0]["fields"][0]),
            ("FIELD_INTEGRITY_EXCEPTION", &json!(field)),
            "{more}"
        );
    }
    let told = org.post("/sobjects/Account", made(json!({"BillingCountryCode": "ZZ"}))).await;
    assert_eq!(
        told.body[0]["message"],
        "There's a problem with this country, even though it may appear correct. Please select a country/territory from the list of valid countries.: Billing Country/Territory"
    );
    assert_eq!(
        org.patch(&format!("/sobjects/Account/{id}"), json!({"BillingCountry": null, "BillingState": null}))
            .await
            .status,
        204
    );
    assert_eq!(org.get(&format!("/sobjects/Account/{id}")).await.body["BillingAddress"], Value::Null);
    org.control("/schema", json!({"state_country_picklists": false})).await;
    assert_eq!(org.query("SELECT BillingStateCode FROM Account").await.code(), "INVALID_FIELD");
}
