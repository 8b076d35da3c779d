//! What an org says of its changes beside the rows: what was deleted, and how far changes can be told by now.
//!
//! The question travels in the call that asks for the changes, before its queries: what the answer promises holds for
//! what the queries find. `/updated` would tell how far as well, but with the ids of everything that has changed, which
//! may be all there is.

use crate::mirror::model::stream::Stream;
use crate::org::client::{OrgCallError, OrgClient};
use domain::mirror::PullPlan;
use domain::value::Timestamp;
use salesforce::{CompositeRequest, CompositeResponse, Deleted, Error, SubResult, Subrequest};

/// Minutes before now, by our clock, since which a first fetch asks what was deleted: only how far the answer reaches is
/// wanted of it.
const REACH_MINUTES: i64 = 2;
/// Minutes after now, by our clock, until when the question reaches: the org's clock may be ahead of ours. Where it is
/// ahead by more, some rows come twice.
const AHEAD_MINUTES: i64 = 24 * 60;
/// Bytes of an answer that is about one stream alone.
const MAX_SEPARATE_BYTES: usize = 8 * 1024 * 1024;
/// Deleted records that are looked at one by one.
const MAX_DELETED: usize = 2_000;

/// What an org says of one stream's object.
pub(crate) struct DeletionReport {
    /// Until when everything that has changed can be seen; not every org tells.
    pub(crate) covered_until: Option<Timestamp>,
    /// The records that were deleted since the last time; `None` when the org has forgotten some, or they are so many
    /// that looking at all ids costs less.
    pub(crate) gone: Option<Vec<String>>,
}

/// Adds the question to a call.
pub(crate) fn request(
    request: &mut CompositeRequest,
    place: usize,
    stream: &Stream,
    plan: &PullPlan,
    now: Timestamp,
) -> Result<(), Error> {
    let (start, end) = window(plan, now);
    Ok(request.push(&name(place), Subrequest::deleted(&stream.object, start, end)?)?)
}

/// Asks in a call of its own; a log that is too long to read is as good as forgotten.
pub(crate) async fn request_separately(
    asking: &mut OrgClient<'_>,
    stream: &Stream,
    plan: &PullPlan,
    now: Timestamp,
) -> Result<DeletionReport, OrgCallError> {
    let (start, end) = window(plan, now);
    let told = asking.call(|client| async move {
        client.with_largest_answer(MAX_SEPARATE_BYTES).deleted(&stream.object, start, end).await
    });
    match told.await {
        Ok(answer) => Ok(update_from(Ok(answer.value), plan)),
        Err(OrgCallError::Org(error @ (Error::Refused { .. } | Error::TooLong { .. }))) => {
            Ok(update_from(Err(error), plan))
        }
        Err(error) => Err(error),
    }
}

fn window(plan: &PullPlan, now: Timestamp) -> (jiff::Timestamp, jiff::Timestamp) {
    let end = now.plus_minutes(AHEAD_MINUTES);
    let start = match plan {
        // Otherwise our clock is a day behind, and the window would end before it begins.
        PullPlan::Incremental { since } if since.plus_minutes(1) < end => *since,
        _ => now.plus_minutes(-REACH_MINUTES),
    };
    (start.to_jiff(), end.to_jiff())
}

/// Reads the answer.
pub(crate) fn read(answer: &CompositeResponse, place: usize, plan: &PullPlan) -> DeletionReport {
    update_from(answer.get(&name(place)).and_then(SubResult::deleted), plan)
}

/// An object of which the org keeps no such log has told nothing, and that is no fault.
fn update_from(told: Result<Deleted, Error>, plan: &PullPlan) -> DeletionReport {
    match told {
        Ok(deleted) => {
            let covered_until = Some(Timestamp::from_jiff(deleted.latest_date_covered));
            let PullPlan::Incremental { since } = plan else {
                return DeletionReport { covered_until, gone: Some(Vec::new()) };
            };
            let is_remembered = Timestamp::from_jiff(deleted.earliest_date_available) <= *since;
            let ids = deleted.deleted_records.iter().map(|record| record.id.to_string());
            let gone = (is_remembered && ids.len() <= MAX_DELETED).then(|| ids.collect());
            DeletionReport { covered_until, gone }
        }
        Err(error) => {
            let keeps_no_log = matches!(error, Error::Refused { .. })
                && !error.is_outside_replication_window()
                && !error.is_too_many_ids()
                && !error.is_transient();
            DeletionReport { covered_until: None, gone: keeps_no_log.then(Vec::new) }
        }
    }
}

