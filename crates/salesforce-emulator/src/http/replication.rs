//! `/sobjects/{object}/updated` and `/deleted`: what changed between two moments.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::answer::Answer;
use super::call::Call;
use super::error::error;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::{parse_datetime, print_datetime};

const DAY_HOURS: i64 = 24;

/// The ids of records created or changed in a window of at most 30 days.
pub(super) fn updated(org: &Org, call: &Call, object: &ObjectType) -> Answer {
    let (start, end) = match window(org, call, 30) {
        Ok(window) => window,
        Err(answer) => return *answer,
    };
    let changed = org.live(&object.name).filter(|record| stamped(record, object, start, end));
    let seen = changed.filter(|record| !org.hidden_records.contains(&record.id));
    let ids: Vec<String> = seen.map(|record| record.id.to_string()).collect();
    Answer::json(200, json!({"ids": ids, "latestDateCovered": print_datetime(end.min(org.now()))}))
}

/// The records that went into the recycle bin in a window of at most 15 days.
pub(super) fn deleted(org: &Org, call: &Call, object: &ObjectType) -> Answer {
    let (start, end) = match window(org, call, 15) {
        Ok(window) => window,
        Err(answer) => return *answer,
    };
    let rows = org.table(&object.name).into_iter().flat_map(crate::org::records::Table::rows);
    let gone = rows.filter(|record| record.is_deleted(object) && stamped(record, object, start, end));
    let entry = |record: &Arc<Record>| {
        let at = record.value(object, "SystemModstamp").to_json();
        json!({"deletedDate": at, "id": record.id.to_string()})
    };
    let entries: Vec<Json> = gone.map(entry).collect();
    let earliest = ago(org, 15);
    Answer::json(
        200,
        json!({"deletedRecords": entries, "earliestDateAvailable": print_datetime(earliest),
               "latestDateCovered": print_datetime(end.min(org.now()))}),
    )
}

fn stamped(record: &Record, object: &ObjectType, start: Timestamp, end: Timestamp) -> bool {
    let at = record.value(object, "SystemModstamp").as_datetime();
    at.is_some_and(|at| start <= at && at <= end)
}

fn ago(org: &Org, days: i64) -> Timestamp {
    org.now().checked_sub(SignedDuration::from_hours(days * DAY_HOURS)).unwrap_or(org.now())
}

/// Reads the window; seconds do not count.
fn window(org: &Org, call: &Call, days: i64) -> Result<(Timestamp, Timestamp), Box<Answer>> {
    let read = |name: &str| {
        // An unescaped plus sign arrives as a space.
        let text = call.parameter(name).unwrap_or_default().replace(' ', "+");
        parse_datetime(&text).and_then(|at| Timestamp::from_second(at.as_second().div_euclid(60) * 60).ok())
    };
    let refuse = |message: &str| Err(Box::new(error(400, "INVALID_REPLICATION_DATE", message)));
    let (Some(start), Some(end)) = (read("start"), read("end")) else {
        return refuse("startDate and endDate must be given as dates with a time");
    };
    if start >= end {
        return refuse("startDate must be before endDate");
    }
    if start < ago(org, days) {
        return refuse(&format!("startDate cannot be more than {days} days ago"));
    }
    Ok((start, end))
}
