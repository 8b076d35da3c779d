//! Describes match recorded describes of real orgs, key by key.

use serde_json::{Map, Value};

use super::files;
use crate::harness::Org;

/// The recorded describes.
const RECORDED: [(&str, &str); 5] = [
    ("Account", "nango__describe_Account_v58.json"),
    ("Contact", "cumulusci__GET_sobjects_Contact_describe.json"),
    ("Event", "cumulusci__GET_sobjects_Event_describe.json"),
    ("Lead", "cumulusci__GET_sobjects_Lead_describe.json"),
    ("Opportunity", "cumulusci__GET_sobjects_Opportunity_describe.json"),
];

/// What differs and why: a part of the difference, and the reason.
const EXPLAINED: [(&str, &str); 10] = [
    ("__c is missing", "a field of that org's own"),
    ("StateCode is missing", "state and country picklists are off until an administrator turns them on"),
    ("CountryCode is missing", "state and country picklists are off until an administrator turns them on"),
    ("HasOptedOutOfEmail is not recorded", "hidden by field-level security in that org"),
    ("HasOptedOutOfFax is not recorded", "hidden by field-level security in that org"),
    ("DoNotCall is not recorded", "hidden by field-level security in that org"),
    ("Event.Type is not recorded", "hidden by field-level security in that org"),
    ("Event.WhatId referenceTo", "that org has industry features whose objects are not here"),
    (
        "Event.RecurrenceTimeZoneSidKey picklistValues",
        "the list of zones; offsets in its labels change twice a year",
    ),
    ("Opportunity.Fiscal byteLength", "the one text whose bytes are not three times its length"),
];

fn named<'a>(list: &'a Value, name: &str) -> Vec<(&'a str, &'a Map<String, Value>)> {
    let items = list.as_array().unwrap().iter().filter_map(Value::as_object);
    items.map(|item| (item[name].as_str().unwrap_or_default(), item)).collect()
}

fn field_differences(object: &str, recorded: &Value, ours: &Value) -> Vec<String> {
    let (theirs, own) = (named(&recorded["fields"], "name"), named(&ours["fields"], "name"));
    let mut differences = Vec::new();
    for (name, field) in &theirs {
        let Some((_, other)) = own.iter().find(|(known, _)| known == name) else {
            differences.push(format!("{object}.{name} is missing"));
            continue;
        };
        for (key, value) in field.iter().filter(|(key, value)| other.get(*key) != Some(*value)) {
            differences.push(format!("{object}.{name} {key}: {} instead of {value}", other[key]));
        }
    }
    let unknown = own.iter().filter(|(name, _)| !theirs.iter().any(|(known, _)| known == name));
    differences.extend(unknown.map(|(name, _)| format!("{object}.{name} is not recorded")));
    let order = |one: &[(&str, _)], other: &[(&str, _)]| -> Vec<String> {
        let names = one.iter().map(|(name, _)| (*name).to_owned());
        names.filter(|name| other.iter().any(|(known, _)| known == name)).collect()
    };
    if order(&theirs, &own) != order(&own, &theirs) {
        differences.push(format!("{object} has its fields in another order"));
    }
    differences
}

fn object_differences(object: &str, recorded: &Value, ours: &Value) -> Vec<String> {
    let apart = ["fields", "childRelationships", "urls", "recordTypeInfos"];
    let mut differences = Vec::new();
    for (key, value) in recorded.as_object().unwrap() {
        match ours.get(key) {
            None => differences.push(format!("{object} lacks {key}")),
            Some(other) if other != value && !apart.contains(&key.as_str()) => {
                differences.push(format!("{object} {key}: {other} instead of {value}"));
            }
            Some(_) => {}
        }
    }
    let urls =
        |answer: &Value| -> Vec<String> { answer["urls"].as_object().unwrap().keys().cloned().collect() };
    if urls(recorded) != urls(ours) {
        differences.push(format!("{object} urls: {:?}", urls(ours)));
    }
    let theirs = named(&recorded["childRelationships"], "childSObject");
    for (child, list) in named(&ours["childRelationships"], "childSObject") {
        let same = theirs
            .iter()
            .any(|(known, other)| *known == child && other["field"] == list["field"] && *other == list);
        // A portal's users keep their contact from being deleted; there are no portals here.
        if !same && child != "User" {
            differences.push(format!("{object} children {child}.{}: {list:?}", list["field"]));
        }
    }
    differences
}

#[tokio::test]
async fn describe_matches_recorded_orgs() {
    let org = Org::start().await;
    let mut differences = Vec::new();
    for (object, name) in RECORDED {
        let Some(recorded) = files::read(name) else { return };
        // The labels were recorded in English.
        let ours = org.in_english(&format!("/sobjects/{object}/describe")).await.body;
        differences.extend(field_differences(object, &recorded, &ours));
        differences.extend(object_differences(object, &recorded, &ours));
    }
    let explains =
        |reason: &&(&str, &str)| differences.iter().any(|difference| difference.contains(reason.0));
    let stale: Vec<_> = EXPLAINED.iter().filter(|reason| !explains(reason)).collect();
    assert!(stale.is_empty(), "no longer different: {stale:?}");
    differences.retain(|difference| !EXPLAINED.iter().any(|(part, _)| difference.contains(part)));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Flags that follow from who asked: that administrator was no marketing user, and setup objects are read only here.
const FOLLOWS_THE_USER: [&str; 9] = [
    "Campaign",
    "CampaignMemberStatus",
    "FieldPermissions",
    "ObjectPermissions",
    "PermissionSet",
    "PermissionSetAssignment",
    "Profile",
    "RecordType",
    "UserRole",
];

#[tokio::test]
async fn global_describe_matches_recorded_flags() {
    let Some(recorded) = files::read("nango__describe_global_v59_subset.json") else { return };
    let org = Org::start().await;
    let ours = org.in_english("/sobjects").await.body;
    let recorded = &recorded["interactions"][0]["response"]["body"]["sobjects"];
    let own = named(&ours["sobjects"], "name");
    let mut differences = Vec::new();
    for (name, object) in named(recorded, "name") {
        let Some((_, other)) = own.iter().find(|(known, _)| *known == name) else { continue };
        let follows = |key: &str| {
            let writes = ["createable", "updateable", "deletable", "undeletable"].contains(&key);
            writes && FOLLOWS_THE_USER.contains(&name)
        };
        let keys = |map: &Map<String, Value>| -> Vec<String> { map.keys().cloned().collect() };
        assert_eq!(keys(object), keys(other), "{name}");
        let urls = |map: &Map<String, Value>| keys(map["urls"].as_object().unwrap());
        if urls(object) != urls(other) {
            differences.push(format!("{name} urls: {:?} instead of {:?}", urls(other), urls(object)));
        }
        for (key, value) in object.iter().filter(|(key, _)| *key != "urls" && !follows(key)) {
            if other[key] != *value {
                differences.push(format!("{name} {key}: {} instead of {value}", other[key]));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
