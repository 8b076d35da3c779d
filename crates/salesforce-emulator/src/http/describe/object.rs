//! An object as describe shows it.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::super::call::Call;
use super::field;
use crate::org::ids::RecordId;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

const MASTER: &str = "012000000000000AAA";

/// The 28 keys that global describe shows.
pub(super) fn summary(org: &Org, call: &Call, object: &ObjectType) -> Map<String, Json> {
    let access = org.object_access(call.user, object);
    let japanese = org.reads_japanese(call.user);
    let label = object.label_in(japanese);
    let plural = if japanese { label } else { &object.label_plural };
    let path = format!("{}/sobjects/{}", call.base_path, object.name);
    let mut urls = json!({"rowTemplate": format!("{path}/{{ID}}"), "describe": format!("{path}/describe"), "sobject": path});
    if object.has("layoutable") {
        urls["layouts"] = json!(format!("{path}/describe/layouts"));
        urls["compactLayouts"] = json!(format!("{path}/describe/compactLayouts"));
        urls["approvalLayouts"] = json!(format!("{path}/describe/approvalLayouts"));
        urls["quickActions"] = json!(format!("{path}/quickActions"));
        urls["listviews"] = json!(format!("{path}/listviews"));
    }
    let shown = json!({
        "activateable": false, "associateEntityType": null, "associateParentEntity": null,
        "createable": access.create, "custom": object.custom, "customSetting": false,
        "deepCloneable": object.has("deepCloneable"), "deletable": access.delete, "deprecatedAndHidden": false,
        "feedEnabled": object.has("feedEnabled"), "hasSubtypes": false, "isInterface": false, "isSubtype": false,
        "keyPrefix": object.prefix, "label": label, "labelPlural": plural, "layoutable": object.has("layoutable"),
        "mergeable": object.has("mergeable"), "mruEnabled": object.has("mruEnabled"), "name": object.name,
        "queryable": object.has("queryable"), "replicateable": object.has("replicateable"),
        "retrieveable": object.has("retrieveable"), "searchable": object.has("searchable"),
        "triggerable": object.has("triggerable"), "undeletable": object.has("undeletable") && access.delete,
        "updateable": access.edit, "urls": urls,
    });
    into_map(shown)
}

/// Everything about an object.
pub(super) fn full(org: &Org, call: &Call, object: &Arc<ObjectType>, public_url: &str) -> Map<String, Json> {
    let mut shown = summary(org, call, object);
    let japanese = org.reads_japanese(call.user);
    let access = org.object_access(call.user, object);
    let fields =
        object.visible_fields().map(|(_, one)| Json::Object(field::describe(object, one, access, japanese)));
    let more = json!({
        "actionOverrides": [], "childRelationships": children(org, object),
        "compactLayoutable": object.has("layoutable"), "defaultImplementation": null, "extendedBy": null,
        "extendsInterfaces": null, "fields": fields.collect::<Vec<_>>(), "implementedBy": null,
        "implementsInterfaces": null, "listviewable": null, "lookupLayoutable": null, "namedLayoutInfos": [],
        "networkScopeFieldName": null, "recordTypeInfos": record_types(org, call, object),
        "searchLayoutable": object.has("layoutable"), "sobjectDescribeOption": "FULL",
        "supportedScopes": [{"label": format!("All {}", object.label_plural.to_lowercase()), "name": "everything"},
                            {"label": format!("My {}", object.label_plural.to_lowercase()), "name": "mine"}],
    });
    shown.append(&mut into_map(more));
    if let Some(urls) = shown.get_mut("urls").and_then(Json::as_object_mut) {
        urls.insert("uiDetailTemplate".to_owned(), json!(format!("{public_url}/{{ID}}")));
        urls.insert("uiEditTemplate".to_owned(), json!(format!("{public_url}/{{ID}}/e")));
        urls.insert("uiNewRecord".to_owned(), json!(format!("{public_url}/{}/e", object.prefix)));
    }
    shown.sort_keys();
    shown
}

fn children(org: &Org, object: &ObjectType) -> Vec<Json> {
    let seen =
        org.schema.children_of(&object.name).filter(|child| child.object.access.read && !child.field.hidden);
    seen.map(|child| {
        json!({"cascadeDelete": child.field.cascade_delete, "childSObject": child.object.name,
               "deprecatedAndHidden": false, "field": child.field.name, "junctionIdListNames": [],
               "junctionReferenceTo": [], "relationshipName": child.field.children, "restrictedDelete": child.field.restricted_delete})
    })
    .collect()
}

fn record_types(org: &Org, call: &Call, object: &ObjectType) -> Vec<Json> {
    let own = org.find("RecordType", "SobjectType", &Value::text(&object.name));
    let info = |id: String, name: &str, developer: &str, active: bool, master: bool, default: bool| {
        let layout = format!("{}/sobjects/{}/describe/layouts/{id}", call.base_path, object.name);
        json!({"active": active, "available": active, "defaultRecordTypeMapping": default,
               "developerName": developer, "master": master, "name": name, "recordTypeId": id,
               "urls": {"layout": layout}})
    };
    let mut infos = Vec::new();
    if let Some(record_type) = org.schema.object("RecordType") {
        for (place, row) in own.iter().enumerate() {
            let text = |name: &str| row.value(record_type, name).to_text();
            let id: RecordId = row.id;
            let active = row.value(record_type, "IsActive").is_true();
            infos.push(info(
                id.to_string(),
                &text("Name"),
                &text("DeveloperName"),
                active,
                false,
                place == 0,
            ));
        }
    }
    let alone = infos.is_empty();
    infos.push(info(MASTER.to_owned(), "Master", "Master", true, true, alone));
    infos
}

fn into_map(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}
