//! `/composite/sobjects`: up to 200 records in one call.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::{bad_body, error, item_errors, not_found};
use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::save::{UpsertKey, Upserted};
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Key;
use crate::soql::eval::Reader;
use crate::soql::project::{field_column, row};

/// Records in one call.
const MAX: usize = 200;
const ROLLED_BACK: &str =
    "Record rolled back because not all records were valid and the request was using AllOrNone header";
const ATTRIBUTES_FIRST: &str =
    "Nested object for polymorphic foreign key must have an attributes field before any other fields.";

/// What became of one record.
struct Outcome {
    id: Option<RecordId>,
    created: Option<bool>,
    result: SaveResult<()>,
}

/// What a create without a type is told; the documentation only says that it is not well formed.
const UNTYPED: &str = "The attributes of a record must name its type at [line:1, column:1]";

/// Creates records.
pub(super) fn create(org: &mut Org, call: &Call) -> Answer {
    if names_no_type(call) {
        return bad_body(UNTYPED);
    }
    each(org, call, |org, record| {
        let Some(object) = typed(org, record) else { return missing_type(None) };
        let mut input = record.clone();
        // A null id is what some clients send for a record that has none yet.
        input.retain(|name, value| !(name.eq_ignore_ascii_case("id") && value.is_null()));
        match org.create(&call.save_context(), &object, &input) {
            Ok(id) => Outcome { id: Some(id), created: None, result: Ok(()) },
            Err(errors) => Outcome { id: None, created: None, result: Err(errors) },
        }
    })
}

/// Changes records.
pub(super) fn update(org: &mut Org, call: &Call) -> Answer {
    let mut seen = HashSet::new();
    each(org, call, |org, record| {
        let Some(object) = typed(org, record) else { return missing_type(None) };
        let (text, input) = without_id(record);
        let result = match object.own_id(&text) {
            Ok(id) if !seen.insert(id) => {
                Err(SaveError::on("Id", "DUPLICATE_VALUE", format!("duplicate id specified: {id}")).into())
            }
            Ok(id) => org.update(&call.save_context(), &object, id, &input).map(|()| id),
            Err(error) => Err(error.into()),
        };
        // A row that exists keeps its id in the answer even when the change failed.
        let known = RecordId::parse(&text).filter(|id| org.visible_record(*id).is_some());
        Outcome { id: known, created: None, result: result.map(|_| ()) }
    })
}

/// Creates or changes records by a key.
pub(super) fn upsert(org: &mut Org, call: &Call, object: &str, field: &str) -> Answer {
    let Some(object) = org.schema.visible(object).cloned() else { return not_found() };
    if UpsertKey::new(&object, field, &Json::Null).is_none() {
        let message = format!(
            "Field name provided, {field} does not match an External ID, Salesforce Id, or indexed field for {}",
            object.name
        );
        return error(400, "INVALID_FIELD", &message);
    }
    let repeated = repeated_keys(call, &object, field);
    each(org, call, |org, record| {
        if !record.contains_key("attributes") {
            return missing_type(Some(false));
        }
        let (value, input) = without(record, field);
        let value = value.unwrap_or(Json::Null);
        let done = match UpsertKey::new(&object, field, &value) {
            Some(Ok(key)) if key.is_missing(&object) => {
                Err(SaveError::on(field, "MISSING_ARGUMENT", format!("{field} not specified")).into())
            }
            Some(Ok(key)) if key.index_key().is_some_and(|key| repeated.contains(&key)) => {
                let message = format!("Duplicate external id specified: {}", key.shown());
                Err(SaveError::on(field, "DUPLICATE_VALUE", message).into())
            }
            Some(Ok(key)) => org.upsert(&call.save_context(), &object, &key, &input, false),
            Some(Err(errors)) => Err(errors),
            None => Err(SaveError::new("INVALID_FIELD", "no such key").into()),
        };
        match done {
            Ok(Upserted::Created(id)) => Outcome { id: Some(id), created: Some(true), result: Ok(()) },
            Ok(Upserted::Updated(id)) => Outcome { id: Some(id), created: Some(false), result: Ok(()) },
            Ok(Upserted::Ambiguous(ids)) => {
                let result = Err(SaveError::ambiguous(field, &ids).into());
                Outcome { id: None, created: Some(false), result }
            }
            Err(errors) => Outcome { id: None, created: Some(false), result: Err(errors) },
        }
    })
}

