//! A field as describe shows it: 57 keys, in alphabetical order.

use serde_json::{Map, Value as Json, json};

use crate::org::schema::{Access, Field, FieldType};

/// Bytes of a character, as describe counts them.
const BYTES: u32 = 3;

/// Describes one field.
pub(super) fn describe(field: &Field, access: Access, japanese: bool) -> Map<String, Json> {
    let kind = field.kind;
    let is_id = matches!(kind, FieldType::Id | FieldType::Reference);
    let byte_length = if is_id { 18 } else { field.length * BYTES };
    let shows_default = matches!(kind, FieldType::Boolean | FieldType::Picklist);
    let default = if shows_default { field.default.to_json() } else { Json::Null };
    let writable = !field.read_only;
    let shown = json!({
        "aggregatable": field.aggregatable(),
        "aiPredictionField": false, "autoNumber": false, "byteLength": byte_length, "calculated": false,
        "calculatedFormula": null, "cascadeDelete": field.cascade_delete && field.custom, "caseSensitive": field.case_sensitive,
        "compoundFieldName": field.compound, "controllerName": null,
        "createable": field.createable && access.create && writable, "custom": field.custom,
        "defaultValue": default, "defaultValueFormula": null, "defaultedOnCreate": field.defaulted,
        "dependentPicklist": false, "deprecatedAndHidden": false, "digits": field.digits,
        "displayLocationInDecimal": false, "encrypted": kind == FieldType::Encryptedstring,
        "externalId": field.external_id, "extraTypeInfo": field.extra, "filterable": field.filterable(),
        "filteredLookupInfo": null, "formulaTreatNullNumberAsZero": false, "groupable": field.groupable(),
        "highScaleNumber": false, "htmlFormatted": false, "idLookup": field.id_lookup || kind == FieldType::Id || field.external_id,
    });
    let more = json!({
        "inlineHelpText": null, "label": field.label_in(japanese),
        "length": field.length, "mask": null, "maskType": null, "name": field.name, "nameField": field.name_field,
        "namePointing": field.is_polymorphic(), "nillable": field.nillable, "permissionable": field.permissionable,
        "picklistValues": options(field), "polymorphicForeignKey": field.is_polymorphic(),
        "precision": field.precision, "queryByDistance": kind == FieldType::Address, "referenceTargetField": null,
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

fn options(field: &Field) -> Vec<Json> {
    let shown = field.values.iter().map(|option| {
        json!({"active": option.active, "defaultValue": option.default, "label": option.label, "validFor": null,
               "value": option.value})
    });
    shown.collect()
}
