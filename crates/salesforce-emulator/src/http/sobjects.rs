//! `/sobjects/{object}` and `/sobjects/{object}/{id}`: one record at a time.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::conditions;
use crate::http::error::{bad_body, error, no_such_key, not_found, not_saved};
use crate::http::middleware::last_modified;
use crate::org::error::SaveError;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::soql::eval::Reader;
use crate::soql::project::{field_column, row};

/// What an id in the path leads to.
pub(super) enum Found {
    /// A record.
    Record(Arc<Record>),
    /// Nothing that may be seen; this is the answer.
    Nothing(Box<Answer>),
}

/// Finds the record an id in the path stands for.
pub(super) fn find(org: &Org, object: &ObjectType, text: &str) -> Found {
    let Some(id) = RecordId::parse(text) else { return Found::Nothing(Box::new(no_such_key(text))) };
    match org.row(&object.name, id).filter(|_| !org.hidden_records.contains(&id)) {
        Some(record) if record.is_deleted(object) => {
            Found::Nothing(Box::new(not_saved(&[SaveError::deleted()])))
        }
        Some(record) => Found::Record(Arc::clone(record)),
        None if id.prefix() == object.prefix => Found::Nothing(Box::new(not_found())),
        None => Found::Nothing(Box::new(no_such_key(text))),
    }
}

/// Creates a record.
pub(super) fn create(org: &mut Org, call: &Call, object: &Arc<ObjectType>) -> Answer {
    let input = match fields(call) {
        Ok(input) => input,
        Err(answer) => return *answer,
    };
    match org.create(&call.save_context(), object, &input) {
        Ok(id) => Answer::json(201, json!({"id": id.to_string(), "success": true, "errors": []}))
            .with("Location", location(call, object, id)),
        Err(errors) => not_saved(&errors),
    }
}

/// Changes a record.
pub(super) fn update(org: &mut Org, call: &Call, object: &Arc<ObjectType>, text: &str) -> Answer {
    let record = match find(org, object, text) {
        Found::Record(record) => record,
        Found::Nothing(answer) => return *answer,
    };
    if let Some(answer) = conditions::unmet(call, object, &record) {
        return answer;
    }
    let input = match fields(call) {
        Ok(input) => input,
        Err(answer) => return *answer,
    };
    if input.keys().any(|name| name.eq_ignore_ascii_case("id")) {
        let message = "The Id field should not be specified in the sobject data.";
        return not_saved(&[SaveError::on("Id", "INVALID_FIELD", message)]);
    }
    match org.update(&call.save_context(), object, record.id, &input) {
        Ok(()) => Answer::empty(204),
        Err(errors) => not_saved(&errors),
    }
}

/// Puts a record into the recycle bin.
pub(super) fn delete(org: &mut Org, call: &Call, object: &Arc<ObjectType>, text: &str) -> Answer {
    let record = match find(org, object, text) {
        Found::Record(record) => record,
        Found::Nothing(answer) => return *answer,
    };
    if let Some(answer) = conditions::unmet(call, object, &record) {
        return answer;
    }
    match org.delete(&call.save_context(), object, record.id) {
        Ok(()) => Answer::empty(204),
        Err(errors) => not_saved(&errors),
    }
}

/// Shows a record: every readable field, or those asked for.
pub(super) fn get(org: &Org, call: &Call, object: &Arc<ObjectType>, text: &str) -> Answer {
    match find(org, object, text) {
        Found::Record(record) => show(org, call, object, &record),
        Found::Nothing(answer) => *answer,
    }
}

/// Shows a record that has been found.
pub(super) fn show(org: &Org, call: &Call, object: &Arc<ObjectType>, record: &Arc<Record>) -> Answer {
    let mut columns = Vec::new();
    match call.parameter("fields") {
        Some(names) => {
            for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                let Some(index) = object.visible_index(name) else {
                    let message = format!("No such column '{name}' on sobject of type {}", object.name);
                    return error(400, "INVALID_FIELD", &message);
                };
                columns.push(field_column(object, index));
            }
        }
        None => columns.extend(object.visible_fields().map(|(index, _)| field_column(object, index))),
    }
    let zone = jiff::tz::TimeZone::UTC;
    let reader = Reader {
        org,
        user: call.user,
        zone: &zone,
        version: call.version,
        all_rows: true,
        base_path: &call.base_path,
    };
    if let Some(answer) = conditions::unmet(call, object, record) {
        return answer;
    }
    let mut answer = Answer::json(200, row(&reader, &columns, object, record));
    if let Some(tag) = conditions::etag(call, object, record) {
        answer = answer.with("ETag", tag);
    }
    match record.value(object, "SystemModstamp").as_datetime() {
        Some(modified) => answer.with("Last-Modified", last_modified::print(modified)),
        None => answer,
    }
}

/// The address of a record.
pub(super) fn location(call: &Call, object: &ObjectType, id: RecordId) -> String {
    format!("{}/sobjects/{}/{id}", call.base_path, object.name)
}

/// The field values in the body.
pub(super) fn fields(call: &Call) -> Result<Map<String, Json>, Box<Answer>> {
    let kind = call.header("content-type").unwrap_or("application/json").to_ascii_lowercase();
    if !kind.contains("json") {
        let message = format!("Content-Type header specified in HTTP request is not supported: {kind}");
        return Err(Box::new(error(415, "UNSUPPORTED_MEDIA_TYPE", &message)));
    }
    let fields = call.object()?;
    if let Some(attributes) = fields.get("attributes")
        && !attributes.is_object()
    {
        return Err(Box::new(bad_body("Cannot deserialize instance of attributes")));
    }
    Ok(fields)
}
