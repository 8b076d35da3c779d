//! An object as describe shows it.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::http::call::Call;
use crate::http::describe::field;
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
    let urls: Map<String, Json> = urls_of(object)
        .into_iter()
        .map(|(name, rest)| (name.to_owned(), json!(format!("{path}{rest}"))))
        .collect();
    let shown = json!({
        "activateable": false, "associateEntityType": null, "associateParentEntity": null,
        "createable": access.create, "custom": object.custom, "customSetting": false,
        "deepCloneable": object.has("deepCloneable"), "deletable": access.delete, "deprecatedAndHidden": false,
        "feedEnabled": object.has("feedEnabled"), "hasSubtypes": false, "isInterface": false, "isSubtype": false,
        "keyPrefix": if object.has("noprefix") { Json::Null } else { json!(object.prefix) }, "label": label, "labelPlural": plural, "layoutable": object.has("layoutable"),
        "mergeable": object.has("mergeable"), "mruEnabled": object.has("mruEnabled"), "name": object.name,
        "queryable": object.has("queryable"), "replicateable": object.has("replicateable"),
        "retrieveable": object.has("retrieveable"), "searchable": object.has("searchable"),
        "triggerable": object.has("triggerable"), "undeletable": object.has("undeletable") && access.delete,
        "updateable": access.edit, "urls": urls,
    });
    into_map(shown)
}

/// The addresses of an object, as they continue its own, in the order orgs show them.
fn urls_of(object: &ObjectType) -> Vec<(&'static str, &'static str)> {
    let name = object.name.as_str();
    let shown = object.has("layoutable");
    let listed =
        shown && (object.custom || ["Account", "Campaign", "Contact", "Lead", "Opportunity"].contains(&name));
    let acted = listed || ["Event", "Task", "OpportunityContactRole", "User"].contains(&name);
    let all = [
        (shown, "compactLayouts", "/describe/compactLayouts"),
        (true, "rowTemplate", "/{ID}"),
        (name == "User", "namedLayouts", "/describe/namedLayouts/{LayoutName}"),
        (name == "User", "passwordUtilities", "/{ID}/password"),
        (listed, "approvalLayouts", "/describe/approvalLayouts"),
        (name == "Event", "eventSeriesUpdates", "/{ID}/fromThisEventOnwards"),
        (listed, "listviews", "/listviews"),
        (true, "describe", "/describe"),
        (acted, "quickActions", "/quickActions"),
        (shown, "layouts", "/describe/layouts"),
        (true, "sobject", ""),
    ];
    all.into_iter().filter(|(has, ..)| *has).map(|(_, name, rest)| (name, rest)).collect()
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
        "supportedScopes": scopes(object),
    });
    shown.append(&mut into_map(more));
    if let Some(Json::Object(urls)) = shown.get_mut("urls") {
        let mut ordered = Map::new();
        for (name, url) in std::mem::take(urls) {
            match name.as_str() {
                "eventSeriesUpdates" | "listviews" | "describe"
                    if !ordered.contains_key("uiDetailTemplate") =>
                {
                    ordered.insert("uiDetailTemplate".to_owned(), json!(format!("{public_url}/{{ID}}")));
                    ordered.insert("uiEditTemplate".to_owned(), json!(format!("{public_url}/{{ID}}/e")));
                }
                _ => {}
            }
            let described = name == "describe";
            ordered.insert(name, url);
            if described {
                let new = json!(format!("{public_url}/{}/e", object.prefix));
                ordered.insert("uiNewRecord".to_owned(), new);
            }
        }
        *urls = ordered;
    }
    shown.sort_keys();
    shown
}

/// The scopes that `USING SCOPE` takes, with the words orgs use for them.
fn scopes(object: &ObjectType) -> Vec<Json> {
    let plural = object.label_plural.to_lowercase();
    let label = |name: &str| match name {
        "everything" => format!("All {plural}"),
        "delegated" => format!("My delegated {plural}"),
        "mine" => format!("My {plural}"),
        "queue_owned" => format!("Queue owned {plural}"),
        "team" => format!("My team's {plural}"),
        "user_owned" => format!("User owned {plural}"),
        _ => "Filter by scope".to_owned(),
    };
    object.scopes().into_iter().map(|name| json!({"label": label(name), "name": name})).collect()
}

fn children(org: &Org, object: &ObjectType) -> Vec<Json> {
    let seen = org.schema.children_of(&object.name).filter(|child| {
        // A merged record points at its master without being listed there.
        child.object.access.read && !child.field.hidden && child.field.name != "MasterRecordId"
    });
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
