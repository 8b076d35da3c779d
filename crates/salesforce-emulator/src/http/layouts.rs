//! Layouts: one section with every field, which is as much as programs look at.

use serde_json::{Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::not_found;
use crate::org::ids::RecordId;
use crate::org::schema::{Field, FieldType, ObjectType};
use crate::org::store::Org;
use crate::org::value::Value;

const MASTER: &str = "012000000000000AAA";

/// The layouts of an object, or the one of a record type.
pub(super) fn layouts(org: &Org, call: &Call, object: &ObjectType, record_type: Option<&str>) -> Answer {
    let japanese = org.reads_japanese(call.user);
    let layout = layout(object, japanese);
    match record_type {
        Some(id) if id.eq_ignore_ascii_case(MASTER) || is_record_type(org, object, id) => {
            Answer::json(200, layout)
        }
        Some(_) => not_found(),
        None => {
            let mappings = record_types(org, object).into_iter().map(|(id, name)| {
                json!({"active": true, "available": true, "defaultRecordTypeMapping": id == MASTER,
                       "layoutId": layout["id"], "name": name, "recordTypeId": id, "master": id == MASTER})
            });
            let mappings: Vec<Json> = mappings.collect();
            Answer::json(
                200,
                json!({"layouts": [layout], "recordTypeMappings": mappings, "recordTypeSelectorRequired": [false]}),
            )
        }
    }
}

/// The compact layout every object has by itself.
pub(super) fn compact_layouts(org: &Org, call: &Call, object: &ObjectType) -> Answer {
    let japanese = org.reads_japanese(call.user);
    let items: Vec<Json> = object.name_field().into_iter().map(|field| item(field, japanese)).collect();
    let mappings = record_types(org, object).into_iter().map(|(id, name)| {
        json!({"available": true, "compactLayoutId": null, "compactLayoutName": "SYSTEM",
               "recordTypeId": id, "recordTypeName": name})
    });
    let mappings: Vec<Json> = mappings.collect();
    let system = json!({"actions": [], "fieldItems": items, "id": null, "imageItems": [], "label": "System Default",
                        "name": "SYSTEM", "objectType": object.name});
    Answer::json(
        200,
        json!({"compactLayouts": [system], "defaultCompactLayoutId": null, "recordTypeCompactLayoutMappings": mappings}),
    )
}

/// `/ui-api/object-info/{object}/picklist-values/{record type}`: the values of every picklist.
pub(super) fn picklist_values(org: &Org, call: &Call, object: &ObjectType, record_type: &str) -> Answer {
    if !record_type.eq_ignore_ascii_case(MASTER) && !is_record_type(org, object, record_type) {
        return not_found();
    }
    let path = format!("{}/ui-api/object-info/{}/picklist-values/{record_type}", call.base_path, object.name);
    let picklists = object.visible_fields().map(|(_, field)| field);
    let picklists =
        picklists.filter(|field| matches!(field.kind, FieldType::Picklist | FieldType::Multipicklist));
    let values: serde_json::Map<String, Json> = picklists
        .map(|field| {
            let offered = offered_by(org, record_type, &field.name);
            (field.name.clone(), picklist(object, field, offered, &format!("{path}/{}", field.name)))
        })
        .collect();
    Answer::json(200, json!({"eTag": "emulator", "picklistFieldValues": values, "url": path}))
}

/// The values that a record type offers of a field; `None` for all.
fn offered_by<'a>(org: &'a Org, record_type: &str, field: &str) -> Option<&'a Vec<String>> {
    org.settings.record_type_values.get(&RecordId::parse(record_type)?)?.get(field)
}

fn picklist(object: &ObjectType, field: &Field, offered: Option<&Vec<String>>, url: &str) -> Json {
    let controller = field.controller.as_ref().and_then(|name| object.field(name));
    let controlling: Vec<&str> = controller
        .map(|field| field.values.iter().map(|value| value.value.as_str()).collect())
        .unwrap_or_default();
    let place = |value: &str| controlling.iter().position(|known| *known == value);
    let is_offered = |value: &str| offered.is_none_or(|offered| offered.iter().any(|one| one == value));
    let values = || field.values.iter().filter(|value| value.active && is_offered(&value.value));
    let options: Vec<Json> = values()
        .map(|value| {
            let fits: Vec<usize> = value.valid_for.iter().filter_map(|value| place(value)).collect();
            json!({"attributes": null, "label": value.label, "validFor": fits, "value": value.value})
        })
        .collect();
    let default = values().position(|value| value.default).map(|place| options[place].clone());
    let places = controlling.iter().enumerate().map(|(place, value)| ((*value).to_owned(), json!(place)));
    json!({"controllerValues": places.collect::<serde_json::Map<_, _>>(), "defaultValue": default,
           "eTag": "emulator", "url": url, "values": options})
}

fn layout(object: &ObjectType, japanese: bool) -> Json {
    let fields: Vec<&Field> = object.visible_fields().map(|(_, field)| field).collect();
    let rows: Vec<Json> =
        fields.iter().map(|field| json!({"layoutItems": [item(field, japanese)], "numItems": 1})).collect();
    let section = json!({"collapsed": false, "columns": 1, "heading": object.label_in(japanese), "layoutRows": rows,
                         "layoutSectionId": RecordId::numbered("01B", 1).to_string(), "rows": fields.len(),
                         "tabOrder": "LeftToRight", "useCollapsibleSection": false, "useHeading": true});
    json!({"buttonLayoutSection": null, "detailLayoutSections": [section], "editLayoutSections": [section],
           "feedView": null, "highlightsPanelLayoutSection": null, "id": RecordId::numbered("00h", 1).to_string(),
           "multirowEditLayoutSections": [], "offlineLinks": [], "quickActionList": null, "relatedContent": null,
           "relatedLists": [], "saveOptions": []})
}

fn item(field: &Field, japanese: bool) -> Json {
    let component = json!({"displayLines": 1, "tabOrder": 0, "type": "Field", "value": field.name});
    json!({"editableForNew": field.createable, "editableForUpdate": field.updateable, "label": field.label_in(japanese),
           "layoutComponents": [component], "placeholder": false, "required": field.required()})
}

fn record_types(org: &Org, object: &ObjectType) -> Vec<(String, String)> {
    let kind = org.schema.object("RecordType");
    let own = org.find("RecordType", "SobjectType", &Value::text(&object.name));
    let name = |row: &crate::org::records::Record| kind.map(|kind| row.value(kind, "Name").to_text());
    let own = own.iter().map(|row| (row.id.to_string(), name(row).unwrap_or_default()));
    own.chain([(MASTER.to_owned(), "Master".to_owned())]).collect()
}

fn is_record_type(org: &Org, object: &ObjectType, id: &str) -> bool {
    let wanted = RecordId::parse(id).map(|id| id.to_string());
    wanted.is_some_and(|wanted| record_types(org, object).iter().any(|(known, _)| *known == wanted))
}
