//! Definitions of objects and fields have no ids of their own: their names stand in their addresses.

use serde_json::Value as Json;

use crate::org::ids::RecordId;
use crate::org::store::Org;
use crate::org::value::Value;

const OBJECTS: [&str; 2] = ["EntityDefinition", "FieldDefinition"];
/// What an org shows as the id of a definition.
const NO_ID: &str = "000000000000000AAA";

/// Whether records of an object are known by their names.
pub(super) fn has_names(object: &str) -> bool {
    OBJECTS.iter().any(|known| known.eq_ignore_ascii_case(object))
}

/// The record of this name.
pub(super) fn find(setup: &Org, object: &str, name: &str) -> Option<RecordId> {
    setup.find(object, "DurableId", &Value::text(name)).first().map(|record| record.id)
}

/// A row in which definitions, and those above and below them, are known by their names.
pub(super) fn named(setup: &Org, mut row: Json) -> Json {
    rename(setup, &mut row);
    row
}

fn rename(setup: &Org, json: &mut Json) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| rename(setup, item)),
        Json::Object(fields) => {
            fields.values_mut().for_each(|value| rename(setup, value));
            let url = fields.get("attributes").and_then(|about| about["url"].as_str());
            let Some((path, id)) = url.and_then(|url| url.rsplit_once('/')) else { return };
            let Some(name) = name(setup, id) else { return };
            fields["attributes"]["url"] = Json::from(format!("{path}/{name}"));
            if let Some(id) = fields.get_mut("Id") {
                *id = Json::from(NO_ID);
            }
        }
        _ => {}
    }
}

fn name(setup: &Org, id: &str) -> Option<String> {
    let (object, record) = setup.record(RecordId::parse(id)?)?;
    has_names(&object.name).then(|| record.value(object, "DurableId").to_text())
}
