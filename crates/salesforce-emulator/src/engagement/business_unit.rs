//! One business unit: an account of Account Engagement with its own records.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value as Json;

use crate::engagement::exports::Exports;
use crate::engagement::row::{Row, number};
use crate::engagement::schema::{self, EngagementObject, FieldKind};
use crate::engagement::table::Table;
use crate::engagement::usage::RequestUsage;
use crate::org::ids::RecordId;
use crate::org::value::{Value, parse_datetime};

/// Who writes, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writer {
    /// The number of the user, if the business unit knows them.
    pub(crate) user: Option<u64>,
    /// The org's time.
    pub(crate) now: Timestamp,
}

/// One business unit.
#[derive(Debug)]
pub(crate) struct BusinessUnit {
    /// Its id, `0Uv…`.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Whether it answers.
    pub(crate) active: bool,
    /// Requests answered today.
    pub(crate) usage: RequestUsage,
    /// Its exports.
    pub(crate) exports: Exports,
    tables: BTreeMap<&'static str, Table>,
}

impl BusinessUnit {
    /// A business unit without records.
    pub(crate) fn new(id: &str, name: &str) -> Self {
        let table = |object: &'static EngagementObject| (object.collection.as_str(), Table::new(object));
        BusinessUnit {
            id: id.to_owned(),
            name: name.to_owned(),
            active: true,
            usage: RequestUsage::default(),
            exports: Exports::default(),
            tables: schema::objects().iter().map(table).collect(),
        }
    }

    /// The records of a collection.
    pub(crate) fn table(&self, collection: &str) -> Option<&Table> {
        self.tables.get(collection)
    }

    /// The records of a collection, to change them.
    pub(super) fn table_mut(&mut self, collection: &str) -> Option<&mut Table> {
        self.tables.get_mut(collection)
    }

    /// Every collection with its records.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.values()
    }

    /// A record that is not deleted.
    pub(crate) fn live(&self, collection: &str, id: u64) -> Option<&Arc<Row>> {
        let table = self.table(collection)?;
        table.get(id).filter(|row| !is_deleted(table.object, row))
    }

    /// A value of a record by the field's name.
    pub(crate) fn value(&self, collection: &str, row: &Row, name: &str) -> Value {
        let object = schema::object(collection);
        let place = object.and_then(|object| Some((object.index_of(name)?, object)));
        place.map(|(index, object)| row.shown(index, &object.fields[index])).unwrap_or_default()
    }

    /// The live records whose indexed field has this value.
    pub(crate) fn with(&self, collection: &str, field: &str, value: &Value) -> Vec<Arc<Row>> {
        let Some(table) = self.table(collection) else { return Vec::new() };
        let Some(index) = table.object.index_of(field) else { return Vec::new() };
        let ids = table.with(index, value, 0);
        ids.filter_map(|id| table.get(id)).filter(|row| !is_deleted(table.object, row)).cloned().collect()
    }

    /// The number of the user that this Salesforce user is here.
    pub(crate) fn user(&self, id: RecordId) -> Option<u64> {
        self.with("users", "salesforceId", &Value::text(&id.to_string())).first().map(|row| row.id)
    }

    /// Stores a record as if it had always been there; values are given by field name.
    ///
    /// Fields that the object does not have are an error, so that a misspelt one does not go unnoticed.
    pub(crate) fn seed(
        &mut self,
        collection: &str,
        values: &Map<String, Json>,
        now: Timestamp,
    ) -> Result<u64, String> {
        let table = self.tables.get_mut(collection).ok_or_else(|| format!("there is no {collection}"))?;
        let object = table.object;
        let id = values.get("id").and_then(Json::as_u64).unwrap_or_else(|| table.last_id() + 1);
        let mut row = Row::new(id);
        for name in ["createdAt", "updatedAt"] {
            if let Some(index) = object.index_of(name) {
                row.set(index, Value::DateTime(now));
            }
        }
        for (name, json) in values.iter().filter(|(name, _)| *name != "id") {
            let index = object.index_of(name).ok_or_else(|| format!("{collection} have no {name}"))?;
            row.set(index, read(&object.fields[index].kind, json).ok_or_else(|| format!("{name} is wrong"))?);
        }
        table.seed(row);
        Ok(id)
    }
}

/// Whether a record is in the recycle bin.
pub(super) fn is_deleted(object: &EngagementObject, row: &Row) -> bool {
    object.index_of("isDeleted").is_some_and(|index| row.get(index).is_true())
}

/// Reads the JSON value of a field; null is no value.
pub(super) fn read(kind: &FieldKind, json: &Json) -> Option<Value> {
    match (kind, json) {
        (_, Json::Null) => Some(Value::Null),
        (FieldKind::Text | FieldKind::Email, Json::String(text)) => Some(Value::text(text.trim())),
        (FieldKind::Text, Json::Number(number)) => Some(Value::text(&number.to_string())),
        (FieldKind::Boolean, Json::Bool(flag)) => Some(Value::Boolean(*flag)),
        (FieldKind::DateTime, Json::String(text)) => parse_datetime(text).map(Value::DateTime),
        (FieldKind::Id | FieldKind::Integer | FieldKind::Reference(_), Json::Number(given)) => {
            given.as_i64().map(Value::Integer)
        }
        (FieldKind::Id | FieldKind::Integer | FieldKind::Reference(_), Json::String(text)) => {
            text.parse().ok().map(number)
        }
        _ => None,
    }
}
