//! Our answers beside those of real orgs, when their recordings lie beside the repository.

use std::path::PathBuf;

use serde_json::Value;

use crate::harness::Org;

fn recording(name: &str) -> Option<Value> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let folder = std::env::var("TSUGITE_SHARED").unwrap_or_else(|_| beside.to_owned());
    let text = std::fs::read_to_string(PathBuf::from(folder).join("fixtures").join(name)).ok()?;
    serde_json::from_str(&text).ok()
}

/// The first object within a recording that has this list.
fn with_list<'a>(json: &'a Value, key: &str) -> Option<&'a Value> {
    match json {
        Value::Object(map) if map.get(key).is_some_and(Value::is_array) => Some(json),
        Value::Object(map) => map.values().find_map(|value| with_list(value, key)),
        Value::Array(items) => items.iter().find_map(|value| with_list(value, key)),
        _ => None,
    }
}

/// Facts about a field that clients act on.
const FACTS: [&str; 21] = [
    "type",
    "length",
    "byteLength",
    "precision",
    "scale",
    "digits",
    "createable",
    "updateable",
    "nillable",
    "defaultedOnCreate",
    "idLookup",
    "restrictedPicklist",
    "permissionable",
    "filterable",
    "groupable",
    "sortable",
    "relationshipName",
    "nameField",
    "soapType",
    "label",
    "unique",
];

/// Where ours differs on purpose: activities are named by their subject here.
const ON_PURPOSE: [(&str, &str, &str); 2] =
    [("Opportunity", "Fiscal", "byteLength"), ("Event", "Subject", "nameField")];

#[tokio::test]
async fn fields_are_described_as_in_a_real_org() {
    let org = Org::start().await;
    for (object, name) in [
        ("Account", "nango__describe_Account_v58.json"),
        ("Contact", "cumulusci__GET_sobjects_Contact_describe.json"),
        ("Event", "cumulusci__GET_sobjects_Event_describe.json"),
        ("Lead", "cumulusci__GET_sobjects_Lead_describe.json"),
        ("Opportunity", "cumulusci__GET_sobjects_Opportunity_describe.json"),
    ] {
        let Some(recorded) = recording(name) else { return };
        let recorded = with_list(&recorded, "fields").unwrap();
        let ours = org.get(&format!("/sobjects/{object}/describe")).await.body;
        let mut different = Vec::new();
        for field in ours["fields"].as_array().unwrap() {
            let known =
                recorded["fields"].as_array().unwrap().iter().find(|known| known["name"] == field["name"]);
            let Some(known) = known else { continue };
            let keys: Vec<&String> = known.as_object().unwrap().keys().collect();
            assert!(
                keys.iter().all(|key| field.get(key.as_str()).is_some()),
                "{} lacks a key",
                field["name"]
            );
            for fact in FACTS {
                let purpose = ON_PURPOSE.contains(&(object, field["name"].as_str().unwrap(), fact));
                if field[fact] != known[fact] && !purpose {
                    different.push(format!(
                        "{object}.{} {fact}: {} is {}",
                        field["name"], field[fact], known[fact]
                    ));
                }
            }
        }
        assert!(different.is_empty(), "{}", different.join("\n"));
        let lacking: Vec<&String> =
            recorded.as_object().unwrap().keys().filter(|key| ours.get(key.as_str()).is_none()).collect();
        assert!(lacking.is_empty(), "{object} lacks {lacking:?}");
    }
}
