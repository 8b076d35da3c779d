//! What is wrong with an input, named by field (Q4).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One fault of one input field: a code for programs, data for the sentence that people read.
///
/// The sentence itself is in the catalogues, under `problem-{code}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The input's name, with dots into nested input: `attendee.email`.
    pub field: String,
    /// A word that stays the same: `required`, `too-long`, …
    pub code: String,
    /// Values for the sentence, such as the longest length.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, String>,
}

impl FieldProblem {
    /// A fault without further values.
    pub fn new(field: impl Into<String>, code: &str) -> Self {
        Self { field: field.into(), code: code.to_owned(), data: BTreeMap::new() }
    }

    /// The same fault with one more value for its sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.data.insert(name.to_owned(), value.to_string());
        self
    }
}
