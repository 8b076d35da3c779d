//! A row as named values.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::SalesforceId;

/// A row: what a query returned, or what is to be written.
///
/// Names are compared without regard to case, as the API does (contract 2.1). A value of `null`
/// clears a field when written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Record(Map<String, Value>);

impl Record {
    /// An empty row of an object, to be filled and written.
    pub fn of(object: &str) -> Self {
        // Attributes come first: nested polymorphic rows are refused otherwise (contract 2.5).
        Self(Map::from_iter([("attributes".to_owned(), json!({ "type": object }))]))
    }

    /// Sets a field; `null` clears it in the org.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        let known = self.0.keys().find(|name| name.eq_ignore_ascii_case(field)).cloned();
        self.0.insert(known.unwrap_or_else(|| field.to_owned()), value.into());
    }

    /// The row with a field set.
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.set(field, value);
        self
    }

    /// The row with its id, as updates of collections need it.
    pub fn with_id(self, id: &SalesforceId) -> Self {
        self.with("Id", id.as_str())
    }

    /// Takes a field out, so that it is not written.
    pub fn remove(&mut self, field: &str) -> Option<Value> {
        let known = self.0.keys().find(|name| name.eq_ignore_ascii_case(field)).cloned()?;
        self.0.shift_remove(&known)
    }

    /// The object, from the row's attributes. For a parent reached through a polymorphic lookup it may
    /// say `Name`: decide by the id's prefix there (contract 2.9).
    pub fn object(&self) -> Option<&str> {
        self.0.get("attributes")?.get("type")?.as_str()
    }

    /// The row's id, when it was selected and is one.
    pub fn id(&self) -> Option<SalesforceId> {
        self.reference("Id")
    }

    /// A value by field name or path through parents (`Owner.Name`); `None` when absent or null anywhere.
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.find(path).filter(|value| !value.is_null())
    }

    /// A value by field name or path; null below a parent that is null, `None` only when it was not selected.
    pub(crate) fn find(&self, path: &str) -> Option<&Value> {
        let mut parts = path.split('.');
        let first = field(&self.0, parts.next()?)?;
        parts.try_fold(first, |value, part| match value {
            Value::Null => Some(value),
            parent => field(parent.as_object()?, part),
        })
    }

    /// A text by field name or path.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.get(path)?.as_str()
    }

    /// A truth value by field name or path.
    pub fn boolean(&self, path: &str) -> Option<bool> {
        self.get(path)?.as_bool()
    }

    /// An id by field name or path.
    pub fn reference(&self, path: &str) -> Option<SalesforceId> {
        self.text(path)?.parse().ok()
    }

    /// The rows of a child subquery; none when the org answered null.
    pub fn children(&self, relationship: &str) -> Vec<Self> {
        let records = self.get(relationship).and_then(|block| block.get("records")).and_then(Value::as_array);
        let rows = records.into_iter().flatten().filter_map(Value::as_object);
        rows.map(|row| Self(row.clone())).collect()
    }

    /// The row as a type of the caller's, by its field names.
    ///
    /// # Errors
    /// When a value does not fit; the text may show the value.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(&self.0)
    }

    /// Names and values without the attributes.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().filter(|(name, _)| *name != "attributes").map(|(name, value)| (name.as_str(), value))
    }

    /// The body of a single create or update: no attributes, no id, which stands in the address.
    pub(crate) fn to_single(&self) -> Value {
        let fields = self.fields().filter(|(name, _)| !name.eq_ignore_ascii_case("Id"));
        Value::Object(fields.map(|(name, value)| (name.to_owned(), value.clone())).collect())
    }

    /// The row as a collection takes it.
    pub(crate) fn to_value(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

fn field<'a>(row: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    row.get(name)
        .or_else(|| row.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}
