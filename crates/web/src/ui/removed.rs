//! A row that was taken out of a form, with a way to bring it back until the form is saved.

use crate::text::translator::Translator;
use askama::Template;
use serde::Serialize;

/// A row that was taken away.
#[derive(Clone, Debug, Template)]
#[template(path = "widgets/removed.html")]
pub struct Removed {
    t: Translator,
    text: String,
    value: String,
}

impl Removed {
    /// A row with its name, as the form carries it.
    pub fn new(t: &Translator, name: &str, row: &impl Serialize) -> Self {
        Self {
            t: t.clone(),
            text: t.fill("row-removed", "name", name),
            value: serde_json::to_string(row).unwrap_or_default(),
        }
    }
}
