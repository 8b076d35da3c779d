//! A field as the Metadata API writes it.

use serde_json::{Map, Value as Json, json};

use crate::org::error::{SaveError, SaveResult};
use crate::org::schema::{Field, FieldType, PicklistValue};
use crate::org::value::Value;

/// The types a field may be given, with the org's name for each.
const TYPES: [(&str, FieldType); 14] = [
    ("Text", FieldType::String),
    ("Email", FieldType::Email),
    ("Phone", FieldType::Phone),
    ("Url", FieldType::Url),
    ("Number", FieldType::Double),
    ("Currency", FieldType::Currency),
    ("Percent", FieldType::Percent),
    ("Checkbox", FieldType::Boolean),
    ("Date", FieldType::Date),
    ("DateTime", FieldType::Datetime),
    ("TextArea", FieldType::Textarea),
    ("LongTextArea", FieldType::Textarea),
    ("Picklist", FieldType::Picklist),
    ("MultiselectPicklist", FieldType::Multipicklist),
];
/// Characters of a text area that is not a long one.
const SHORT_AREA: u32 = 255;

/// Reads a field's `Metadata`.
pub(super) fn read(name: &str, body: &Map<String, Json>) -> SaveResult<Field> {
    let refuse = |message: String| vec![SaveError::new("FIELD_INTEGRITY_EXCEPTION", message)];
    let Some(metadata) = body.get("Metadata").and_then(Json::as_object) else {
        let message = "Required fields are missing: [Metadata]";
        return Err(SaveError::on("Metadata", "REQUIRED_FIELD_MISSING", message).into());
    };
    let text = |key: &str| metadata.get(key).and_then(Json::as_str);
    // Some clients send numbers and checkboxes as texts.
    let number = |key: &str| {
        let given = metadata.get(key)?;
        given.as_u64().or_else(|| given.as_str()?.parse().ok()).and_then(|number| u32::try_from(number).ok())
    };
    let flag = |key: &str| metadata.get(key).is_some_and(|given| given == true || given == "true");
    let kind_name = text("type").ok_or_else(|| refuse("Must specify a type for a CustomField".to_owned()))?;
    let kind = TYPES.iter().find(|(known, _)| *known == kind_name).map(|(_, kind)| *kind);
    let kind = kind.ok_or_else(|| refuse(format!("The type {kind_name} is not emulated")))?;
    let label = text("label").ok_or_else(|| refuse("Field label is required".to_owned()))?;
    let must = |key: &str| {
        let message = format!("Must specify '{key}' for a CustomField of type {kind_name}");
        number(key).ok_or_else(|| refuse(message))
    };
    let mut field = Field::added(name, label, kind);
    match kind {
        FieldType::String => {
            field.length = must("length")?;
            if !(1..=255).contains(&field.length) {
                return Err(refuse("Text length must be between 1 and 255".to_owned()));
            }
        }
        FieldType::Textarea if kind_name == "LongTextArea" => field.length = must("length")?,
        FieldType::Textarea => field.length = SHORT_AREA,
        FieldType::Double | FieldType::Currency | FieldType::Percent => {
            (field.precision, field.scale) = (must("precision")?, must("scale")?);
            if field.precision > 18 || field.scale > field.precision {
                return Err(refuse("Precision must be at most 18 and at least the scale".to_owned()));
            }
        }
        FieldType::Picklist | FieldType::Multipicklist => values(&mut field, metadata),
        _ => {}
    }
    (field.external_id, field.unique) = (flag("externalId"), flag("unique"));
    field.case_sensitive = field.unique && flag("caseSensitive");
    if field.external_id && !kind.may_be_external_id() || field.unique && !kind.may_be_unique() {
        let which = if field.unique { "unique" } else { "externalId" };
        return Err(refuse(format!("Can not specify '{which}' for a CustomField of type {kind_name}")));
    }
    if flag("required") {
        (field.nillable, field.permissionable) = (false, false);
    }
    if kind == FieldType::Boolean {
        let ticked = metadata.get("defaultValue").is_some_and(|given| given == true || given == "true");
        (field.default, field.defaulted) = (Value::Boolean(ticked), true);
    }
    Ok(field)
}

fn values(field: &mut Field, metadata: &Map<String, Json>) {
    let set = metadata.get("valueSet");
    let listed = set.and_then(|set| set.pointer("/valueSetDefinition/value")).and_then(Json::as_array);
    field.restricted = set.and_then(|set| set["restricted"].as_bool()).unwrap_or(false);
    let values = listed.into_iter().flatten().filter_map(|value| {
        let name = value["fullName"].as_str().or_else(|| value["valueName"].as_str())?;
        Some(PicklistValue {
            value: name.to_owned(),
            label: value["label"].as_str().unwrap_or(name).to_owned(),
            default: value["default"].as_bool().unwrap_or(false),
            active: value["isActive"].as_bool().unwrap_or(true),
            valid_for: Vec::new(),
        })
    });
    field.values = values.collect();
}

/// Writes a field's `Metadata`.
pub(super) fn show(field: &Field) -> Json {
    let long = field.is_long_text();
    let mut names =
        TYPES.iter().filter(|(name, kind)| *kind == field.kind && (*name == "LongTextArea") == long);
    let size = |number: u32| if number == 0 { Json::Null } else { json!(number) };
    let number = field.kind.is_number();
    json!({"type": names.next().map(|(name, _)| *name), "label": field.label, "length": size(field.length),
           "precision": size(field.precision), "scale": if number { json!(field.scale) } else { Json::Null },
           "required": !field.nillable && field.kind != FieldType::Boolean, "unique": field.unique,
           "externalId": field.external_id, "caseSensitive": field.case_sensitive})
}

/// A field's type as the setup screens name it.
pub(super) fn data_type(field: &Field) -> String {
    let targets = || field.reference_to.join(",");
    match field.kind {
        FieldType::Id => "Record ID".to_owned(),
        FieldType::String => format!("Text({})", field.length),
        FieldType::Textarea if field.is_long_text() => format!("Long Text Area({})", field.length),
        FieldType::Textarea => format!("Text Area({})", field.length),
        FieldType::Boolean => "Checkbox".to_owned(),
        FieldType::Reference => format!("Lookup({})", targets()),
        FieldType::Int => format!("Number({}, 0)", field.digits),
        FieldType::Double => format!("Number({}, {})", field.precision - field.scale, field.scale),
        FieldType::Currency => format!("Currency({}, {})", field.precision - field.scale, field.scale),
        FieldType::Percent => format!("Percent({}, {})", field.precision - field.scale, field.scale),
        FieldType::Date => "Date".to_owned(),
        FieldType::Datetime => "Date/Time".to_owned(),
        FieldType::Picklist | FieldType::Combobox => "Picklist".to_owned(),
        FieldType::Multipicklist => "Picklist (Multi-Select)".to_owned(),
        FieldType::Phone => "Phone".to_owned(),
        FieldType::Email => "Email".to_owned(),
        FieldType::Url => format!("URL({})", field.length),
        FieldType::Address => "Address".to_owned(),
        FieldType::Location => "Geolocation".to_owned(),
        FieldType::Encryptedstring => format!("Text (Encrypted)({})", field.length),
    }
}
