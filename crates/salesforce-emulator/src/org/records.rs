//! The rows of one object, with the indexes that find them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use super::ids::RecordId;
use super::schema::ObjectType;
use super::value::Value;

static NULL: Value = Value::Null;

/// One record: the values of the fields that have one, in schema order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    /// The record's id.
    pub(crate) id: RecordId,
    values: Vec<(u16, Value)>,
}

impl Record {
    /// A record without values.
    pub(crate) fn new(id: RecordId) -> Self {
        Record { id, values: Vec::new() }
    }

    /// The same values under another id.
    pub(crate) fn copy_as(&self, id: RecordId) -> Self {
        Record { id, values: self.values.clone() }
    }

    /// The value of the field at this place.
    pub(crate) fn get(&self, index: usize) -> &Value {
        let place = self.values.binary_search_by_key(&index, |(at, _)| usize::from(*at));
        place.map_or(&NULL, |place| &self.values[place].1)
    }

    /// Sets the value of the field at this place.
    pub(crate) fn set(&mut self, index: usize, value: Value) {
        let Ok(key) = u16::try_from(index) else { return };
        match self.values.binary_search_by_key(&key, |(at, _)| *at) {
            Ok(place) if value.is_null() => drop(self.values.remove(place)),
            Ok(place) => self.values[place].1 = value,
            Err(_) if value.is_null() => {}
            Err(place) => self.values.insert(place, (key, value)),
        }
    }

    /// The value of a field by name; null when the object has no such field.
    pub(crate) fn value(&self, object: &ObjectType, name: &str) -> &Value {
        object.index_of(name).map_or(&NULL, |index| self.get(index))
    }

    /// Sets a field by name; nothing happens when the object has no such field.
    pub(crate) fn put(&mut self, object: &ObjectType, name: &str, value: Value) {
        if let Some(index) = object.index_of(name) {
            self.set(index, value);
        }
    }

    /// Whether it is in the recycle bin.
    pub(crate) fn is_deleted(&self, object: &ObjectType) -> bool {
        object.deleted_index().is_some_and(|index| self.get(index).is_true())
    }
}

/// The rows of one object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    rows: BTreeMap<RecordId, Arc<Record>>,
    indexes: HashMap<usize, BTreeSet<(Arc<str>, RecordId)>>,
}

impl Table {
    /// A row by id, deleted or not.
    pub(crate) fn get(&self, id: RecordId) -> Option<&Arc<Record>> {
        self.rows.get(&id)
    }

    /// Every row, oldest first, deleted ones too.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &Arc<Record>> {
        self.rows.values()
    }

    /// How many rows there are, deleted ones too.
    pub(crate) fn count_all(&self) -> usize {
        self.rows.len()
    }

    /// Stores a row and returns the one it replaces.
    pub(crate) fn put(&mut self, object: &ObjectType, record: &Arc<Record>) -> Option<Arc<Record>> {
        let id = record.id;
        let old = self.rows.insert(id, Arc::clone(record));
        self.reindex(object, id, old.as_deref(), Some(record));
        old
    }

    /// Takes a row away altogether.
    pub(crate) fn remove(&mut self, object: &ObjectType, id: RecordId) -> Option<Arc<Record>> {
        let old = self.rows.remove(&id);
        self.reindex(object, id, old.as_deref(), None);
        old
    }

    /// The ids of the rows whose indexed field has this value; `None` when no index is kept on the field.
    pub(crate) fn find(&self, object: &ObjectType, index: usize, value: &Value) -> Option<Vec<RecordId>> {
        if !object.indexed().contains(&index) {
            return None;
        }
        let (Some(entries), Some(key)) = (self.indexes.get(&index), value.index_key()) else {
            return Some(Vec::new());
        };
        let from = Bound::Included((Arc::clone(&key), RecordId::LOWEST));
        let range = entries.range((from, Bound::Unbounded)).take_while(|(found, _)| *found == key);
        Some(range.map(|(_, id)| *id).collect())
    }

    /// Builds the index of a field that has just become indexed.
    pub(crate) fn rebuild(&mut self, object: &ObjectType) {
        self.indexes.clear();
        let rows: Vec<_> = self.rows.values().cloned().collect();
        for record in rows {
            self.reindex(object, record.id, None, Some(&record));
        }
    }

    fn reindex(&mut self, object: &ObjectType, id: RecordId, old: Option<&Record>, new: Option<&Record>) {
        for &index in object.indexed() {
            let before = old.and_then(|record| record.get(index).index_key());
            let after = new.and_then(|record| record.get(index).index_key());
            if before == after {
                continue;
            }
            let entries = self.indexes.entry(index).or_default();
            if let Some(key) = before {
                entries.remove(&(key, id));
            }
            if let Some(key) = after {
                entries.insert((key, id));
            }
        }
    }
}
