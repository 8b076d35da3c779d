//! A form: what it asks, which Salesforce object it fills, and what comes after sending it (F1–F3).

use crate::form::{FieldMapping, FormField};
use crate::value::{FormId, Language};
use serde::{Deserialize, Serialize};

/// A form of a website.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Its id.
    pub id: FormId,
    /// Its part of the address.
    pub slug: String,
    /// Its title, in Japanese.
    pub title: String,
    /// Its title, in English; the Japanese one when empty.
    pub title_en: String,
    /// A few words for visitors, in Japanese.
    pub description: String,
    /// The same in English; the Japanese words when empty.
    pub description_en: String,
    /// It can be filled in.
    pub active: bool,
    /// Grows with each change; submissions keep the number they were made with.
    pub version: u32,
    /// Its questions.
    pub fields: Vec<FormField>,
    /// What a submission does in Salesforce.
    pub salesforce: FormSalesforce,
    /// Visitors see what they typed before they send it (確認画面).
    pub confirm: bool,
    /// What comes after sending it.
    pub then: AfterSubmission,
}

impl Form {
    /// The title for a language.
    pub fn title_in(&self, language: Language) -> &str {
        if language == Language::English && !self.title_en.is_empty() { &self.title_en } else { &self.title }
    }

    /// The description for a language.
    pub fn description_in(&self, language: Language) -> &str {
        if language == Language::English && !self.description_en.is_empty() {
            &self.description_en
        } else {
            &self.description
        }
    }

    /// The question to which an answer's key belongs.
    pub fn question(&self, key: &str) -> Option<&FormField> {
        self.fields.iter().find(|field| field.owns(key))
    }
}

/// What a submission does in Salesforce: one record of one object, and a campaign member if wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormSalesforce {
    /// The object's API name, standard or custom.
    pub object: String,
    /// The record type of new records (F2); the connected user's default if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_type_id: Option<String>,
    /// What happens when there is such a record already.
    pub existing: ExistingRecord,
    /// The mapped field by which a record is found; `Email` if `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub match_by: Option<String>,
    /// Which answer fills which field.
    pub mappings: Vec<FieldMapping>,
    /// Fields of new records that no answer fills.
    pub constants: Vec<ConstantValue>,
    /// Who owns new records.
    pub owner: RecordOwner,
    /// The campaign that the person becomes a member of (F3); Lead and Contact only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<FormCampaign>,
}

impl FormSalesforce {
    /// The field by which a record is found; `None` where none is looked for.
    pub fn match_field(&self) -> Option<&str> {
        (self.existing != ExistingRecord::Create).then(|| self.match_by.as_deref().unwrap_or("Email"))
    }

    /// Whether the object's records are people, who can be members of campaigns.
    pub fn is_person(&self) -> bool {
        matches!(self.object.as_str(), "Lead" | "Contact")
    }
}

/// What happens when there is such a record already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExistingRecord {
    /// Another one is made.
    Create,
    /// It gets the new answers.
    #[default]
    Update,
    /// It stays as it is.
    Skip,
}

impl ExistingRecord {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Update, Self::Create, Self::Skip];

    /// The word in the API and for the catalogues (`existing-record-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Skip => "skip",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// A fixed value of a field of new records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConstantValue {
    /// The field's API name.
    pub salesforce_field: String,
    /// The value as it would be typed: an option, a number, a day, an ID; `today` or `today+30` for a day to come.
    pub value: String,
}

/// Who owns new records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum RecordOwner {
    /// The user with whom Tsugite is connected.
    #[default]
    ConnectedUser,
    /// The org's active assignment rule decides; Lead and Case only.
    AssignmentRule,
    /// A user or a queue.
    User {
        /// The 15- or 18-character id.
        id: String,
    },
}

impl RecordOwner {
    /// The words of the choices, for the catalogues (`record-owner-{name}`).
    pub const NAMES: [&str; 3] = ["connected_user", "assignment_rule", "user"];

    /// The word in the API.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ConnectedUser => Self::NAMES[0],
            Self::AssignmentRule => Self::NAMES[1],
            Self::User { .. } => Self::NAMES[2],
        }
    }
}

/// The campaign of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormCampaign {
    /// The campaign's id.
    pub id: String,
    /// The member status of the campaign; its default if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// What comes after a form was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AfterSubmission {
    /// A message on the form's own page.
    Message {
        /// Its wording; Tsugite's own where it is empty.
        #[serde(default)]
        text: WordingInBoth,
    },
    /// Another page of the website.
    Redirect {
        /// Its address; nothing of the visitor is added to it.
        url: String,
    },
    /// A booking page, filled in with what the form was told.
    Page {
        /// `team/page`.
        page: String,
    },
    /// A router decides.
    Router {
        /// Its slug.
        router: String,
    },
}

impl Default for AfterSubmission {
    fn default() -> Self {
        Self::Message { text: WordingInBoth::default() }
    }
}

impl AfterSubmission {
    /// The word in the API and for the catalogues (`after-submission-{name}`).
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Message { .. } => "message",
            Self::Redirect { .. } => "redirect",
            Self::Page { .. } => "page",
            Self::Router { .. } => "router",
        }
    }
}

/// A wording in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WordingInBoth {
    /// Japanese.
    pub ja: String,
    /// English; the Japanese one when empty.
    pub en: String,
}

impl WordingInBoth {
    /// The wording for a language.
    pub fn text_in(&self, language: Language) -> &str {
        if language == Language::English && !self.en.is_empty() { &self.en } else { &self.ja }
    }
}
