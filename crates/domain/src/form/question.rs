//! The questions of a booking page and of a form (B2, F1).

use crate::form::ShowWhen;
use crate::form::routing::ROUTING;
use crate::value::{FieldProblem, Language, clean_text};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// What kind of input a question is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// One line (テキスト).
    #[default]
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
    /// An e-mail address (メールアドレス).
    Email,
    /// A phone number (電話番号).
    Phone,
    /// A number (数値).
    Number,
    /// 姓 and 名, with フリガナ if the question asks for it; forms only.
    Name,
    /// A company's name (会社名).
    Company,
    /// A Japanese postcode (郵便番号).
    Postcode,
    /// A box to tick, with the text that is agreed to (同意).
    Consent,
}

impl FieldKind {
    /// All kinds, in the order in which a form offers them.
    pub const ALL: [Self; 14] = [
        Self::Email,
        Self::Name,
        Self::Company,
        Self::Phone,
        Self::Text,
        Self::Textarea,
        Self::Radio,
        Self::Checkboxes,
        Self::Dropdown,
        Self::Date,
        Self::Number,
        Self::Postcode,
        Self::Consent,
        Self::Hidden,
    ];

    /// The kinds of a booking page, which asks for name, e-mail and company by itself.
    pub const OF_BOOKINGS: [Self; 11] = [
        Self::Text,
        Self::Textarea,
        Self::Radio,
        Self::Checkboxes,
        Self::Dropdown,
        Self::Date,
        Self::Hidden,
        Self::Phone,
        Self::Number,
        Self::Postcode,
        Self::Consent,
    ];

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
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Number => "number",
            Self::Name => "name",
            Self::Company => "company",
            Self::Postcode => "postcode",
            Self::Consent => "consent",
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

/// One question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    #[serde(alias = "type")]
    pub kind: FieldKind,
    /// The visitor must answer.
    #[serde(default)]
    pub required: bool,
    /// The answers to choose from; empty for kinds without options.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// A few words below the label; for a consent, the text that is agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The same in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_en: Option<String>,
    /// A name is asked for with its フリガナ.
    #[serde(default, skip_serializing_if = "is_false")]
    pub kana: bool,
    /// It is shown only while all of these hold; always when there are none (forms).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub show_when: Vec<ShowWhen>,
    /// What fills a hidden question (forms).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<HiddenSource>,
    /// The longest answer in characters, where the Salesforce field holds less than the kind allows (forms).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// What fills a hidden question of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub enum HiddenSource {
    /// A parameter of the address.
    Parameter {
        /// Its name, such as `utm_source`.
        name: String,
    },
    /// The page from which the visitor came, without its parameters.
    Referrer,
    /// The page on which the form stands, without its parameters.
    Page,
    /// Always the same text.
    Fixed {
        /// The text.
        value: String,
    },
}

/// The parts of a name, as answers call them: `KEY.family`.
pub const NAME_PARTS: [&str; 4] = ["family", "given", "family_kana", "given_kana"];

impl FormField {
    /// Whether an answer's key belongs to this question: its own, or a part of a name.
    pub fn owns(&self, key: &str) -> bool {
        let part = || key.strip_prefix(self.key.as_str())?.strip_prefix('.');
        key == self.key
            || (self.kind == FieldKind::Name && part().is_some_and(|part| NAME_PARTS.contains(&part)))
    }

    /// The key of a part of a name.
    pub fn part(&self, part: &str) -> String {
        format!("{}.{part}", self.key)
    }

    /// The words below the label for a language.
    pub fn help_in(&self, language: Language) -> &str {
        let english =
            self.help_en.as_deref().filter(|text| language == Language::English && !text.is_empty());
        english.or(self.help.as_deref()).unwrap_or_default()
    }

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
/// The text of a consent can be a page long.
const MAX_HELP: usize = 8_000;
const RESERVED: [&str; 9] =
    ["email", "name", "family_name", "given_name", "company", "guests", "start", "page", "language"];

/// Where questions are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedOn {
    /// On a booking page, which has questions of its own beside them.
    BookingPage,
    /// On a form.
    Form,
}

/// Checks questions before they are saved; `prefix` is put before each faulty field's name.
pub fn check_fields(fields: &[FormField], asked_on: AskedOn, prefix: &str) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if fields.len() > MAX_FIELDS {
        problems.push(FieldProblem::new(prefix, "too-many").with("max", MAX_FIELDS));
    }
    let mut seen = HashSet::new();
    for (index, field) in fields.iter().enumerate() {
        let at = |name: &str| format!("{prefix}[{index}].{name}");
        if !is_key(&field.key) {
            problems.push(FieldProblem::new(at("key"), "bad-key"));
        } else if field.key == ROUTING
            || (asked_on == AskedOn::BookingPage && RESERVED.contains(&field.key.as_str()))
        {
            problems.push(FieldProblem::new(at("key"), "reserved").with("value", &field.key));
        } else if !seen.insert(&field.key) {
            problems.push(FieldProblem::new(at("key"), "taken").with("value", &field.key));
        }
        problems.extend(check_text(&at("label"), &field.label, 1, 200));
        problems.extend(check_options(field, &at("options")));
        for (name, text) in [("help", &field.help), ("help_en", &field.help_en)] {
            problems.extend(check_text(&at(name), text.as_deref().unwrap_or_default(), 0, MAX_HELP));
        }
        if asked_on == AskedOn::BookingPage && !FieldKind::OF_BOOKINGS.contains(&field.kind) {
            problems.push(FieldProblem::new(at("kind"), "not-allowed"));
        }
        if asked_on == AskedOn::BookingPage && (!field.show_when.is_empty() || field.source.is_some()) {
            problems.push(FieldProblem::new(at("show_when"), "not-allowed"));
        }
        problems.extend(check_source(field, &at("source")));
    }
    problems
}

fn check_source(field: &FormField, at: &str) -> Option<FieldProblem> {
    match &field.source {
        Some(_) if field.kind != FieldKind::Hidden => Some(FieldProblem::new(at, "not-allowed")),
        Some(HiddenSource::Parameter { name }) => check_text(at, name, 1, 60),
        Some(HiddenSource::Fixed { value }) => check_text(at, value, 1, 255),
        Some(HiddenSource::Referrer | HiddenSource::Page) | None => None,
    }
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
