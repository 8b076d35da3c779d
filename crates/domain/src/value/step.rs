//! The steps of a decision: each is a code with parameters, which the catalogues translate (K21).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One step of a decision: a code whose sentence is in the catalogues, and the values in it.
///
/// The sentence is found under `step-{code}`; `data` names its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// A word that stays the same, such as `person-found`.
    pub code: String,
    /// What the sentence names: objects, ids, fields, values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, String>,
}

impl Step {
    /// A step without further values.
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), data: BTreeMap::new() }
    }

    /// The same step with one more value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.data.insert(name.to_owned(), value.to_string());
        self
    }
}
