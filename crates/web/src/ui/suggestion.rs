//! Suggestions beside an input while someone types.

use serde::Serialize;

/// One suggestion.
#[derive(Clone, Debug, Serialize)]
pub struct Suggestion {
    name: String,
    label: String,
    #[serde(rename = "type")]
    kind: String,
}

impl Suggestion {
    /// A field by what is put into the input, what people read, and the word of its type.
    pub fn new(name: String, label: String, kind: String) -> Self {
        Self { name, label, kind }
    }
}
