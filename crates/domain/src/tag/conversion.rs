//! What the tag reported of one attempt to send a form, put together from any number of reports.

use crate::tag::Grade;
use crate::value::{EmailAddress, Language, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One report of the tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// When it arrived.
    pub at: Timestamp,
    /// What the evidence amounts to.
    pub grade: Grade,
    /// The evidence itself: words such as `submit`, `navigate`.
    pub evidence: BTreeSet<String>,
    /// The page with the form, without parameters that may not travel.
    pub url: String,
    /// The origin from which the visitor came to it.
    pub referrer: String,
    /// The form.
    pub form: ReportedForm,
    /// What was typed, by property.
    pub values: BTreeMap<String, String>,
    /// Rises when the visitor went back and changed something.
    pub revision: u32,
    /// The language of the page.
    pub language: Language,
}

/// A form as the tag sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportedForm {
    /// The mapped form's ID; `None` if the tag knows no mapping for it.
    pub id: Option<String>,
    /// Its name or ID in the page.
    pub name: String,
    /// The path of its page.
    pub path: String,
    /// Its fields.
    pub fields: Vec<ReportedField>,
}

/// A field of a form, without its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportedField {
    /// The input's name.
    pub name: String,
    /// What people read beside it.
    pub label: String,
    /// The input's type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The property that it was taken for; `None` if for none.
    #[serde(rename = "as")]
    pub property: Option<String>,
    /// Something was typed.
    pub filled: bool,
}

/// What is known of one attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    /// The highest grade that was reported.
    pub grade: Grade,
    /// All evidence, in alphabetical order.
    pub evidence: BTreeSet<String>,
    /// Where and when it was first reported.
    pub first: FirstReport,
    /// What was typed, by property.
    pub values: BTreeMap<String, ConversionValue>,
}

/// Where and when an attempt was first reported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FirstReport {
    /// When the report arrived.
    pub at: Timestamp,
    /// The page with the form.
    pub url: String,
    /// The origin from which the visitor came.
    pub referrer: String,
    /// The form.
    pub form: ReportedForm,
    /// The tag of the page's language.
    pub language: String,
}

/// A value, and which report it is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversionValue {
    /// What was typed.
    pub text: String,
    /// The revision of the report.
    pub revision: u32,
    /// When the report arrived.
    pub at: Timestamp,
}

/// Kinds of evidence that are kept of one attempt.
const MAX_EVIDENCE: usize = 24;

impl Conversion {
    /// What is known after one report.
    pub fn of(report: Report) -> Self {
        let value = |text: String| ConversionValue { text, revision: report.revision, at: report.at };
        Self {
            grade: report.grade,
            evidence: report.evidence.into_iter().take(MAX_EVIDENCE).collect(),
            first: FirstReport {
                at: report.at,
                url: report.url,
                referrer: report.referrer,
                form: report.form,
                language: report.language.tag().to_owned(),
            },
            values: report.values.into_iter().map(|(key, text)| (key, value(text))).collect(),
        }
    }

    /// What is known together: the same for any order and repetition of the reports.
    ///
    /// The grade is the highest. A value of a later revision wins, else the one that arrived first.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.grade = self.grade.max(other.grade);
        self.evidence.extend(other.evidence);
        self.evidence = self.evidence.into_iter().take(MAX_EVIDENCE).collect();
        self.first = self.first.min(other.first);
        for (key, value) in other.values {
            match self.values.get(&key) {
                Some(known) if !value.replaces(known) => {}
                _ => drop(self.values.insert(key, value)),
            }
        }
        self
    }

    /// What was typed for a property; empty if nothing was.
    pub fn text(&self, property: &str) -> &str {
        self.values.get(property).map_or("", |value| value.text.as_str())
    }

    /// The visitor's address; `None` if there is none, or none that can be written to.
    pub fn email(&self) -> Option<EmailAddress> {
        EmailAddress::parse(self.text("email")).ok()
    }

    /// The language of the page.
    pub fn language(&self) -> Language {
        Language::from_tag(&self.first.language).unwrap_or_default()
    }
}

impl ConversionValue {
    fn replaces(&self, known: &Self) -> bool {
        let place = |value: &Self| (std::cmp::Reverse(value.revision), value.at);
        (place(self), &self.text) < (place(known), &known.text)
    }
}
