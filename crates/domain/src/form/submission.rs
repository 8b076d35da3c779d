//! What a visitor sent by a form (F4).

use crate::form::{Answer, Answers, FieldKind, Form};
use crate::value::{EmailAddress, FormId, Language, SubmissionId, Timestamp};
use serde::{Deserialize, Serialize};

/// A submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// Its form.
    pub form: FormId,
    /// The form's part of the address, when it was sent.
    pub form_slug: String,
    /// The form's title in the visitor's language, when it was sent.
    pub form_title: String,
    /// The form's version when it was sent.
    pub form_version: u32,
    /// The answers to the shown questions.
    pub answers: Answers,
    /// What was asked for each answer, in the form's order: key and label.
    pub questions: Vec<(String, String)>,
    /// What the visitor agreed to, word by word.
    pub consents: Vec<GivenConsent>,
    /// The visitor's address, if the form asked for one.
    pub email: Option<EmailAddress>,
    /// The page on which the form stood, without personal parameters; empty if unknown.
    pub page_url: String,
    /// The visitor's language.
    pub language: Language,
    /// What became of it.
    pub state: SubmissionState,
    /// Why it looks like spam: words of [`crate::form::SpamSign`]s; empty when nothing does.
    pub spam_signs: Vec<String>,
    /// The submission that this one repeats.
    pub repeats: Option<SubmissionId>,
    /// The name under which another program knows it.
    pub external_id: Option<String>,
    /// When it was sent.
    pub created_at: Timestamp,
}

/// A consent, as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenConsent {
    /// The question's key.
    pub key: String,
    /// The label of the box.
    pub label: String,
    /// The text below it.
    pub text: String,
    /// The form's version, which changes with the text.
    pub version: u32,
}

/// What became of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionState {
    /// It goes to Salesforce.
    Accepted,
    /// It looks like spam: it waits until somebody decides (迷惑送信の疑い).
    Quarantined,
    /// The same was sent a short time before: that one goes to Salesforce.
    Repeated,
}

impl SubmissionState {
    /// All of them, in the order in which a list offers them.
    pub const ALL: [Self; 3] = [Self::Accepted, Self::Quarantined, Self::Repeated];

    /// The word in the API, the database and the catalogues (`submission-state-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Quarantined => "quarantined",
            Self::Repeated => "repeated",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// The address that a form was told, by its first question for one that has an answer.
pub fn email_of(form: &Form, answers: &Answers) -> Option<EmailAddress> {
    let emails = form.fields.iter().filter(|field| field.kind == FieldKind::Email);
    emails.filter_map(|field| answers.get(&field.key)).find_map(|answer| match answer {
        Answer::One(text) => EmailAddress::parse(text).ok(),
        Answer::Many(_) => None,
    })
}

/// The consents among the answers, each with the words that the visitor read.
pub fn consents_of(form: &Form, answers: &Answers, language: Language) -> Vec<GivenConsent> {
    let given = form
        .fields
        .iter()
        .filter(|field| field.kind == FieldKind::Consent && answers.contains_key(&field.key));
    given
        .map(|field| GivenConsent {
            key: field.key.clone(),
            label: field.label_in(language).to_owned(),
            text: field.help_in(language).to_owned(),
            version: form.version,
        })
        .collect()
}

/// What was asked for each answer, in the form's order.
pub fn questions_of(form: &Form, answers: &Answers, language: Language) -> Vec<(String, String)> {
    let answered = |key: &str| answers.contains_key(key);
    let asked = form.fields.iter().filter(|field| answered(&field.key));
    asked.map(|field| (field.key.clone(), field.label_in(language).to_owned())).collect()
}

/// The text under which the same submission is recognised when it comes again: form, address and answers.
pub fn content_of(form: FormId, answers: &Answers) -> String {
    format!("{form}\n{}", serde_json::to_string(answers).unwrap_or_default())
}

impl Submission {
    /// The labels and texts of the answers, in the form's order, for people to read.
    pub fn lines(&self) -> impl Iterator<Item = (&str, String)> {
        self.questions
            .iter()
            .filter_map(|(key, label)| Some((label.as_str(), self.answers.get(key)?.to_text())))
    }
}
