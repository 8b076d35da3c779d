//! `/sobjects/{object}/updated` and `/deleted`: what changed between two moments.

use std::ops::Bound;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::error;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::{Value, parse_datetime, print_datetime};
use crate::state::EmulatorState;

const DAY_HOURS: i64 = 24;

/// The ids of records created or changed in a window of at most 30 days.
pub(super) fn updated(state: &EmulatorState, org: &Org, call: &Call, object: &ObjectType) -> Answer {
    let (start, end) = match window(org, call, 30) {
        Ok(window) => window,
        Err(answer) => return *answer,
    };
    let changed = stamped(org, object, start, end).into_iter().filter(|record| !record.is_deleted(object));
    let seen = changed.filter(|record| !org.hidden_records.contains(&record.id));
    let ids: Vec<String> = seen.map(|record| record.id.to_string()).collect();
    Answer::json(200, json!({"ids": ids, "latestDateCovered": print_datetime(covered(state, org, end))}))
}

/// The records that were deleted in a window of at most 15 days, whether or not they are still in the recycle bin.
pub(super) fn deleted(state: &EmulatorState, org: &Org, call: &Call, object: &ObjectType) -> Answer {
    let (start, end) = match window(org, call, 15) {
        Ok(window) => window,
        Err(answer) => return *answer,
    };
    let earliest = org.deletions_known_since();
    if start < earliest {
        return error(400, "INVALID_REPLICATION_DATE", "startDate before org replication enabled date");
    }
    let binned = org.binned(object).filter_map(|record| Some((stamp(record, object)?, record.id)));
    let entries: Vec<Json> = binned
        .filter(|(at, _)| (start..=end).contains(at))
        .chain(org.purged(object, start, end))
        .map(|(at, id)| json!({"deletedDate": print_datetime(at), "id": id.to_string()}))
        .collect();
    Answer::json(
        200,
        json!({"deletedRecords": entries, "earliestDateAvailable": print_datetime(earliest),
               "latestDateCovered": print_datetime(covered(state, org, end))}),
    )
}

fn stamp(record: &Record, object: &ObjectType) -> Option<Timestamp> {
    record.value(object, "SystemModstamp").as_datetime()
}

/// Until when everything that will ever be dated so can be seen: what a transaction that is still running changes may
/// be dated when it began.
fn covered(state: &EmulatorState, org: &Org, end: Timestamp) -> Timestamp {
    let running = i64::try_from(state.faults.longest_transaction()).unwrap_or(0);
    end.min(ago(org, SignedDuration::from_secs(running)))
}

/// The rows that carry a date within the window, deleted or not, oldest first.
fn stamped<'o>(org: &'o Org, object: &ObjectType, start: Timestamp, end: Timestamp) -> Vec<&'o Arc<Record>> {
    let (Some(table), Some(field)) = (org.table(&object.name), object.index_of("SystemModstamp")) else {
        return Vec::new();
    };
    let key = |at: Timestamp| Value::DateTime(at).index_key();
    let mut rows: Vec<&Arc<Record>> = match (table.index(object, field), key(start), key(end)) {
        (Some(index), Some(start), Some(end)) => {
            let ids = index.walk((Bound::Included(start), Bound::Included(end)), false);
            ids.filter_map(|id| table.get(id)).collect()
        }
        _ => {
            let within = |at: Timestamp| start <= at && at <= end;
            table.rows().filter(|record| record.get(field).as_datetime().is_some_and(within)).collect()
        }
    };
    rows.sort_unstable_by_key(|record| record.id);
    rows
}

fn ago(org: &Org, span: SignedDuration) -> Timestamp {
    org.now().checked_sub(span).unwrap_or(org.now())
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(days * DAY_HOURS)
}

/// Reads the window; seconds do not count.
fn window(org: &Org, call: &Call, most: i64) -> Result<(Timestamp, Timestamp), Box<Answer>> {
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
    if start < ago(org, days(most)) {
        return refuse(&format!("startDate cannot be more than {most} days ago"));
    }
    Ok((start, end))
}
