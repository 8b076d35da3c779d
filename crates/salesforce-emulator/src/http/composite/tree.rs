//! `/composite/tree/{object}`: records with their children, saved together or not at all.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::{bad_body, error, item_errors, not_found};
use crate::org::error::SaveError;
use crate::org::ids::RecordId;
use crate::org::schema::ObjectType;
use crate::org::store::Org;

/// Records in one request.
const MAX: usize = 200;
/// Generations of records.
const DEEPEST: usize = 5;
/// Different objects.
const MAX_OBJECTS: usize = 5;

/// A record that was made, or why it was not.
type Made = Result<RecordId, Vec<SaveError>>;

/// Saves the trees.
pub(in crate::http) fn post(org: &mut Org, call: &Call, object: &str) -> Answer {
    let Some(object) = org.schema.visible(object).cloned() else { return not_found() };
    let body = match call.object() {
        Ok(body) => body,
        Err(answer) => return *answer,
    };
    let Some(records) = body.get("records").and_then(Json::as_array) else {
        return bad_body("request may be missing a required field: records at [line:1, column:1]");
    };
    let mut planned = Vec::new();
    if let Err(message) = plan(org, &object, records, None, 1, &mut planned) {
        return error(400, "INVALID_INPUT", &message);
    }
    let objects: HashSet<&str> = planned.iter().map(|node| node.object.name.as_str()).collect();
    let references: HashSet<&str> = planned.iter().map(|node| node.reference.as_str()).collect();
    if planned.len() > MAX || objects.len() > MAX_OBJECTS {
        let message = format!("The request exceeds the limit of {MAX} records or {MAX_OBJECTS} objects");
        return error(400, "INVALID_INPUT", &message);
    }
    if references.len() < planned.len() {
        return error(400, "INVALID_INPUT", "Every referenceId must be unique within the request");
    }
    let saved = org.atomically(|org| {
        let made = save(org, call, &planned);
        if made.iter().all(|made| made.as_ref().is_none_or(Result::is_ok)) { Ok(made) } else { Err(made) }
    });
    answer(&planned, saved)
}

struct Node {
    object: Arc<ObjectType>,
    reference: String,
    fields: Map<String, Json>,
    /// The record it belongs to, by its place, and the lookup that says so.
    parent: Option<(usize, String)>,
}

/// Lays the records out, parents before their children.
fn plan(
    org: &Org,
    object: &Arc<ObjectType>,
    records: &[Json],
    parent: Option<(usize, &str)>,
    depth: usize,
    planned: &mut Vec<Node>,
) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("The request exceeds the limit of {DEEPEST} levels"));
    }
    for record in records {
        let entries = record.as_object().ok_or("a record must be an object")?;
        let attribute = |name: &str| record.pointer(&format!("/attributes/{name}")).and_then(Json::as_str);
        let reference = attribute("referenceId").filter(|reference| !reference.is_empty());
        let reference = reference.ok_or("Include a reference ID for each record in the request.")?.to_owned();
        if !attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case(&object.name)) {
            return Err(format!("The type of {reference} must be {}", object.name));
        }
        let is_list = |value: &Json| value.get("records").is_some_and(Json::is_array);
        let plain = entries.iter().filter(|(name, value)| *name != "attributes" && !is_list(value));
        let place = planned.len();
        planned.push(Node {
            object: Arc::clone(object),
            reference,
            fields: plain.map(|(name, value)| (name.clone(), value.clone())).collect(),
            parent: parent.map(|(place, lookup)| (place, lookup.to_owned())),
        });
        for (name, list) in entries.iter().filter(|(_, value)| is_list(value)) {
            let child = org.schema.child_list(&object.name, name);
            let child = child.ok_or_else(|| format!("No such relation '{name}' on {}", object.name))?;
            let records = list["records"].as_array().map(Vec::as_slice).unwrap_or_default();
            plan(org, child.object, records, Some((place, &child.field.name)), depth + 1, planned)?;
        }
    }
    Ok(())
}

/// What became of each record; nothing for those whose parent was not made.
fn save(org: &mut Org, call: &Call, planned: &[Node]) -> Vec<Option<Made>> {
    let mut made: Vec<Option<Made>> = Vec::new();
    for node in planned {
        let mut fields = node.fields.clone();
        if let Some((place, lookup)) = &node.parent {
            let Some(Some(Ok(parent))) = made.get(*place) else {
                made.push(None);
                continue;
            };
            fields.insert(lookup.clone(), json!(parent.to_string()));
        }
        made.push(Some(org.create(&call.save_context(), &node.object, &fields)));
    }
    made
}

fn answer(planned: &[Node], saved: Result<Vec<Option<Made>>, Vec<Option<Made>>>) -> Answer {
    let (made, failed) = match saved {
        Ok(made) => (made, false),
        Err(made) => (made, true),
    };
    let results = planned.iter().zip(made).filter_map(|(node, made)| match made {
        Some(Ok(id)) if !failed => Some(json!({"referenceId": node.reference, "id": id.to_string()})),
        Some(Err(errors)) => Some(json!({"referenceId": node.reference, "errors": item_errors(&errors)})),
        _ => None,
    });
    let results: Vec<Json> = results.collect();
    Answer::json(if failed { 400 } else { 201 }, json!({"hasErrors": failed, "results": results}))
}
