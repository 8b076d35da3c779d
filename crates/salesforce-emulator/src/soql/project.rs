//! The rows of a query as JSON.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::org::records::Record;
use crate::org::schema::{FieldType, ObjectType};
use crate::org::value::Value;
use crate::soql::activity_lists;
use crate::soql::eval::Reader;
use crate::soql::plan;
use crate::soql::prepared::{Column, Prepared};
use crate::soql::resolve::{generic, parent, stored};

/// The column of one field.
pub(crate) fn field_column(object: &ObjectType, index: usize) -> Column {
    let field = &object.fields()[index];
    if field.kind == FieldType::Address {
        Column::Address(field.name.clone())
    } else if field.kind == FieldType::Location {
        Column::Location(index, field.name.clone())
    } else {
        Column::Field(index, field.name.as_str().into(), field.is_long_text())
    }
}

impl Column {
    /// Its value for one record.
    pub(super) fn value(&self, reader: &Reader<'_>, object: &Arc<ObjectType>, record: &Arc<Record>) -> Json {
        match self {
            Column::Field(index, ..) => stored(object, record, *index).to_json(),
            Column::Generic(name) => generic(object, record, name).to_json(),
            Column::Address(name) => address(object, record, name),
            Column::Location(index, _) => location(object, record, *index),
            Column::Computed(_, operand) => reader.operand(operand, object, record).to_json(),
            Column::Parent(step, columns) => match parent(reader.org, object, record, step) {
                Some((object, record)) => row(reader, columns, &object, &record),
                None => Json::Null,
            },
            Column::TypeOf(step, branches, otherwise) => {
                let Some((object, record)) = parent(reader.org, object, record, step) else {
                    return Json::Null;
                };
                let branch = branches.iter().find(|(name, _)| *name == object.name);
                match branch.map(|(_, columns)| columns).or(otherwise.as_ref()) {
                    Some(columns) => row(reader, columns, &object, &record),
                    None => Json::Null,
                }
            }
            Column::Children(_, index, prepared) => child_rows(reader, *index, prepared, record),
        }
    }
}

fn child_rows(reader: &Reader<'_>, index: usize, prepared: &Prepared, record: &Arc<Record>) -> Json {
    let object = &prepared.object;
    let pointing = if activity_lists::is_list(object) {
        activity_lists::rows(reader, object, index, record)
    } else {
        pointing(reader, object, index, record)
    };
    let mut found: Vec<Arc<Record>> =
        pointing.into_iter().filter(|child| reader.reads(object, child)).collect();
    found.retain(|child| prepared.filter.as_ref().is_none_or(|filter| reader.holds(filter, object, child)));
    let found = prepared.arrange(reader, found);
    if found.is_empty() {
        return Json::Null;
    }
    let rows: Vec<Json> = found.iter().map(|child| row(reader, &prepared.columns, object, child)).collect();
    json!({"totalSize": rows.len(), "done": true, "records": rows})
}

/// The records of an object whose lookup leads to a record.
fn pointing(reader: &Reader<'_>, object: &ObjectType, index: usize, record: &Record) -> Vec<Arc<Record>> {
    let Some(table) = reader.org.table(&object.name) else { return Vec::new() };
    match table.find(object, index, &Value::Id(record.id)) {
        Some(ids) => ids.iter().filter_map(|id| table.get(*id)).cloned().collect(),
        None => table.rows().filter(|child| child.get(index).as_id() == Some(record.id)).cloned().collect(),
    }
}

/// One record as JSON: its attributes, then the columns in order.
pub(crate) fn row(
    reader: &Reader<'_>,
    columns: &[Column],
    object: &Arc<ObjectType>,
    record: &Arc<Record>,
) -> Json {
    let mut shown = Map::new();
    let url = format!("{}/sobjects/{}/{}", reader.base_path, object.name, record.id);
    shown.insert("attributes".to_owned(), json!({"type": object.name, "url": url}));
    for column in columns {
        shown.insert(column.key().to_owned(), column.value(reader, object, record));
    }
    Json::Object(shown)
}

/// A geolocation; half of one is none.
pub(crate) fn location(object: &ObjectType, record: &Record, index: usize) -> Json {
    let place = object.fields().get(index).and_then(|field| record.place(object, field));
    place.map_or(Json::Null, |(latitude, longitude)| json!({"latitude": latitude, "longitude": longitude}))
}

/// A compound address: null when every part is, else an object with all parts.
pub(crate) fn address(object: &ObjectType, record: &Record, name: &str) -> Json {
    let prefix = name.strip_suffix("Address").unwrap_or_default();
    let part = |suffix: &str| record.value(object, &format!("{prefix}{suffix}")).to_json();
    let parts = [
        ("city", part("City")),
        ("country", part("Country")),
        ("geocodeAccuracy", part("GeocodeAccuracy")),
        ("latitude", part("Latitude")),
        ("longitude", part("Longitude")),
        ("postalCode", part("PostalCode")),
        ("state", part("State")),
        ("street", part("Street")),
    ];
    if parts.iter().all(|(_, value)| value.is_null()) {
        return Json::Null;
    }
    let mut shown: Map<String, Json> =
        parts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    if object.visible_index(&format!("{prefix}CountryCode")).is_some() {
        shown.insert("countryCode".to_owned(), part("CountryCode"));
        shown.insert("stateCode".to_owned(), part("StateCode"));
        shown.sort_keys();
    }
    Json::Object(shown)
}

/// The records that satisfy a query's conditions, whatever its order and limits.
pub(crate) fn matching(reader: &Reader<'_>, prepared: &Prepared) -> Vec<Arc<Record>> {
    plan::matching(reader, &prepared.object, prepared.filter.as_ref(), usize::MAX)
}
