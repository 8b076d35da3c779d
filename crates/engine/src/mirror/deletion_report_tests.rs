//! How far the question reaches, and what each answer to it says.

use super::*;
use serde_json::Value;
use serde_json::json;

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn told(status: u16, body: &Value) -> DeletionReport {
    let part = json!({ "referenceId": "gone0", "httpStatusCode": status, "httpHeaders": {}, "body": body });
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
