//! A page's language and zone: what templates call for every text and every time.

use crate::text::catalogue;
use domain::booking::template::{format_date_time, format_day};
use domain::form::Answer;
use domain::value::{FieldProblem, Language, Step, Timestamp};
use std::collections::BTreeMap;
use std::fmt::Display;

/// The language and the zone in which a page speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translator {
    /// The language.
    pub language: Language,
    /// The zone of the times that are shown.
    pub zone: String,
}

impl Translator {
    /// Words of a language; times in a zone.
    pub fn new(language: Language, zone: &str) -> Self {
        Self { language, zone: zone.to_owned() }
    }

    /// The tag for `lang` attributes.
    pub fn tag(&self) -> &'static str {
        self.language.tag()
    }

    /// A text.
    pub fn text(&self, key: &str) -> String {
        catalogue::text(self.language, key)
    }

    /// A text whose key has a changing end, such as a state or a role.
    pub fn word(&self, family: &str, name: &str) -> String {
        catalogue::text(self.language, &format!("{family}-{name}"))
    }

    /// An object of the org: in the reader's words if it is one that we know, else by its API name.
    pub fn object(&self, name: &str) -> String {
        catalogue::find_text(self.language, &format!("object-{name}")).unwrap_or_else(|| name.to_owned())
    }

    /// A text with one value.
    pub fn fill(&self, key: &str, name: &str, value: impl Display) -> String {
        self.sentence(key, [(name, value.to_string())])
    }

    /// A text with several values.
    pub fn sentence<const N: usize>(&self, key: &str, values: [(&str, String); N]) -> String {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        catalogue::sentence(self.language, key, &values)
    }

    /// A list of names.
    pub fn list<S: AsRef<str>>(&self, names: impl IntoIterator<Item = S>) -> String {
        let names: Vec<S> = names.into_iter().collect();
        names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(&self.text("list-comma"))
    }

    /// An answer to a question, its options as a list.
    pub fn answer(&self, answer: &Answer) -> String {
        match answer {
            Answer::One(text) => text.clone(),
            Answer::Many(chosen) => self.list(chosen),
        }
    }

    /// A label and its value.
    pub fn pair(&self, label: impl Display, value: impl Display) -> String {
        self.sentence("label-value", [("label", label.to_string()), ("value", value.to_string())])
    }

    /// A step of an explanation, its times as people read them.
    pub fn step(&self, step: &Step) -> String {
        catalogue::step(self.language, &Step { code: step.code.clone(), data: self.readable(&step.data) })
    }

    /// A step that is told under another family of keys, such as `check` or `notice`.
    pub fn render(&self, family: &str, step: &Step) -> String {
        catalogue::render(
            self.language,
            family,
            &Step { code: step.code.clone(), data: self.readable(&step.data) },
        )
    }

    /// What is wrong with an input.
    pub fn problem(&self, problem: &FieldProblem) -> String {
        catalogue::problem(self.language, problem)
    }

    /// A moment: `2026年5月7日(木) 14:00`.
    pub fn date_time(&self, moment: Timestamp) -> String {
        format_date_time(moment, &self.zone, self.language)
    }

    /// The time of day: `14:00`.
    pub fn time(&self, moment: Timestamp) -> String {
        domain::booking::local(moment, &self.zone).strftime("%H:%M").to_string()
    }

    /// The time of day with seconds, for timelines.
    pub fn exact_time(&self, moment: Timestamp) -> String {
        domain::booking::local(moment, &self.zone).strftime("%H:%M:%S").to_string()
    }

    /// A day: `2026年5月7日(木)`.
    pub fn day(&self, day: jiff::civil::Date) -> String {
        format_day(day, self.language)
    }

    /// The zone's name for people, the IANA name when the catalogues have none.
    pub fn zone_name(&self) -> String {
        let key = format!("zone-{}", self.zone.to_lowercase().replace(['/', '_'], "-"));
        let name = self.text(&key);
        if name == key { self.zone.clone() } else { name }
    }

    fn readable(&self, data: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let shown = |name: &str, value: &str| match name {
            "at" | "until" => {
                Timestamp::parse(value).map_or_else(|| value.to_owned(), |at| self.date_time(at))
            }
            _ => value.to_owned(),
        };
        data.iter().map(|(name, value)| (name.clone(), shown(name, value))).collect()
    }
}
