//! A field as describe shows it: 57 keys, in alphabetical order.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json, json};

use crate::org::schema::{Access, Field, FieldType, ObjectType, PicklistValue};

/// Bytes of a character, as describe counts them.
const BYTES: u32 = 3;

/// Describes one field.
pub(super) fn describe(
    object: &ObjectType,
    field: &Field,
    access: Access,
    japanese: bool,
) -> Map<String, Json> {
    let kind = field.kind;
    let is_id = matches!(kind, FieldType::Id | FieldType::Reference);
    let byte_length = if is_id { 18 } else { field.length * BYTES };
    let shows_default = matches!(kind, FieldType::Boolean | FieldType::Picklist);
    let default = if shows_default { field.default.to_json() } else { Json::Null };
    let writable = !field.read_only;
    let shown = json!({
        "aggregatable": field.aggregatable(),
        "aiPredictionField": false, "autoNumber": false, "byteLength": byte_length, "calculated": field.formula.is_some(),
        "calculatedFormula": field.formula.as_ref().map(|formula| &formula.text), "cascadeDelete": field.cascade_delete && field.custom, "caseSensitive": field.case_sensitive,
        "compoundFieldName": field.compound, "controllerName": field.controller,
        "createable": field.createable && access.create && writable, "custom": field.custom,
        "defaultValue": default, "defaultValueFormula": null, "defaultedOnCreate": field.defaulted,
        "dependentPicklist": field.controller.is_some(), "deprecatedAndHidden": false, "digits": field.digits,
        "displayLocationInDecimal": false, "encrypted": kind == FieldType::Encryptedstring,
        "externalId": field.external_id, "extraTypeInfo": field.extra, "filterable": field.filterable(),
        "filteredLookupInfo": null, "formulaTreatNullNumberAsZero": false, "groupable": field.groupable(),
        "highScaleNumber": false, "htmlFormatted": false, "idLookup": field.id_lookup || kind == FieldType::Id || field.external_id,
    });
    let more = json!({
        "inlineHelpText": null, "label": field.label_in(japanese),
        "length": field.length, "mask": null, "maskType": null, "name": field.name, "nameField": field.name_field,
        "namePointing": field.is_polymorphic(), "nillable": field.nillable, "permissionable": field.permissionable,
        "picklistValues": options(field, object), "polymorphicForeignKey": field.is_polymorphic(),
        "precision": field.precision, "queryByDistance": kind.is_compound(), "referenceTargetField": null,
        "referenceTo": field.reference_to, "relationshipName": field.relationship, "relationshipOrder": null,
        "restrictedDelete": field.restricted_delete, "restrictedPicklist": field.restricted, "scale": field.scale,
        "searchPrefilterable": field.search_prefilterable(), "soapType": kind.soap_type(), "sortable": field.sortable(),
        "type": kind.name(), "unique": field.unique, "updateable": field.updateable && access.edit && writable,
        "writeRequiresMasterRead": false,
    });
    match (shown, more) {
        (Json::Object(mut map), Json::Object(mut more)) => {
            map.append(&mut more);
            map
        }
        _ => Map::new(),
    }
}

fn options(field: &Field, object: &ObjectType) -> Vec<Json> {
    let controller = field.controller.as_ref().and_then(|name| object.field(name));
    let shown = field.values.iter().map(|option| {
        json!({"active": option.active, "defaultValue": option.default, "label": option.label, "validFor": controller.map(|controller| bitmap(controller, option)),
               "value": option.value})
    });
    shown.collect()
}

/// The values of the controlling field that an option fits, one bit each, the first being the highest.
fn bitmap(controller: &Field, option: &PicklistValue) -> String {
    let values: Vec<&str> = match controller.kind {
        FieldType::Boolean => vec!["false", "true"],
        _ => controller.values.iter().map(|value| value.value.as_str()).collect(),
    };
    let mut bytes = vec![0_u8; values.len().div_ceil(8)];
    for (place, _) in
        values.iter().enumerate().filter(|(_, value)| option.valid_for.iter().any(|fits| fits == *value))
    {
        bytes[place / 8] |= 0x80 >> (place % 8);
    }
    STANDARD.encode(bytes)
}