/// The keys that several records of one request have: none of these records is saved.
fn repeated_keys(call: &Call, object: &ObjectType, field: &str) -> HashSet<Key> {
    let body = call.object().ok();
    let records = body.as_ref().and_then(|body| body.get("records")).and_then(Json::as_array);
    let mut seen = HashSet::new();
    let keys = records.into_iter().flatten().filter_map(Json::as_object).filter_map(|record| {
        let (value, _) = without(record, field);
        UpsertKey::new(object, field, &value?)?.ok()?.index_key()
    });
    keys.filter(|key| !seen.insert(key.clone())).collect()
}

/// Puts records into the recycle bin.
pub(super) fn delete(org: &mut Org, call: &Call) -> Answer {
    let Some(ids) = call.parameter("ids").filter(|ids| !ids.is_empty()) else {
        return error(400, "REQUIRED_FIELD_MISSING", "The ids parameter is required");
    };
    let ids: Vec<String> = ids.split(',').map(|id| id.trim().to_owned()).collect();
    if ids.len() > MAX {
        return too_many();
    }
    let all_or_none = call.parameter("allOrNone").is_some_and(|all| all.eq_ignore_ascii_case("true"));
    save_together(org, all_or_none, &ids, |org, text| {
        let result = match RecordId::parse(text) {
            None => Err(SaveError::new("MALFORMED_ID", format!("malformed id {text}")).into()),
            Some(id) => match org.schema.object_of(id).cloned() {
                Some(object) => org.delete(&call.save_context(), &object, id),
                None => Err(SaveError::invalid_reference().into()),
            },
        };
        let known = RecordId::parse(text).filter(|_| result.is_ok());
        Outcome { id: known, created: None, result }
    })
}

/// Shows many records of one object; null stands where there is none.
pub(super) fn retrieve(org: &Org, call: &Call, object: &str) -> Answer {
    let Some(object) = org.schema.visible(object) else { return not_found() };
    let (ids, fields) = match asked(call) {
        Ok(asked) => asked,
        Err(answer) => return *answer,
    };
    let mut columns = Vec::new();
    for name in &fields {
        let Some(index) = object.visible_index(name) else {
            let message = format!("No such column '{name}' on sobject of type {}", object.name);
            return error(400, "INVALID_FIELD", &message);
        };
        columns.push(field_column(object, index));
    }
    let zone = jiff::tz::TimeZone::UTC;
    let reader = Reader {
        org,
        user: call.user,
        zone: &zone,
        version: call.version,
        all_rows: false,
        base_path: &call.base_path,
    };
    let shown = ids.iter().map(|text| {
        let record = RecordId::parse(text).and_then(|id| org.row(&object.name, id));
        let record = record.filter(|record| reader.reads(object, record));
        record.map_or(Json::Null, |record| row(&reader, &columns, object, record))
    });
    Answer::json(200, Json::Array(shown.collect()))
}

fn asked(call: &Call) -> Result<(Vec<String>, Vec<String>), Box<Answer>> {
    let missing = |name: &str| {
        Box::new(error(400, "REQUIRED_FIELD_MISSING", &format!("The {name} parameter is required")))
    };
    let (ids, fields): (Vec<String>, Vec<String>) = if call.reads() {
        let list = |name: &str| {
            let text = call.parameter(name).ok_or_else(|| missing(name))?;
            Ok::<_, Box<Answer>>(text.split(',').map(|part| part.trim().to_owned()).collect())
        };
        (list("ids")?, list("fields")?)
    } else {
        let body = call.object()?;
        let list = |name: &str| {
            let entries = body.get(name).and_then(Json::as_array).ok_or_else(|| missing(name))?;
            Ok::<_, Box<Answer>>(entries.iter().filter_map(Json::as_str).map(str::to_owned).collect())
        };
        (list("ids")?, list("fields")?)
    };
    if ids.len() > 2000 {
        return Err(Box::new(error(400, "EXCEEDED_ID_LIMIT", "cannot retrieve more than 2000 records")));
    }
    Ok((ids, fields))
}

