//! What is known about one visitor when a router decides. Kept with the decision, so that it can be replayed.

use crate::form::{Answer, Answers};
use crate::router::{EMAIL_KEY, Fact, FactValue, FindKey, ListKey, LookupFailure, RecordSearch};
use crate::synced_fields::SyncedObject;
use crate::value::{EmailAddress, company_domain_of};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use url::Url;

/// What is known about one visitor. Whatever needs I/O was looked up before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The address; `None` if nobody has typed one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Answers to the form's questions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: Answers,
    /// The address of the page from which the visitor comes; empty if nobody knows it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// The site from which the visitor came there; empty if none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub referrer: String,
    /// `ja` or `en`.
    pub language: String,
    /// What tells this visitor from others, for splits.
    pub visitor: String,
    /// What the lists say, by [`list_name`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Known<Assignment>>,
    /// The records that were looked for, by [`find_name`], or by `record_name` if they were filtered.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub records: BTreeMap<String, Known<RecordFacts>>,
    /// How each of them was chosen, by the same name; decisions of earlier releases have none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub searches: BTreeMap<String, RecordSearch>,
}

/// The result of looking something up: "not there" and "nobody could tell" are different answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known<T> {
    /// It is there.
    Found(T),
    /// It isn't.
    NotFound,
    /// Nobody could tell, for this reason.
    Unknown(LookupFailure),
}

/// Who is to meet a visitor, as a list's row says. Nobody and no page: no meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Assignment {
    /// The row's line in the file, from 1.
    pub line: u32,
    /// Members' addresses, the host first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// The page, as `team/page`; empty if the row names none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub page: String,
    /// The list says who meets the visitor; one of values only does not.
    #[serde(skip_serializing_if = "is_false")]
    pub assigns: bool,
}

impl Assignment {
    /// Whether the row says that there is no meeting.
    pub const fn refuses(&self) -> bool {
        self.assigns && self.members.is_empty() && self.page.is_empty()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// What is known of a record of the org.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordFacts {
    /// Its ID.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its owner's address; `None` if nobody knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its fields; one without a value is null, one that was not read is absent, several chosen options are a list.
    pub fields: Map<String, Value>,
    /// How many records fit, this one included.
    pub candidates: u32,
}

/// Under which name a list's answer is kept.
pub fn list_name(list: &str, by: ListKey) -> String {
    format!("{list} {}", by.name())
}

/// Under which name a record that was looked for is kept.
pub fn find_name(object: SyncedObject, by: FindKey, live: bool) -> String {
    format!("{} {}{}", object.key(), by.name(), if live { " live" } else { "" })
}

impl Facts {
    /// Whether only the visitor could tell a fact, and has not yet. What an unknown address would find counts too.
    pub fn lacks(&self, fact: &Fact) -> bool {
        match fact {
            Fact::Email | Fact::EmailDomain | Fact::EmailFreeMail | Fact::Record(..) => self.email.is_none(),
            Fact::Answer(key) if key == EMAIL_KEY && self.email.is_some() => false,
            Fact::Answer(key) => !self.answers.contains_key(key),
            Fact::Url | Fact::UrlPath | Fact::UrlQuery(_) | Fact::Referrer | Fact::Language => false,
        }
    }

    /// A fact's value; `record` says which of the looked up records an object's fields are read from.
    pub fn value(&self, fact: &Fact, record: &str) -> FactValue {
        match fact {
            Fact::Email => one(self.email.as_ref().map(EmailAddress::as_str)),
            Fact::EmailDomain => one(self.email.as_ref().map(EmailAddress::domain)),
            Fact::EmailFreeMail => match &self.email {
                Some(email) => FactValue::One(company_domain_of(email).is_none().to_string()),
                None => FactValue::Absent,
            },
            Fact::Answer(key) => match self.answers.get(key).filter(|answer| !answer.is_blank()) {
                Some(Answer::One(text)) => FactValue::One(text.clone()),
                Some(Answer::Many(chosen)) => FactValue::Many(chosen.clone()),
                None if key == EMAIL_KEY => self.value(&Fact::Email, record),
                None => FactValue::Absent,
            },
            Fact::Url => one(Some(self.url.as_str())),
            Fact::UrlPath => one(Url::parse(&self.url).ok().map(|url| decoded(url.path())).as_deref()),
            Fact::UrlQuery(name) => {
                let url = Url::parse(&self.url).ok();
                let pairs = url.iter().flat_map(Url::query_pairs);
                let mut found = pairs.filter(|(known, _)| known == name).map(|(_, value)| value);
                found.next().map_or(FactValue::Absent, |value| one(Some(&value)))
            }
            Fact::Referrer => one(Some(self.referrer.as_str())),
            Fact::Language => one(Some(self.language.as_str())),
            Fact::Record(_, field) => match self.records.get(record) {
                Some(Known::Found(record)) => RecordFacts::field(&record.fields, field),
                Some(Known::NotFound) => FactValue::Absent,
                Some(Known::Unknown(failure)) => FactValue::Unknown(*failure),
                None => FactValue::Unknown(LookupFailure::NotLookedUp),
            },
        }
    }
}

/// A path as people write it: 料金 in place of its percent-encoding.
fn decoded(path: &str) -> String {
    // A query's value is decoded in the same way, but for its signs.
    let query = format!("path={}", path.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(query.as_bytes()).map(|(_, value)| value.into_owned()).collect()
}

fn one(text: Option<&str>) -> FactValue {
    match text.filter(|text| !text.trim().is_empty()) {
        Some(text) => FactValue::One(text.to_owned()),
        None => FactValue::Absent,
    }
}

impl RecordFacts {
    /// A field's value as it is compared; the name's case makes no difference.
    pub(crate) fn field(fields: &Map<String, Value>, field: &str) -> FactValue {
        let found = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(field));
        match found.map(|(_, value)| value) {
            None => FactValue::Unknown(LookupFailure::FieldGone),
            Some(Value::Null) => FactValue::Absent,
            Some(Value::String(text)) if text.trim().is_empty() => FactValue::Absent,
            Some(Value::String(text)) => FactValue::One(text.clone()),
            Some(Value::Array(several)) => {
                FactValue::Many(several.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            }
            Some(other) => FactValue::One(other.to_string()),
        }
    }
}