fn name(place: usize) -> String {
    format!("gone{place}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use serde_json::json;

    fn moment(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn told(status: u16, body: &Value) -> DeletionReport {
        let part =
            json!({ "referenceId": "gone0", "httpStatusCode": status, "httpHeaders": {}, "body": body });
        let answer = serde_json::from_value(json!({ "compositeResponse": [part] })).unwrap();
        read(&answer, 0, &PullPlan::Incremental { since: moment("2026-05-22T09:00:00Z") })
    }

    fn deleted(earliest: &str, count: usize) -> Value {
        let ids = (0..count).map(|number| format!("003gT0000{number:06}QAA"));
        let records = ids.map(|id| json!({ "id": id, "deletedDate": "2026-05-22T09:30:00.000+0000" }));
        json!({ "deletedRecords": records.collect::<Vec<_>>(), "earliestDateAvailable": earliest,
                "latestDateCovered": "2026-05-22T09:58:00.000+0000" })
    }

    #[test]
    fn deletion_log_is_complete_or_id_scan_is_needed() {
        let long_ago = "2026-05-08T00:00:00.000+0000";
        let refusal = |code: &str| json!([{ "errorCode": code, "message": "x" }]);
        for (status, body, known) in [
            (200, deleted(long_ago, 0), Some(0)),
            (200, deleted(long_ago, MAX_DELETED), Some(MAX_DELETED)),
            (200, deleted(long_ago, MAX_DELETED + 1), None),
            // Something was purged since, and is not in the log any more.
            (200, deleted("2026-05-22T09:30:00.000+0000", 1), None),
            (400, refusal("INVALID_REPLICATION_DATE"), None),
            (400, refusal("EXCEEDED_ID_LIMIT"), None),
            // There may be deletions that the log does not list.
            (500, refusal("UNKNOWN_EXCEPTION"), None),
            (400, refusal("UNABLE_TO_LOCK_ROW"), None),
            (200, json!({}), None),
            // No log is kept of this object.
            (404, refusal("NOT_FOUND"), Some(0)),
        ] {
            let covered = body.get("latestDateCovered").map(|_| moment("2026-05-22T09:58:00Z"));
            let told = told(status, &body);
            assert_eq!(told.gone.map(|ids| ids.len()), known, "{status} {body}");
            assert_eq!(told.covered_until, covered);
        }
    }

    #[test]
    fn question_reaches_from_the_last_run_to_a_day_from_now() {
        let now = moment("2026-05-22T09:00:00Z");
        let ahead = now.plus_minutes(AHEAD_MINUTES);
        let since = |since| PullPlan::Incremental { since };
        let recent = now.plus_minutes(-REACH_MINUTES);
        for (what, plan, start) in [
            ("a first fetch", PullPlan::Full, recent),
            ("an hour ago", since(now.plus_minutes(-60)), now.plus_minutes(-60)),
            ("our clock is an hour behind", since(now.plus_minutes(60)), now.plus_minutes(60)),
            ("our clock is a day behind", since(ahead), recent),
            ("hardly less", since(ahead.plus_minutes(-1)), recent),
            ("two minutes less", since(ahead.plus_minutes(-2)), ahead.plus_minutes(-2)),
        ] {
            assert_eq!(window(&plan, now), (start.to_jiff(), ahead.to_jiff()), "{what}");
        }
    }

    #[test]
    fn first_fetch_wants_only_how_far_the_answer_reaches() {
        let body = deleted("2026-05-22T09:30:00.000+0000", MAX_DELETED + 1);
        let told = update_from(Ok(serde_json::from_value(body).unwrap()), &PullPlan::Full);
        assert_eq!(told.gone, Some(Vec::new()));
        assert_eq!(told.covered_until, Some(moment("2026-05-22T09:58:00Z")));
    }
}
