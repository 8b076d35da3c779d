//! The questions of a booking form (B2).

use crate::value::{FieldProblem, Language, clean_text};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// What kind of input a question is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// One line (テキスト).
    Text,
    /// Several lines (テキストエリア).
    Textarea,
    /// One of the options (ラジオボタン).
    Radio,
    /// Any of the options (チェックボックス).
    Checkboxes,
    /// One of the options, in a list (ドロップダウン).
    Dropdown,
    /// A day (日付).
    Date,
    /// Not shown; filled from the address's parameters (隠しフィールド).
    Hidden,
}

impl FieldKind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [Self; 7] =
        [Self::Text, Self::Textarea, Self::Radio, Self::Checkboxes, Self::Dropdown, Self::Date, Self::Hidden];

    /// The word in the API and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Textarea => "textarea",
            Self::Radio => "radio",
            Self::Checkboxes => "checkboxes",
            Self::Dropdown => "dropdown",
            Self::Date => "date",
            Self::Hidden => "hidden",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Has a fixed list of answers.
    pub const fn has_options(self) -> bool {
        matches!(self, Self::Radio | Self::Checkboxes | Self::Dropdown)
    }
}

/// One question of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// The name under which the answer is kept; lower-case letters, digits and `_`.
    pub key: String,
    /// What the visitor reads.
    pub label: String,
    /// The English wording, when it differs from `label`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<String>,
    /// What kind of input it is.
    pub kind: FieldKind,
    /// The visitor must answer.
    #[serde(default)]
    pub required: bool,
    /// The answers to choose from; empty for kinds without options.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

impl FormField {
    /// The wording for a language.
    pub fn label_in(&self, language: Language) -> &str {
        match (language, &self.label_en) {
            (Language::English, Some(label)) if !label.is_empty() => label,
            _ => &self.label,
        }
    }
}

/// The longest answer, in characters, to a one-line question.
pub const MAX_LINE: usize = 1_000;
/// The longest answer, in characters, to a question with several lines.
pub const MAX_TEXT: usize = 32_000;
const MAX_FIELDS: usize = 50;
const MAX_OPTIONS: usize = 200;
const RESERVED: [&str; 9] =
    ["email", "name", "family_name", "given_name", "company", "guests", "start", "page", "language"];

/// Checks a form's questions before they are saved; `prefix` is put before each faulty field's name.
pub fn check_fields(fields: &[FormField], prefix: &str) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if fields.len() > MAX_FIELDS {
        problems.push(FieldProblem::new(prefix, "too-many").with("max", MAX_FIELDS));
    }
    let mut seen = HashSet::new();
    for (index, field) in fields.iter().enumerate() {
        let at = |name: &str| format!("{prefix}[{index}].{name}");
        if !is_key(&field.key) {
            problems.push(FieldProblem::new(at("key"), "bad-key"));
        } else if RESERVED.contains(&field.key.as_str()) {
            problems.push(FieldProblem::new(at("key"), "reserved").with("value", &field.key));
        } else if !seen.insert(&field.key) {
            problems.push(FieldProblem::new(at("key"), "taken").with("value", &field.key));
        }
        problems.extend(check_text(&at("label"), &field.label, 1, 200));
        problems.extend(check_options(field, &at("options")));
    }
    problems
}

fn check_options(field: &FormField, at: &str) -> Option<FieldProblem> {
    let distinct: HashSet<&String> = field.options.iter().collect();
    if field.kind.has_options() == field.options.is_empty() {
        return Some(FieldProblem::new(
            at,
            if field.options.is_empty() { "required" } else { "not-allowed" },
        ));
    }
    if field.options.len() > MAX_OPTIONS {
        return Some(FieldProblem::new(at, "too-many").with("max", MAX_OPTIONS));
    }
    if distinct.len() < field.options.len() {
        return Some(FieldProblem::new(at, "repeated"));
    }
    field.options.iter().find_map(|option| check_text(at, option, 1, 255))
}

/// A text's length in characters: `required` when blank though `min` is above 0, `too-long` above `max`.
pub fn check_text(field: &str, text: &str, min: usize, max: usize) -> Option<FieldProblem> {
    let length = clean_text(text).trim().chars().count();
    if length < min {
        return Some(FieldProblem::new(field, "required"));
    }
    (length > max).then(|| FieldProblem::new(field, "too-long").with("max", max))
}

/// Whether a text can name a question or a field: lower-case letters, digits and `_`, a letter first.
pub fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= 60
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
