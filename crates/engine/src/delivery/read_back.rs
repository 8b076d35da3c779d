//! Reading back what a round whose answer was lost may have written (Q1).

use crate::delivery::batch::DeliveryJob;
use domain::delivery::{Write, marker};
use domain::value::{DeliveryId, Timestamp};
use salesforce::Record;
use salesforce::soql::{Compare, Condition, Select};

/// A record that carries one of our marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MarkedRecord {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) delivery: DeliveryId,
}

/// Objects whose creation is not idempotent by itself. A campaign member is: the org refuses a second one.
pub(crate) const MARKED: [&str; 3] = ["Lead", "Task", "Event"];
/// Slack around the org's own clock: its `Date` header counts whole seconds and nodes differ a little.
const BEFORE_SECONDS: i64 = 120;
/// The org acts on a request within this time or not at all.
const AFTER_SECONDS: i64 = 3_600;

/// What to ask for, object by object, when some jobs have an attempt whose answer is not known.
pub(crate) fn queries(connected_user: &str, jobs: &[DeliveryJob]) -> Vec<(&'static str, Select)> {
    MARKED.into_iter().filter_map(|object| Some((object, query(connected_user, object, jobs)?))).collect()
}

/// Description can't be filtered on, so the records are narrowed by who made them when, and told apart by mark.
fn query(connected_user: &str, object: &'static str, jobs: &[DeliveryJob]) -> Option<Select> {
    let times: Vec<Timestamp> = jobs
        .iter()
        .filter_map(|job| job.delivery.open_attempt.as_ref())
        .filter(|attempt| attempt.writes.iter().any(|write| creates(write, object)))
        .map(|attempt| attempt.org_time)
        .collect();
    let from = times.iter().min()?.plus_seconds(-BEFORE_SECONDS);
    let to = times.iter().max()?.plus_seconds(AFTER_SECONDS);
    let is_created_by_us = Condition::equals("CreatedById", connected_user);
    let after = Condition::compare("CreatedDate", Compare::GreaterOrEqual, from.to_jiff());
    let before = Condition::compare("CreatedDate", Compare::LessOrEqual, to.to_jiff());
    Some(Select::from(object).fields(["Id", "Description"]).filter(Condition::All(vec![
        is_created_by_us,
        after,
        before,
    ])))
}

fn creates(write: &Write, object: &str) -> bool {
    matches!(write, Write::Create { object: created, .. } if created == object)
}

/// The delivery that a record belongs to, when it carries a mark.
pub(crate) fn marked_record(object: &'static str, record: &Record) -> Option<MarkedRecord> {
    let delivery = marker::find(record.text("Description")?)?;
    Some(MarkedRecord { object, id: record.id()?.to_string(), delivery })
}
