//! One record of Account Engagement.

use crate::engagement::schema::{EngagementField, FieldKind};
use crate::org::value::Value;

static NULL: Value = Value::Null;

/// One record: its number, and the values of the fields that have one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// Its number.
    pub(crate) id: u64,
    values: Vec<(u16, Value)>,
}

impl Row {
    /// A row without values.
    pub(crate) fn new(id: u64) -> Self {
        Row { id, values: Vec::new() }
    }

    /// The value of the field at this place, the number itself not included.
    pub(crate) fn get(&self, index: usize) -> &Value {
        let place = self.values.binary_search_by_key(&index, |(at, _)| usize::from(*at));
        place.map_or(&NULL, |place| &self.values[place].1)
    }

    /// The value of a field; a truth value that was never set is false.
    pub(crate) fn shown(&self, index: usize, field: &EngagementField) -> Value {
        match (&field.kind, self.get(index)) {
            (FieldKind::Id, _) => number(self.id),
            (FieldKind::Boolean, Value::Null) => Value::Boolean(false),
            (_, value) => value.clone(),
        }
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
}

/// A record's number as a value.
pub(super) fn number(id: u64) -> Value {
    Value::Integer(i64::try_from(id).unwrap_or(i64::MAX))
}
