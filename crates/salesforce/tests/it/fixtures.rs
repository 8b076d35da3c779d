//! Responses recorded from real orgs, which are not part of the repository.

use std::path::PathBuf;

use serde_json::Value;

/// Reads a recording; `None` where the folder is absent, so that the test passes without it.
pub(crate) fn load(name: &str) -> Option<Value> {
    let shared = std::env::var_os("TSUGITE_SHARED").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let path = shared.unwrap_or_else(beside).join("fixtures").join(format!("{name}.json"));
    let text = std::fs::read(path).ok()?;
    Some(serde_json::from_slice(&text).unwrap())
}

/// Every value under `key`, however deep.
pub(crate) fn find_all<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    let inner: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(map) => map.values().collect(),
        _ => Vec::new(),
    };
    let here = value.get(key).into_iter();
    here.chain(inner.into_iter().flat_map(|inner| find_all(inner, key))).collect()
}
