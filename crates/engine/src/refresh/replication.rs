//! What an org says of its changes beside the rows: how far they can be told by now, and what was deleted.
//!
//! Both questions travel in the call that asks for the changes, before its queries: what they promise holds for what
//! the queries find.

use super::stream::Stream;
use domain::pull::Plan;
use domain::timestamp::Timestamp;
use salesforce::{CompositeRequest, CompositeResponse, Error, SubResult, Subrequest};

/// Minutes before now, by our clock, of which the org tells what changed when it is asked how far it can tell.
const REACH_MINUTES: i64 = 2;
/// Minutes after now, by our clock, until when a question reaches: the org's clock may be ahead of ours. Where it is
/// ahead by more, some rows come twice.
const AHEAD_MINUTES: i64 = 24 * 60;
/// Deleted records that are looked at one by one.
const MOST_GONE: usize = 2_000;

/// What an org says of one stream's object.
pub(super) struct Told {
    /// Until when everything that has changed can be seen; not every org tells.
    pub(super) covered_until: Option<Timestamp>,
    /// The records that were deleted since the last time; `None` when the org has forgotten some, or they are so many
    /// that looking at all ids costs less.
    pub(super) gone: Option<Vec<String>>,
}

/// Adds the questions to a call.
pub(super) fn ask(
    request: &mut CompositeRequest,
    place: usize,
    stream: &Stream,
    plan: &Plan,
    now: Timestamp,
) -> Result<(), Error> {
    let object = &stream.object;
    let (start, end) =
        (now.plus_minutes(-REACH_MINUTES).to_jiff(), now.plus_minutes(AHEAD_MINUTES).to_jiff());
    push(request, &reach_name(place), Subrequest::updated(object, start, end)?)?;
    match plan {
        // A window that ends before it begins is not asked for: our clock is a day behind.
        Plan::Changes { since } if since.plus_minutes(1).to_jiff() < end => {
            push(request, &gone_name(place), Subrequest::deleted(object, since.to_jiff(), end)?)
        }
        _ => Ok(()),
    }
}

/// Adds a part to a call.
pub(super) fn push(request: &mut CompositeRequest, name: &str, part: Subrequest) -> Result<(), Error> {
    let pushed = request.push(name, part);
    pushed.map_err(|error| Error::InvalidRequest { reason: error.to_string() })
}

/// Reads the answers. An object of which the org keeps no such log has told nothing, and that is no fault.
pub(super) fn read(answer: &CompositeResponse, place: usize, plan: &Plan) -> Told {
    let reach = answer.get(&reach_name(place)).and_then(SubResult::updated);
    let covered_until = reach.ok().map(|told| Timestamp::from_jiff(told.latest_date_covered));
    let Plan::Changes { since } = plan else { return Told { covered_until, gone: Some(Vec::new()) } };
    let gone = match answer.get(&gone_name(place)).and_then(SubResult::deleted) {
        Ok(deleted) => {
            let is_remembered = Timestamp::from_jiff(deleted.earliest_date_available) <= *since;
            let ids = deleted.deleted_records.iter().map(|record| record.id.to_string());
            (is_remembered && ids.len() <= MOST_GONE).then(|| ids.collect())
        }
        Err(error) if error.is_outside_replication_window() || error.is_too_many_ids() => None,
        Err(_) => Some(Vec::new()),
    };
    Told { covered_until, gone }
}

fn reach_name(place: usize) -> String {
    format!("reach{place}")
}

fn gone_name(place: usize) -> String {
    format!("gone{place}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn moment(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn told(status: u16, body: &Value) -> Told {
        let reach = json!({ "ids": [], "latestDateCovered": "2026-05-22T09:58:00.000+0000" });
        let parts = [("reach0", 200, &reach), ("gone0", status, body)];
        let parts = parts.map(|(name, status, body)| {
            json!({ "referenceId": name, "httpStatusCode": status, "httpHeaders": {}, "body": body })
        });
        let answer = serde_json::from_value(json!({ "compositeResponse": parts })).unwrap();
        read(&answer, 0, &Plan::Changes { since: moment("2026-05-22T09:00:00Z") })
    }

    fn deleted(earliest: &str, count: usize) -> Value {
        let ids = (0..count).map(|number| format!("003gT0000{number:06}QAA"));
        let records = ids.map(|id| json!({ "id": id, "deletedDate": "2026-05-22T09:30:00.000+0000" }));
        json!({ "deletedRecords": records.collect::<Vec<_>>(), "earliestDateAvailable": earliest,
                "latestDateCovered": "2026-05-22T09:58:00.000+0000" })
    }

    #[test]
    fn what_was_deleted_is_known_or_all_ids_are_looked_at() {
        let long_ago = "2026-05-08T00:00:00.000+0000";
        let refusal = |code: &str| json!([{ "errorCode": code, "message": "x" }]);
        for (status, body, known) in [
            (200, deleted(long_ago, 0), Some(0)),
            (200, deleted(long_ago, MOST_GONE), Some(MOST_GONE)),
            (200, deleted(long_ago, MOST_GONE + 1), None),
            // Something was purged since, and is not in the log any more.
            (200, deleted("2026-05-22T09:30:00.000+0000", 1), None),
            (400, refusal("INVALID_REPLICATION_DATE"), None),
            (400, refusal("EXCEEDED_ID_LIMIT"), None),
            // No log is kept of this object.
            (404, refusal("NOT_FOUND"), Some(0)),
        ] {
            let told = told(status, &body);
            assert_eq!(told.gone.map(|ids| ids.len()), known, "{status}");
            assert_eq!(told.covered_until, Some(moment("2026-05-22T09:58:00Z")));
        }
    }
}