fn each(org: &mut Org, call: &Call, save: impl FnMut(&mut Org, &Map<String, Json>) -> Outcome) -> Answer {
    let body = match call.object() {
        Ok(body) => body,
        Err(answer) => return *answer,
    };
    let Some(records) = body.get("records").and_then(Json::as_array) else {
        return bad_body("request may be missing a required field: records at [line:1, column:1]");
    };
    if records.len() > MAX {
        return too_many();
    }
    let Some(records) = records.iter().map(|record| record.as_object().cloned()).collect::<Option<Vec<_>>>()
    else {
        return bad_body("Cannot deserialize instance of sobject at [line:1, column:1]");
    };
    let all_or_none = body.get("allOrNone").and_then(Json::as_bool).unwrap_or(false);
    save_together(org, all_or_none, &records, save)
}

fn too_many() -> Answer {
    error(
        400,
        "EXCEEDED_ID_LIMIT",
        "record limit reached. cannot submit more than 200 records into this call",
    )
}

/// Saves each record by itself; with `all_or_none` one failure takes every other change back.
fn save_together<T>(
    org: &mut Org,
    all_or_none: bool,
    records: &[T],
    mut save: impl FnMut(&mut Org, &T) -> Outcome,
) -> Answer {
    let attempt = org.atomically(|org| {
        let outcomes: Vec<Outcome> = records.iter().map(|record| save(org, record)).collect();
        let failed = outcomes.iter().any(|outcome| outcome.result.is_err());
        if failed && all_or_none { Err(outcomes) } else { Ok(outcomes) }
    });
    let (outcomes, rolled_back) = match attempt {
        Ok(outcomes) => (outcomes, false),
        Err(outcomes) => (outcomes, true),
    };
    let shown = outcomes.into_iter().map(|outcome| {
        let made = outcome.created.unwrap_or(true);
        if rolled_back && outcome.result.is_ok() {
            let id = outcome.id.filter(|id| org.visible_record(*id).is_some());
            let error = SaveError::new("ALL_OR_NONE_OPERATION_ROLLED_BACK", ROLLED_BACK);
            Outcome { id, created: outcome.created.map(|_| made && id.is_none()), result: Err(error.into()) }
                .shown()
        } else {
            outcome.shown()
        }
    });
    Answer::json(200, Json::Array(shown.collect()))
}

impl Outcome {
    fn shown(self) -> Json {
        let mut item = Map::new();
        if let Some(id) = self.id {
            item.insert("id".to_owned(), json!(id.to_string()));
        }
        item.insert("success".to_owned(), json!(self.result.is_ok()));
        item.insert(
            "errors".to_owned(),
            Json::Array(self.result.err().as_deref().map(item_errors).unwrap_or_default()),
        );
        if let Some(created) = self.created {
            item.insert("created".to_owned(), json!(created));
        }
        Json::Object(item)
    }
}

/// Whether some record of a well-formed request does not say what it is.
fn names_no_type(call: &Call) -> bool {
    let body = call.object().ok();
    let records = body.as_ref().and_then(|body| body.get("records")).and_then(Json::as_array);
    records.is_some_and(|records| records.iter().any(|record| !record["attributes"]["type"].is_string()))
}

fn typed(org: &Org, record: &Map<String, Json>) -> Option<Arc<ObjectType>> {
    let name = record.get("attributes")?.get("type")?.as_str()?;
    org.schema.visible(name).cloned()
}

fn missing_type(created: Option<bool>) -> Outcome {
    let error = SaveError::new("JSON_PARSER_ERROR", ATTRIBUTES_FIRST);
    Outcome { id: None, created, result: Err(error.into()) }
}

fn without_id(record: &Map<String, Json>) -> (String, Map<String, Json>) {
    let (id, input) = without(record, "id");
    (id.as_ref().and_then(Json::as_str).unwrap_or_default().to_owned(), input)
}

/// One value of a record, whatever the case of its name, and all the others.
fn without(record: &Map<String, Json>, field: &str) -> (Option<Json>, Map<String, Json>) {
    let mut input = record.clone();
    let name = input.keys().find(|name| name.eq_ignore_ascii_case(field)).cloned();
    (name.and_then(|name| input.shift_remove(&name)), input)
}
