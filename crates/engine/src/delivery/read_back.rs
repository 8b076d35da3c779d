//! Reading back what a round whose response was lost may have written (Q1).

use domain::delivery::{EXTERNAL_ID_FIELD, OpenAttempt, Recovery, Write, marker};
use domain::value::{DeliveryId, Timestamp};
use salesforce::Record;
use salesforce::soql::{Compare, Condition, Select};
use std::collections::{BTreeMap, BTreeSet};

/// A record that a lost attempt made, with what it was recognised by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRecord {
    /// The object's API name.
    pub object: String,
    /// Its 18-character ID.
    pub id: String,
    /// What tells whose it is.
    pub by: RecognisedBy,
}

/// What tells that a record is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecognisedBy {
    /// A text field carries this delivery's marker.
    Marker(DeliveryId),
    /// An external ID field has a value that was written.
    ExternalId {
        /// The field's API name.
        field: String,
        /// Its value.
        value: String,
    },
    /// It was made by the connected user at the time of the attempt, and has these values by field.
    Values(BTreeMap<String, String>),
}

impl OwnRecord {
    /// Whether it carries the delivery's marker or ID.
    pub fn is_named_after(&self, delivery: DeliveryId) -> bool {
        match &self.by {
            RecognisedBy::Marker(marked) => *marked == delivery,
            RecognisedBy::Values(_) => false,
            RecognisedBy::ExternalId { field, value } => {
                field == EXTERNAL_ID_FIELD && value.eq_ignore_ascii_case(&delivery.to_string())
            }
        }
    }

    /// Whether a delivery's write made it.
    pub fn is_made_by(&self, delivery: DeliveryId, write: &Write) -> bool {
        write.is_create()
            && write.object == self.object
            && match (&write.recovery, &self.by) {
                (Recovery::Marker { .. }, RecognisedBy::Marker(marked)) => *marked == delivery,
                (Recovery::ExternalId { field }, RecognisedBy::ExternalId { field: found, value }) => {
                    field == found && write.written_value(field).as_ref() == Some(value)
                }
                (Recovery::SameValues { fields }, RecognisedBy::Values(values)) => {
                    let same = |field: &String| {
                        let written = write.written_value(field).map(|text| comparable(&text));
                        written == values.get(field).map(|text| comparable(text))
                    };
                    !fields.is_empty() && fields.iter().all(same)
                }
                _ => false,
            }
    }
}

/// The org trims texts and writes addresses in lower case.
fn comparable(text: &str) -> String {
    text.trim().to_lowercase()
}

/// One query that reads back, and the field by which its records are recognised.
#[derive(Clone, Debug)]
pub struct ReadBackQuery {
    /// The object's API name.
    pub object: String,
    /// How its records are recognised; the field is read beside `Id`.
    pub recovery: Recovery,
    /// What is asked.
    pub select: Select,
}

/// Slack around the org's own clock: its `Date` header counts whole seconds and nodes differ a little.
const BEFORE_SECONDS: i64 = 120;
/// The org acts on a request within this time or not at all.
const AFTER_SECONDS: i64 = 3_600;

/// What to ask for when some attempts have no known outcome: one query per object and field.
pub fn queries<'a>(
    connected_user: &str,
    attempts: impl Iterator<Item = &'a OpenAttempt>,
) -> Vec<ReadBackQuery> {
    let mut marked: BTreeMap<(&str, &str), Vec<Timestamp>> = BTreeMap::new();
    let mut external: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    let mut valued: BTreeMap<&str, (BTreeSet<&str>, Vec<Timestamp>)> = BTreeMap::new();
    for attempt in attempts {
        for write in attempt.writes.iter().filter(|write| write.is_create()) {
            match &write.recovery {
                Recovery::Marker { field } => {
                    marked.entry((&write.object, field)).or_default().push(attempt.org_time);
                }
                Recovery::ExternalId { field } => {
                    external.entry((&write.object, field)).or_default().extend(write.written_value(field));
                }
                Recovery::SameValues { fields } => {
                    let (known, times) = valued.entry(&write.object).or_default();
                    known.extend(fields.iter().map(String::as_str));
                    times.push(attempt.org_time);
                }
                Recovery::RefusedTwice | Recovery::Repeatable => {}
            }
        }
    }
    let by_values = valued.into_iter().filter_map(|(object, (fields, times))| {
        let select = Select::from(object)
            .field("Id")
            .fields(fields.iter().copied())
            .filter(made(connected_user, &times)?);
        let recovery = Recovery::SameValues { fields: fields.into_iter().map(str::to_owned).collect() };
        Some(ReadBackQuery { object: object.to_owned(), recovery, select })
    });
    let by_marker = marked.into_iter().filter_map(|((object, field), times)| {
        Some(query(
            object,
            field,
            Recovery::Marker { field: field.to_owned() },
            made(connected_user, &times)?,
        ))
    });
    let by_external_id = external.into_iter().filter(|(_, values)| !values.is_empty());
    let by_external_id = by_external_id.map(|((object, field), values)| {
        let condition = Condition::is_in(field, values.iter().map(String::as_str));
        query(object, field, Recovery::ExternalId { field: field.to_owned() }, condition)
    });
    by_marker.chain(by_external_id).chain(by_values).collect()
}

pub(crate) fn query(object: &str, field: &str, recovery: Recovery, condition: Condition) -> ReadBackQuery {
    let select = Select::from(object).fields(["Id", field]).filter(condition);
    ReadBackQuery { object: object.to_owned(), recovery, select }
}

/// A long text can't be filtered on, so the records are narrowed by who made them when, and told apart by marker.
fn made(connected_user: &str, times: &[Timestamp]) -> Option<Condition> {
    let from = times.iter().min()?.plus_seconds(-BEFORE_SECONDS);
    let to = times.iter().max()?.plus_seconds(AFTER_SECONDS);
    Some(Condition::All(vec![
        Condition::equals("CreatedById", connected_user),
        Condition::compare("CreatedDate", Compare::GreaterOrEqual, from.to_jiff()),
        Condition::compare("CreatedDate", Compare::LessOrEqual, to.to_jiff()),
    ]))
}

/// The record as one of ours; `None` when nothing tells so.
pub fn recognise(query: &ReadBackQuery, record: &Record) -> Option<OwnRecord> {
    let by = match &query.recovery {
        Recovery::Marker { field } => RecognisedBy::Marker(marker::find(record.text(field)?)?),
        Recovery::ExternalId { field } => {
            let value = record.get(field).and_then(value_text)?;
            RecognisedBy::ExternalId { field: field.clone(), value }
        }
        Recovery::SameValues { fields } => {
            let value = |field: &String| Some((field.clone(), record.get(field).and_then(value_text)?));
            RecognisedBy::Values(fields.iter().filter_map(value).collect())
        }
        Recovery::RefusedTwice | Recovery::Repeatable => return None,
    };
    Some(OwnRecord { object: query.object.clone(), id: record.id()?.to_string(), by })
}

fn value_text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
