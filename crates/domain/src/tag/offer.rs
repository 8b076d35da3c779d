//! How the dialog looks when it opens by itself (E5).

use crate::value::Language;
use serde::{Deserialize, Serialize};

/// What the dialog begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FirstScreen {
    /// The open times.
    #[default]
    Slots,
    /// The message, with a button to the times.
    Message,
}

/// The wording of a dialog; what is empty is the catalogues'.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wording {
    /// The heading in Japanese.
    pub heading: String,
    /// The heading in English; the Japanese one if empty.
    pub heading_en: String,
    /// A few words below it, in Japanese.
    pub message: String,
    /// The same in English; the Japanese words if empty.
    pub message_en: String,
    /// What it begins with.
    pub first: FirstScreen,
}

impl Wording {
    /// The heading for a language; empty if none was written.
    pub fn heading_in(&self, language: Language) -> &str {
        pick(language, &self.heading, &self.heading_en)
    }

    /// The message for a language; empty if none was written.
    pub fn message_in(&self, language: Language) -> &str {
        pick(language, &self.message, &self.message_en)
    }
}

fn pick<'a>(language: Language, japanese: &'a str, english: &'a str) -> &'a str {
    if language == Language::English && !english.is_empty() { english } else { japanese }
}
