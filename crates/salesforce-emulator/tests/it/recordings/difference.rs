//! Differences between two responses that a client could notice.

use serde_json::Value;

/// Compares the shapes of two answers: keys and their order, types, codes and messages; never ids or dates.
pub(super) fn shapes(recorded: &Value, ours: &Value, at: &str, differences: &mut Vec<String>) {
    match (recorded, ours) {
        (Value::Object(theirs), Value::Object(own)) => {
            for key in theirs.keys().filter(|key| !own.contains_key(*key) && !key.starts_with('_')) {
                differences.push(format!("{at}.{key} is missing"));
            }
            for key in own.keys().filter(|key| !theirs.contains_key(*key)) {
                differences.push(format!("{at}.{key} is not recorded"));
            }
            let common = |one: &serde_json::Map<String, Value>, other: &serde_json::Map<String, Value>| {
                one.keys().filter(|key| other.contains_key(*key)).cloned().collect::<Vec<_>>()
            };
            if common(theirs, own) != common(own, theirs) {
                differences.push(format!("{at} has its keys in another order"));
            }
            for (key, value) in theirs {
                if let Some(other) = own.get(key) {
                    scalar_facts(key, value, other, at, differences);
                    shapes(value, other, &format!("{at}.{key}"), differences);
                }
            }
        }
        (Value::Array(theirs), Value::Array(own)) => {
            if let (Some(first), Some(other)) = (theirs.first(), own.first()) {
                shapes(first, other, &format!("{at}[]"), differences);
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        (theirs, own) if kind(theirs) != kind(own) => {
            differences.push(format!("{at} is {} instead of {}", kind(own), kind(theirs)));
        }
        _ => {}
    }
}

/// Codes and messages are facts, not data.
fn scalar_facts(key: &str, recorded: &Value, ours: &Value, at: &str, differences: &mut Vec<String>) {
    let facts =
        ["errorCode", "statusCode", "message", "success", "created", "done", "httpStatusCode", "error"];
    if facts.contains(&key) && recorded != ours {
        differences.push(format!("{at}.{key} is {ours} instead of {recorded}"));
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
        Value::String(text) if text.len() == 28 && text.ends_with("+0000") => "a moment",
        Value::String(text) if is_id(text) => "an id",
        Value::String(_) => "a text",
    }
}

/// Whether a text is an 18-character id.
pub(super) fn is_id(text: &str) -> bool {
    let known = ["001", "003", "005", "006", "00D", "00Q", "a00", "00e", "012", "500", "750"];
    text.len() == 18
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && known.iter().any(|prefix| text.starts_with(prefix))
}
