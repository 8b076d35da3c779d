//! How the dialog looks when it opens by itself (E5).

use crate::value::Language;
use serde::{Deserialize, Serialize};

/// Why a dialog is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OfferSource {
    /// A form was sent.
    Form,
    /// Someone on a list came back.
    List,
    /// The visitor tag fits the page.
    Visitor,
}

impl OfferSource {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Form, Self::List, Self::Visitor];

    /// The word in the database and in the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::List => "list",
            Self::Visitor => "visitor",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }
}

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
