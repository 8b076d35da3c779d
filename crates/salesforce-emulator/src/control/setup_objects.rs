//! Objects, what users may do with them, and records that sharing hides.

use std::collections::HashSet;

use serde_json::Value;

use crate::control::entries::{entries, text};
use crate::control::setup_fields;
use crate::control::setup_profiles::profile;
use crate::org::ids::RecordId;
use crate::org::schema::{Access, ObjectType, parse_field};
use crate::org::store::Org;

const FLAGS: [&str; 12] = [
    "createable",
    "updateable",
    "deletable",
    "undeletable",
    "queryable",
    "retrieveable",
    "searchable",
    "replicateable",
    "triggerable",
    "layoutable",
    "mruEnabled",
    "feedEnabled",
];

/// Fields every custom object has.
const FIELDS: [&str; 9] = [
    "Id | id | D | Record ID",
    "OwnerId | reference Group,User | CUD | Owner ID | relationship=Owner",
    "IsDeleted | boolean | D | Deleted",
    "Name | string 80 | CUNDI | Name | nameField",
    "CreatedDate | datetime | D | Created Date",
    "CreatedById | reference User | D | Created By ID | relationship=CreatedBy",
    "LastModifiedDate | datetime | D | Last Modified Date",
    "LastModifiedById | reference User | D | Last Modified By ID | relationship=LastModifiedBy",
    "SystemModstamp | datetime | D | System Modstamp",
];

/// Adds objects: `{"name": "Visit__c", "label": "…", "fields": […]}`.
pub(super) fn add_objects(org: &mut Org, value: &Value) -> Result<(), String> {
    for entry in entries(value)? {
        let name = text(entry, "name")?;
        if org.schema.object(name).is_none() {
            let label = entry.get("label").and_then(Value::as_str).unwrap_or(name);
            let plural = entry.get("label_plural").and_then(Value::as_str).unwrap_or(label);
            let prefix = org.schema.next_custom_prefix();
            let flags = FLAGS.map(str::to_owned).to_vec();
            let mut object = ObjectType::new(name, &prefix, label, plural, flags);
            for field in FIELDS.iter().filter_map(|line| parse_field(line)) {
                object.put_field(field);
            }
            org.schema.put(object);
            for activity in ["Task", "Event"] {
                if let Some(activity) = org.schema.object_mut(activity) {
                    activity.edit_field("WhatId", |field| field.reference_to.push(name.to_owned()));
                }
            }
        }
        for field in entry.get("fields").and_then(Value::as_array).into_iter().flatten() {
            let mut field = field.clone();
            field["object"] = Value::String(name.to_owned());
            setup_fields::add(org, &field)?;
        }
        org.schema_touched(name);
        org.show_permissions(name);
    }
    Ok(())
}

/// Sets what users may do: `{"object": "Lead", "create": false, "profile": "Standard User"?}`; what is left out stays.
pub(super) fn permissions(org: &mut Org, value: &Value) -> Result<(), String> {
    for entry in entries(value)? {
        let name = text(entry, "object")?;
        let object = org.schema.object(name).ok_or_else(|| format!("there is no object {name}"))?;
        let name = object.name.clone();
        let profile =
            entry.get("profile").and_then(Value::as_str).map(|name| profile(org, name)).transpose()?;
        let known = profile.map_or(object.access, |profile| org.profile_access(profile, object));
        let flag = |key: &str, known: bool| entry.get(key).and_then(Value::as_bool).unwrap_or(known);
        let access = Access {
            create: flag("create", known.create),
            read: flag("read", known.read),
            edit: flag("edit", known.edit),
            delete: flag("delete", known.delete),
        };
        match profile {
            Some(profile) => {
                org.settings.profile_rights.entry(profile).or_default().insert(name.clone(), access);
            }
            None => {
                if let Some(object) = org.schema.object_mut(&name) {
                    object.access = access;
                }
            }
        }
        org.show_permissions(&name);
        org.schema_touched(&name);
    }
    Ok(())
}

/// Sets the list of records that sharing hides.
pub(super) fn hide_records(org: &mut Org, value: &Value) -> Result<(), String> {
    org.hidden_records = record_ids(value, "hidden_records")?;
    Ok(())
}

/// Reads a list of record ids.
pub(super) fn record_ids(value: &Value, key: &str) -> Result<HashSet<RecordId>, String> {
    let ids = value.as_array().ok_or_else(|| format!("{key} must be a list of ids"))?;
    let parse =
        |id: &Value| id.as_str().and_then(RecordId::parse).ok_or_else(|| format!("{id} is no record id"));
    ids.iter().map(parse).collect()
}
