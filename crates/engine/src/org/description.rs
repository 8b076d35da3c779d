//! What the org's describe says, in the domain's terms.

use domain::org::{FieldType, ObjectDescription, OrgField, PicklistOption, RecordType};
use salesforce::{Describe, Field, RecordTypeInfo};

/// A describe in the domain's terms.
pub(crate) fn translate(describe: &Describe) -> ObjectDescription {
    ObjectDescription {
        name: describe.name.clone(),
        label: describe.label.clone(),
        createable: describe.createable,
        updateable: describe.updateable,
        fields: describe.fields.iter().map(field).collect(),
        child_lists: child_lists(describe),
        record_types: describe.record_type_infos.iter().map(record_type).collect(),
    }
}

fn record_type(info: &RecordTypeInfo) -> RecordType {
    RecordType {
        id: info.record_type_id.to_string(),
        name: info.name.clone(),
        available: info.active && info.available,
        master: info.master,
    }
}

/// The names under which lists of children could be asked for; those without one can't be.
fn child_lists(describe: &Describe) -> Vec<String> {
    let children = describe.rest.get("childRelationships").and_then(|children| children.as_array());
    let names = children.into_iter().flatten().filter_map(|child| child.get("relationshipName")?.as_str());
    names.map(str::to_owned).collect()
}

fn field(field: &Field) -> OrgField {
    let kind = serde_json::to_value(&field.kind).ok();
    let kind = kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default();
    let rich = field.html_formatted || field.extra_type_info.as_deref() == Some("richtextarea");
    let options = field.picklist_values.iter().map(|option| PicklistOption {
        value: option.value.clone(),
        label: option.label.clone().unwrap_or_else(|| option.value.clone()),
        active: option.active,
    });
    OrgField {
        name: field.name.clone(),
        label: field.label.clone(),
        kind: FieldType::from_describe(kind, rich),
        length: field.length as usize,
        precision: field.precision as usize,
        scale: field.scale as usize,
        createable: field.createable,
        updateable: field.updateable,
        nillable: field.nillable,
        defaulted_on_create: field.defaulted_on_create,
        options: options.collect(),
        relationship: field.relationship_name.clone(),
        reference_to: field.reference_to.clone(),
        compound: matches!(kind, "address" | "location"),
        calculated: field.calculated,
        part_of: field.compound_field_name.clone(),
        external_id: field.external_id,
        unique: field.unique,
        filterable: field.filterable,
    }
}

/// What an object looks like to a user who may not see it.
pub(crate) fn hidden(object: &str) -> ObjectDescription {
    ObjectDescription {
        name: object.to_owned(),
        label: object.to_owned(),
        createable: false,
        updateable: false,
        fields: Vec::new(),
        child_lists: Vec::new(),
        record_types: Vec::new(),
    }
}

#[cfg(test)]
#[path = "description_tests.rs"]
mod tests;
