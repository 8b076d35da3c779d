//! Reading the JSON of control requests.

use serde_json::{Map, Value};

/// The objects of a list; a single object counts as a list of one.
pub(super) fn entries(value: &Value) -> Result<Vec<&Map<String, Value>>, String> {
    let items: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    };
    items
        .into_iter()
        .map(|item| item.as_object().ok_or_else(|| format!("{item} must be an object")))
        .collect()
}

/// A required text.
pub(super) fn text<'a>(entry: &'a Map<String, Value>, key: &str) -> Result<&'a str, String> {
    let text = entry.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.ok_or_else(|| format!("{key} is missing in {}", Value::Object(entry.clone())))
}

/// A list of texts; missing counts as empty.
pub(super) fn texts(entry: &Map<String, Value>, key: &str) -> Vec<String> {
    texts_of(entry.get(key))
}

/// The texts of a list; any other value counts as empty.
pub(super) fn texts_of(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
