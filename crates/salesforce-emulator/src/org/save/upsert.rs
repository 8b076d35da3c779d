//! Creating or changing a record, found by a key that is not its id.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::save::context::SaveContext;
use crate::org::save::convert::convert;
use crate::org::schema::{FieldType, ObjectType};
use crate::org::store::Org;
use crate::org::value::{Key, Value};

/// The key of an upsert, checked to be usable.
#[derive(Clone, Debug)]
pub(crate) struct UpsertKey {
    index: usize,
    value: Value,
}

/// What an upsert did.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Upserted {
    /// No record had the key, so one was made.
    Created(RecordId),
    /// The record with the key was changed.
    Updated(RecordId),
    /// Several records have the key, and none was changed.
    Ambiguous(Vec<RecordId>),
}

impl UpsertKey {
    /// Whether it is the record's own id.
    pub(crate) fn is_id(&self, object: &ObjectType) -> bool {
        object.fields()[self.index].kind == FieldType::Id
    }

    /// Whether the record does not say which one it is; without an id of its own it is simply new.
    pub(crate) fn is_missing(&self, object: &ObjectType) -> bool {
        self.value.is_null() && !self.is_id(object)
    }

    /// What finds equal keys.
    pub(crate) fn index_key(&self) -> Option<Key> {
        self.value.index_key()
    }

    /// The value as text.
    pub(crate) fn shown(&self) -> String {
        self.value.to_text()
    }

    /// Reads the key; `None` when the field cannot be a key.
    pub(crate) fn new(object: &ObjectType, field: &str, value: &Json) -> Option<SaveResult<Self>> {
        let index = object.visible_index(field)?;
        let field = &object.fields()[index];
        if !field.is_upsert_key() {
            return None;
        }
        Some(convert(field, value).map(|value| UpsertKey { index, value }).map_err(Into::into))
    }
}

impl Org {
    /// Changes the record with this key, or creates one.
    ///
    /// `update_only` forbids creating; a key that nothing matches is then an error.
    pub(crate) fn upsert(
        &mut self,
        context: &SaveContext<'_>,
        object: &Arc<ObjectType>,
        key: &UpsertKey,
        input: &Map<String, Json>,
        update_only: bool,
    ) -> SaveResult<Upserted> {
        let found = self.with_key(object, key);
        match found.as_slice() {
            [id] => self.update(context, object, *id, input).map(|()| Upserted::Updated(*id)),
            [] if update_only => {
                Err(SaveError::new("NOT_FOUND", "The requested resource does not exist").into())
            }
            [] => {
                let field = &object.fields()[key.index];
                let mut input = input.clone();
                if field.kind != FieldType::Id {
                    input.insert(field.name.clone(), key.value.to_json());
                } else if !key.value.is_null() {
                    return Err(SaveError::invalid_reference().into());
                }
                self.create(context, object, &input).map(Upserted::Created)
            }
            several => Ok(Upserted::Ambiguous(several.to_vec())),
        }
    }

    /// The visible records with this key.
    pub(crate) fn with_key(&self, object: &ObjectType, key: &UpsertKey) -> Vec<RecordId> {
        let field = &object.fields()[key.index];
        if let Value::Id(id) = key.value {
            return self.visible_record(id).into_iter().map(|(_, record)| record.id).collect();
        }
        let found = self.find(&object.name, &field.name, &key.value);
        let same = |value: &Value| !field.case_sensitive || *value == key.value;
        found
            .iter()
            .filter(|record| same(record.get(key.index)) && !self.hidden_records.contains(&record.id))
            .map(|record| record.id)
            .collect()
    }
}
