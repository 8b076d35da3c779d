//! `/sobjects/{object}/{field}/{value}`: records by external id, and records reached through a lookup.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::{error, no_such_key, not_found, not_saved};
use crate::http::sobjects::{self, Found, fields, location};
use crate::org::ids::RecordId;
use crate::org::save::{UpsertKey, Upserted};
use crate::org::schema::{FieldType, ObjectType};
use crate::org::store::Org;
use crate::org::value::Value;
use crate::soql::eval::Reader;
use crate::soql::project::{field_column, row};

/// Changes the record with this key, or creates it; or changes the record that a record's lookup leads to.
pub(super) fn patch(
    org: &mut Org,
    call: &Call,
    object: &Arc<ObjectType>,
    field: &str,
    value: &str,
) -> Answer {
    if names_record(object, field) {
        return match parent(org, object, field, value) {
            Ok((parent, id)) => sobjects::update(org, call, &parent, &id.to_string()),
            Err(answer) => *answer,
        };
    }
    let key = match UpsertKey::new(object, field, &json!(value)) {
        Some(Ok(key)) => key,
        Some(Err(_)) if is_own_id(object, field) => return not_found(),
        Some(Err(errors)) => return not_saved(&errors),
        None => return no_such_key(field),
    };
    let input = match fields(call) {
        Ok(input) => input,
        Err(answer) => return *answer,
    };
    if input.keys().any(|name| name.eq_ignore_ascii_case(field)) {
        let message = format!("The {field} field should not be specified in the sobject data.");
        return error(400, "INVALID_FIELD", &message);
    }
    // A record id that matches nothing is never created.
    let update_only = key.is_id(object)
        || call.parameter("updateOnly").is_some_and(|only| only.eq_ignore_ascii_case("true"));
    let done = |status: u16, id: RecordId, created: bool| {
        let mut body = json!({"id": id.to_string(), "success": true, "errors": []});
        if call.version >= 46 {
            body["created"] = json!(created);
        }
        Answer::json(status, body).with("Location", location(call, object, id))
    };
    match org.upsert(&call.save_context(), object, &key, &input, update_only) {
        Ok(Upserted::Created(id)) => done(201, id, true),
        Ok(Upserted::Updated(_)) if call.version < 46 => Answer::empty(204),
        Ok(Upserted::Updated(id)) => done(200, id, false),
        Ok(Upserted::Ambiguous(ids)) => choices(call, object, &ids),
        Err(errors) => not_saved(&errors),
    }
}

/// Deletes the record with this key, or the record that a record's lookup leads to.
pub(super) fn delete(
    org: &mut Org,
    call: &Call,
    object: &Arc<ObjectType>,
    field: &str,
    value: &str,
) -> Answer {
    if names_record(object, field) {
        return match parent(org, object, field, value) {
            Ok((parent, id)) => sobjects::delete(org, call, &parent, &id.to_string()),
            Err(answer) => *answer,
        };
    }
    match by_key(org, call, object, field, value) {
        Ok(id) => sobjects::delete(org, call, object, &id.to_string()),
        Err(answer) => *answer,
    }
}

/// Shows the record with this key, or what a record's lookup or list leads to.
pub(super) fn get(org: &Org, call: &Call, object: &Arc<ObjectType>, first: &str, second: &str) -> Answer {
    if names_record(object, first) {
        return related(org, call, object, first, second);
    }
    match by_key(org, call, object, first, second) {
        Ok(id) => sobjects::get(org, call, object, &id.to_string()),
        Err(answer) => *answer,
    }
}

fn by_key(
    org: &Org,
    call: &Call,
    object: &ObjectType,
    field: &str,
    value: &str,
) -> Result<RecordId, Box<Answer>> {
    let key = match UpsertKey::new(object, field, &json!(value)) {
        Some(Ok(key)) => key,
        Some(Err(_)) => return Err(Box::new(not_found())),
        None => return Err(Box::new(no_such_key(field))),
    };
    match org.with_key(object, &key).as_slice() {
        [id] => Ok(*id),
        [] => Err(Box::new(not_found())),
        several => Err(Box::new(choices(call, object, several))),
    }
}

/// Whether a part of the path is the id of a record rather than the name of a field.
fn names_record(object: &ObjectType, part: &str) -> bool {
    RecordId::parse(part).is_some() && object.visible_index(part).is_none()
}

/// The record that a record's lookup leads to. A list leads to no single record.
fn parent(
    org: &Org,
    object: &ObjectType,
    id: &str,
    name: &str,
) -> Result<(Arc<ObjectType>, RecordId), Box<Answer>> {
    let record = match sobjects::find(org, object, id) {
        Found::Record(record) => record,
        Found::Nothing(answer) => return Err(answer),
    };
    let target = object.relationship(name).and_then(|index| record.get(index).as_id());
    let found = target.and_then(|target| org.visible_record(target));
    found.map(|(kind, record)| (Arc::clone(kind), record.id)).ok_or_else(|| Box::new(not_found()))
}

fn is_own_id(object: &ObjectType, field: &str) -> bool {
    object.visible_index(field).is_some_and(|index| object.fields()[index].kind == FieldType::Id)
}

fn choices(call: &Call, object: &ObjectType, ids: &[RecordId]) -> Answer {
    Answer::json(300, Json::Array(ids.iter().map(|id| json!(location(call, object, *id))).collect()))
}

fn related(org: &Org, call: &Call, object: &Arc<ObjectType>, id: &str, name: &str) -> Answer {
    let record = match sobjects::find(org, object, id) {
        Found::Record(record) => record,
        Found::Nothing(answer) => return *answer,
    };
    if let Some(index) = object.relationship(name) {
        let target = record.get(index).as_id().and_then(|id| org.visible_record(id));
        return match target {
            Some((object, record)) => sobjects::show(org, call, object, record),
            None => not_found(),
        };
    }
    let Some(list) = org.schema.child_list(&object.name, name) else { return not_found() };
    let zone = jiff::tz::TimeZone::UTC;
    let reader = Reader {
        org,
        user: call.user,
        zone: &zone,
        version: call.version,
        all_rows: false,
        base_path: &call.base_path,
    };
    let columns: Vec<_> =
        list.object.visible_fields().map(|(index, _)| field_column(list.object, index)).collect();
    let children = org.find(&list.object.name, &list.field.name, &Value::Id(record.id));
    let seen = children.iter().filter(|child| reader.reads(list.object, child));
    let rows: Vec<Json> = seen.map(|child| row(&reader, &columns, list.object, child)).collect();
    Answer::json(200, json!({"totalSize": rows.len(), "done": true, "records": rows}))
}
