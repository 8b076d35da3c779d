//! The words of the inspector, which runs on the customer's page and has no catalogue of its own.

use crate::text::translator::Translator;
use domain::tag::{Grade, STANDARD_PROPERTIES};
use serde_json::{Map, Value, json};

/// Texts of the inspector, as its script names them.
pub const INSPECTOR_TEXTS: [&str; 45] = [
    "title",
    "fold",
    "unfold",
    "close",
    "over",
    "comma",
    "forms",
    "none",
    "mapped",
    "unmapped",
    "off",
    "login",
    "found",
    "found_none",
    "missing",
    "map",
    "edit",
    "name",
    "automatic",
    "nothing",
    "other",
    "key",
    "key_missing",
    "nameless",
    "pick",
    "pick_on",
    "picked",
    "not_here",
    "twice",
    "save",
    "saved",
    "cancel",
    "failed",
    "happened",
    "happened_hint",
    "log_page",
    "log_submit",
    "log_request",
    "log_grade",
    "log_values",
    "log_no_values",
    "log_off",
    "log_offered",
    "log_csp",
    "vendor",
];

/// What can have happened to a form, as the tag names it.
pub const EVIDENCE: [&str; 11] = [
    "submit",
    "formdata",
    "navigate",
    "click",
    "confirm_step",
    "next_page",
    "form_gone",
    "moved",
    "still_there",
    "status_error",
    "api",
];

/// Every text by its name; where a value belongs, its name stands in braces.
pub fn texts(t: &Translator) -> Value {
    let values = ["list", "name", "property", "path", "status", "grade", "directive"];
    let text = |name: &&str| {
        let key = format!("inspector-{}", name.replace('_', "-"));
        (
            (*name).to_owned(),
            Value::from(t.sentence(&key, values.map(|value| (value, format!("{{{value}}}"))))),
        )
    };
    Value::Object(INSPECTOR_TEXTS.iter().map(text).collect())
}

/// Texts, properties, grades and evidence, by their names.
pub fn words(t: &Translator) -> Map<String, Value> {
    let all = |family: &str, names: &[&str]| -> Value {
        let word = |name: &&str| {
            let key = if family == "property" { name.replace('_', "-") } else { (*name).to_owned() };
            ((*name).to_owned(), Value::from(t.word(family, &key)))
        };
        Value::Object(names.iter().map(word).collect())
    };
    let told = json!({
        "language": t.tag(),
        "texts": texts(t),
        "properties": all("property", &STANDARD_PROPERTIES),
        "grades": all("grade", &Grade::ALL.map(Grade::name)),
        "evidence": all("evidence", &EVIDENCE),
    });
    match told {
        Value::Object(told) => told,
        _ => Map::new(),
    }
}
