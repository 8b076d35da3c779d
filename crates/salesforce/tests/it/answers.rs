use salesforce::{ApiUsage, ApiVersion, Field, FieldType, Record, SaveResult};
use serde_json::{Value, json};

#[test]
fn malformed_usage_headers_are_ignored() {
    let usage = |used, max| Some(ApiUsage { used, max });
    for (header, expected) in [
        ("api-usage=22/15000", usage(22, 15000)),
        ("api-usage=5/100; per-app-api-usage=17/250(appName=sample)", usage(5, 100)),
        ("per-app-api-usage=17/250(appName=sample)", None),
        ("api-usage=many", None),
        ("", None),
    ] {
        assert_eq!(ApiUsage::from_header(header), expected, "{header}");
    }
}

#[test]
fn api_versions_are_whole_numbers() {
    for text in ["66", "66.0", "v66.0"] {
        assert_eq!(text.parse::<ApiVersion>(), Ok(ApiVersion::new(66)));
    }
    for text in ["", "66.5", "v", "-1", "7", "sixty"] {
        assert!(text.parse::<ApiVersion>().is_err(), "{text}");
    }
    assert_eq!(ApiVersion::DEFAULT.path(), "/services/data/v66.0/");
}

#[test]
fn row_values_are_read_by_path() {
    let row: Record = serde_json::from_value(json!({
        "attributes": {"type": "Lead", "url": "/x"},
        "Id": "00Q5g00000AbCdE",
        "Email": null,
        "IsConverted": false,
        "Owner": {"attributes": {"type": "Name"}, "Name": "山田"},
        "Campaign": null,
        "CampaignMembers": {"totalSize": 1, "done": true, "records": [{"Status": "Sent"}]},
        "Tasks": null,
    }))
    .unwrap();
    assert_eq!(row.object(), Some("Lead"));
    assert_eq!(row.id().unwrap().prefix(), "00Q");
    assert_eq!(row.text("owner.name"), Some("山田"));
    assert_eq!(row.get("Campaign.Name").or(row.get("Email")).or(row.get("Missing")), None);
    assert_eq!(row.boolean("IsConverted"), Some(false));
    assert_eq!(row.children("CampaignMembers")[0].text("Status"), Some("Sent"));
    assert!(row.children("Tasks").is_empty());
    assert!(row.fields().all(|(name, _)| name != "attributes"));
}

#[test]
fn duplicate_json_keys_keep_one_value() {
    let mut row = Record::of("Task").with("subject", "a").with("Subject", "b").with("WhoId", Value::Null);
    assert_eq!(row.remove("SUBJECT"), Some(json!("b")));
    row.set("Status", "Completed");
    let text = serde_json::to_string(&row).unwrap();
    assert_eq!(text, r#"{"attributes":{"type":"Task"},"WhoId":null,"Status":"Completed"}"#);
}

#[test]
fn unknown_field_types_are_kept() {
    let field: Field =
        serde_json::from_value(json!({"name": "X__c", "type": "hologram", "newFlag": 7})).unwrap();
    assert_eq!(field.kind, FieldType::Other("hologram".to_owned()));
    assert_eq!(field.rest["newFlag"], 7);
    let back = serde_json::to_value(&field).unwrap();
    assert_eq!((&back["type"], &back["newFlag"]), (&json!("hologram"), &json!(7)));
    assert_eq!(serde_json::from_value::<FieldType>(json!("anyType")).unwrap(), FieldType::AnyType);
    assert_eq!(
        serde_json::from_value::<FieldType>(json!("multipicklist")).unwrap(),
        FieldType::MultiPicklist
    );
}

#[test]
fn failed_row_has_no_id() {
    let body = json!({"success": false, "created": false, "errors": [{"statusCode": "X", "message": "m", "fields": []}]});
    let saved: SaveResult = serde_json::from_value(body).unwrap();
    assert!(!saved.clone().into_id().unwrap_err().may_have_acted());
    assert!(saved.has_code("X"));
}
