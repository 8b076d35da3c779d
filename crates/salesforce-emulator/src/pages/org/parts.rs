//! What several pages of the org have in common.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;
use crate::pages::language::Language;
use crate::pages::words::Words;

/// The frame around a page: language, the org's name and clock, the address of this page in the other language.
pub(super) struct Frame {
    pub(super) language: Language,
    pub(super) words: &'static Words,
    pub(super) organization: String,
    pub(super) now: String,
    pub(super) other: String,
    zone: TimeZone,
}

impl Frame {
    /// The frame for a request.
    pub(super) fn new(org: &Org, headers: &HeaderMap, path: &str, query: &str) -> Self {
        let language = Language::of(headers, query);
        let words = language.words();
        let found = org.record(org.settings.organization);
        let organization =
            found.map(|(object, record)| record.value(object, "Name").to_text()).unwrap_or_default();
        let zone = org.time_zone_of(org.settings.admin);
        let other = format!("{path}?language={}", words.other_code);
        let mut frame = Frame { language, words, organization, now: String::new(), other, zone };
        frame.now = frame.time(org.clock.now());
        frame
    }

    /// A moment in the administrator's time zone.
    pub(super) fn time(&self, moment: Timestamp) -> String {
        moment.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// The label of an object.
    pub(super) fn label(&self, object: &ObjectType) -> String {
        object.label_in(self.language.is_japanese()).to_owned()
    }

    /// A value as people read it.
    pub(super) fn value(&self, value: &Value) -> String {
        match value {
            Value::DateTime(moment) => self.time(*moment),
            Value::Boolean(true) => "✓".to_owned(),
            Value::Boolean(false) => "–".to_owned(),
            other => other.to_text(),
        }
    }
}

/// A parameter of an address; empty when it is not there.
pub(super) fn parameter(query: &str, name: &str) -> String {
    let found = url::form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// A link to a record, with its name.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) name: String,
    pub(super) address: String,
}

/// The link to a record.
pub(super) fn link(org: &Org, id: RecordId) -> Option<Link> {
    let (object, record) = org.record(id)?;
    Some(Link { name: name_of(object, record), address: format!("/lightning/r/{}/{id}/view", object.name) })
}

/// What a record is called.
pub(super) fn name_of(object: &ObjectType, record: &Arc<Record>) -> String {
    let name =
        object.name_field().map(|field| record.value(object, &field.name).to_text()).unwrap_or_default();
    if name.is_empty() { record.id.to_string() } else { name }
}

/// The page for an address that leads nowhere.
pub(super) fn missing(language: Language) -> Response<Body> {
    crate::pages::sign_in::not_found(language)
}
