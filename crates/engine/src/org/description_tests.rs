//! A describe of the org in the domain's terms.

use super::*;
use serde_json::{Value, json};

fn translated(describe: Value) -> ObjectDescription {
    translate(&serde_json::from_value(describe).unwrap())
}

fn translated_field(field: Value) -> OrgField {
    translated(json!({ "name": "Lead", "label": "リード", "fields": [field] })).fields.remove(0)
}

#[test]
fn object_keeps_what_the_user_may_do_and_its_lists() {
    let children = json!([
        { "relationshipName": "Contacts", "childSObject": "Contact" },
        { "relationshipName": null, "childSObject": "AIRecordInsight" },
        { "childSObject": "Task" },
    ]);
    for (describe, createable, updateable, lists) in [
        (
            json!({ "createable": true, "updateable": false, "childRelationships": children }),
            true,
            false,
            vec!["Contacts"],
        ),
        (json!({ "createable": false, "updateable": true, "childRelationships": [] }), false, true, vec![]),
        (json!({}), false, false, vec![]),
    ] {
        let mut describe = describe;
        (describe["name"], describe["label"], describe["fields"]) =
            (json!("Account"), json!("取引先"), json!([]));
        let told = translated(describe);
        assert_eq!((told.name.as_str(), told.label.as_str()), ("Account", "取引先"));
        assert_eq!(
            (told.createable, told.updateable, told.child_lists),
            (createable, updateable, lists.into_iter().map(str::to_owned).collect())
        );
    }
}

#[test]
fn kind_of_a_field_is_told_by_type_and_richness() {
    for (field, kind, compound) in [
        (json!({ "type": "string" }), FieldType::String, false),
        (json!({ "type": "textarea" }), FieldType::LongText, false),
        (json!({ "type": "textarea", "htmlFormatted": true }), FieldType::RichText, false),
        (json!({ "type": "textarea", "extraTypeInfo": "richtextarea" }), FieldType::RichText, false),
        (json!({ "type": "textarea", "extraTypeInfo": "plaintextarea" }), FieldType::LongText, false),
        (json!({ "type": "double" }), FieldType::Number, false),
        (json!({ "type": "int" }), FieldType::Integer, false),
        (json!({ "type": "multipicklist" }), FieldType::MultiPicklist, false),
        (json!({ "type": "encryptedstring" }), FieldType::Encrypted, false),
        (json!({ "type": "datetime" }), FieldType::DateTime, false),
        (json!({ "type": "reference" }), FieldType::Other, false),
        (json!({ "type": "address" }), FieldType::Other, true),
        (json!({ "type": "location" }), FieldType::Other, true),
        (json!({ "type": "some-day" }), FieldType::Other, false),
    ] {
        let mut field = field;
        field["name"] = json!("X__c");
        let told = translated_field(field.clone());
        assert_eq!((told.kind, told.compound), (kind, compound), "{field}");
    }
}

#[test]
fn picklist_keeps_its_choices_with_labels_and_inactive_ones() {
    let field =
        translated_field(json!({ "name": "Rating", "label": "評価", "type": "picklist", "picklistValues": [
        { "value": "Hot", "label": "高い", "active": true },
        { "value": "旧", "active": false },
    ] }));
    let option = |value: &str, label: &str, active| PicklistOption {
        value: value.to_owned(),
        label: label.to_owned(),
        active,
    };
    assert_eq!(field.options, [option("Hot", "高い", true), option("旧", "旧", false)]);
}

#[test]
fn field_keeps_everything_that_decisions_need() {
    let told = translated_field(json!({
        "name": "OwnerId", "label": "所有者 ID", "type": "reference", "length": 18, "precision": 6, "scale": 2,
        "createable": true, "updateable": false, "nillable": false, "defaultedOnCreate": true, "calculated": true,
        "filterable": true, "relationshipName": "Owner", "referenceTo": ["Group", "User"], "compoundFieldName": "Name",
    }));
    let expected = OrgField {
        name: "OwnerId".to_owned(),
        label: "所有者 ID".to_owned(),
        kind: FieldType::Other,
        length: 18,
        precision: 6,
        scale: 2,
        createable: true,
        updateable: false,
        nillable: false,
        defaulted_on_create: true,
        options: Vec::new(),
        relationship: Some("Owner".to_owned()),
        reference_to: vec!["Group".to_owned(), "User".to_owned()],
        compound: false,
        calculated: true,
        part_of: Some("Name".to_owned()),
        external_id: false,
        unique: false,
        filterable: true,
    };
    assert_eq!(told, expected);
}
