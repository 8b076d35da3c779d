//! The rows of one object, with the indexes that find them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::org::ids::RecordId;
use crate::org::index::Index;
use crate::org::schema::{Field, ObjectType};
use crate::org::value::Value;

static NULL: Value = Value::Null;

/// One record: the values of the fields that have one, in schema order.
///
/// Records made from one template share its values until they are given their own.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// The record's id.
    pub(crate) id: RecordId,
    template: Option<Arc<[(u16, Value)]>>,
    /// Values of its own; a null here hides the template's.
    values: Vec<(u16, Value)>,
}

impl Record {
    /// A record without values.
    pub(crate) fn new(id: RecordId) -> Self {
        Record { id, template: None, values: Vec::new() }
    }

    /// A record that shares the values of a template and has room for its own.
    pub(crate) fn from_template(id: RecordId, template: &Arc<[(u16, Value)]>, room: usize) -> Self {
        Record { id, template: Some(Arc::clone(template)), values: Vec::with_capacity(room) }
    }

    /// Its own values as a template for others.
    pub(crate) fn into_template(self) -> Arc<[(u16, Value)]> {
        Arc::from(self.values)
    }

    /// The value of the field at this place.
    pub(crate) fn get(&self, index: usize) -> &Value {
        place(&self.values, index)
            .or_else(|| self.template.as_deref().and_then(|template| place(template, index)))
            .unwrap_or(&NULL)
    }

    /// Sets the value of the field at this place.
    pub(crate) fn set(&mut self, index: usize, value: Value) {
        let Ok(key) = u16::try_from(index) else { return };
        let hides = self.template.as_deref().is_some_and(|template| place(template, index).is_some());
        match self.values.binary_search_by_key(&key, |(at, _)| *at) {
            Ok(place) if value.is_null() && !hides => drop(self.values.remove(place)),
            Ok(place) => self.values[place].1 = value,
            Err(_) if value.is_null() && !hides => {}
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

    /// Latitude and longitude of an address or a geolocation; half a place is none, and neither is one off the earth.
    pub(crate) fn place(&self, object: &ObjectType, field: &Field) -> Option<(f64, f64)> {
        let (latitude, longitude) = field.place_names()?;
        let number = |name: &str, most: f64| {
            self.value(object, name).as_number().filter(|number| number.abs() <= most)
        };
        Some((number(&latitude, 90.0)?, number(&longitude, 180.0)?))
    }

    /// Whether it is in the recycle bin.
    pub(crate) fn is_deleted(&self, object: &ObjectType) -> bool {
        object.deleted_index().is_some_and(|index| self.get(index).is_true())
    }

    /// Whether it is an activity of long ago.
    pub(crate) fn is_archived(&self, object: &ObjectType) -> bool {
        object.archived_index().is_some_and(|index| self.get(index).is_true())
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        let shared = |record: &Self| record.template.clone().unwrap_or_else(|| Arc::from([]));
        let (left, right) = (shared(self), shared(other));
        let same_template = Arc::ptr_eq(&left, &right);
        let templates = [left, right];
        let shared = templates.iter().filter(|_| !same_template).flat_map(|template| template.iter());
        let places =
            self.values.iter().chain(&other.values).chain(shared).map(|(place, _)| usize::from(*place));
        self.id == other.id && places.into_iter().all(|place| self.get(place) == other.get(place))
    }
}

fn place(values: &[(u16, Value)], index: usize) -> Option<&Value> {
    let place = values.binary_search_by_key(&index, |(at, _)| usize::from(*at));
    place.ok().map(|place| &values[place].1)
}

/// The rows of one object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    rows: BTreeMap<RecordId, Arc<Record>>,
    /// How many of them are in the recycle bin: counting a million records would be slow.
    deleted: usize,
    indexes: HashMap<usize, Index>,
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

    /// How many rows are not deleted.
    pub(crate) fn count_live(&self) -> usize {
        self.rows.len() - self.deleted
    }

    /// Stores a row and returns the one it replaces.
    pub(crate) fn put(&mut self, object: &ObjectType, record: &Arc<Record>) -> Option<Arc<Record>> {
        let id = record.id;
        let old = self.rows.insert(id, Arc::clone(record));
        self.deleted += usize::from(record.is_deleted(object));
        self.deleted -= usize::from(old.as_ref().is_some_and(|record| record.is_deleted(object)));
        self.reindex(object, id, old.as_deref(), Some(record));
        old
    }

    /// Takes a row away altogether.
    pub(crate) fn remove(&mut self, object: &ObjectType, id: RecordId) -> Option<Arc<Record>> {
        let old = self.rows.remove(&id);
        self.deleted -= usize::from(old.as_ref().is_some_and(|record| record.is_deleted(object)));
        self.reindex(object, id, old.as_deref(), None);
        old
    }

    /// The ids of the rows whose indexed field has this value; `None` when no index is kept on the field.
    pub(crate) fn find(&self, object: &ObjectType, index: usize, value: &Value) -> Option<Vec<RecordId>> {
        let entries = self.index(object, index)?;
        Some(value.index_key().map_or_else(Vec::new, |key| entries.find(&key).collect()))
    }

    /// What the index on a field knows; `None` when no index is kept on it.
    pub(crate) fn index(&self, object: &ObjectType, index: usize) -> Option<&Index> {
        static NOTHING: Index = Index::empty();
        object.indexed().contains(&index).then(|| self.indexes.get(&index).unwrap_or(&NOTHING))
    }

    /// Builds the index of a field that has just become indexed.
    pub(crate) fn rebuild(&mut self, object: &ObjectType) {
        self.indexes.clear();
        let rows: Vec<_> = self.rows.values().cloned().collect();
        self.deleted = rows.iter().filter(|record| record.is_deleted(object)).count();
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
                entries.remove(&key, id);
            }
            if let Some(key) = after {
                entries.insert(key, id);
            }
        }
    }
}
