//! Faults on request.

use jiff::ToSpan as _;
use reqwest::Method;
use serde_json::json;

use crate::harness::Org;

#[tokio::test]
async fn lost_response_is_committed_without_response() {
    let org = Org::start().await;
    let fault = json!({"kind": "lost_answer", "path": "/sobjects/Lead", "method": "POST", "times": 1});
    org.control("/faults", fault).await;
    let lead = json!({"LastName": "佐藤", "Company": "継手"});
    let lost = org.request(Method::POST, "/sobjects/Lead").json(&lead).send().await;
    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 1);
    let log = org.observe("/requests").await;
    assert_eq!(log["requests"][1]["fault"], "lost_answer");
    assert_eq!(log["requests"][1]["api_calls"], 1);
}

#[tokio::test]
async fn reset_connection_commits_nothing() {
    let org = Org::start().await;
    org.control("/faults", json!({"kind": "reset", "times": 1})).await;
    let lead = json!({"LastName": "佐藤", "Company": "継手"});
    assert!(org.request(Method::POST, "/sobjects/Lead").json(&lead).send().await.is_err());
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 0);
}

#[tokio::test]
async fn truncated_response_has_valid_framing() {
    let org = Org::start().await;
    let whole =
        org.request(Method::GET, "/sobjects/Lead/describe").send().await.unwrap().bytes().await.unwrap();
    org.control("/faults", json!({"kind": "cut", "percent": 25, "times": 1})).await;
    let part =
        org.request(Method::GET, "/sobjects/Lead/describe").send().await.unwrap().bytes().await.unwrap();
    assert_eq!(part.len(), whole.len() / 4);
    assert_eq!(part, whole[..part.len()]);
}

#[tokio::test]
async fn status_fault_applies_before_or_after_commit() {
    let org = Org::start().await;
    let lead = || json!({"LastName": "佐藤", "Company": "継手"});
    org.control("/faults", json!({"kind": "status", "status": 503, "body": "html", "times": 1})).await;
    let told = org.post("/sobjects/Lead", lead()).await;
    assert_eq!(told.status, 503);
    assert!(told.body.as_str().unwrap().starts_with("<html>"));
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 0);
    org.control("/faults", json!({"kind": "status", "status": 500, "after_commit": true, "times": 1})).await;
    let told = org.post("/sobjects/Lead", lead()).await;
    assert_eq!((told.status, told.code()), (500, "UNKNOWN_EXCEPTION"));
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 1);
}

#[tokio::test]
async fn every_catalogue_error_can_be_injected() {
    let org = Org::start().await;
    let fault = json!({"kind": "status", "status": 400, "code": "TXN_SECURITY_METERING_ERROR", "message": "x", "times": 1});
    org.control("/faults", fault).await;
    let told = org.get("/limits").await;
    assert_eq!((told.status, told.code()), (400, "TXN_SECURITY_METERING_ERROR"));
    org.control(
        "/faults",
        json!([{"kind": "slow", "milliseconds": 1, "times": 1}, {"kind": "revoke", "times": 1}]),
    )
    .await;
    assert_eq!(org.get("/limits").await.code(), "INVALID_SESSION_ID");
}

#[tokio::test]
async fn row_lock_fails_some_records_of_collection() {
    let org = Org::start().await;
    org.control("/faults", json!({"kind": "row_lock", "times": 1})).await;
    let lead = |name: &str| json!({"attributes": {"type": "Lead"}, "LastName": name, "Company": "継手"});
    let told = org.post("/composite/sobjects", json!({"records": [lead("一"), lead("二")]})).await;
    assert_eq!(told.body[0]["errors"][0]["statusCode"], "UNABLE_TO_LOCK_ROW");
    assert_eq!(told.body[1]["success"], true);
    assert_eq!(org.observe("/requests").await["requests"][1]["fault"], "row_lock");
}

#[tokio::test]
async fn expired_session_gives_401() {
    let mut org = Org::start().await;
    org.control("/faults", json!({"kind": "session_expired", "times": 1})).await;
    for _ in 0..2 {
        let told = org.get("/limits").await;
        assert_eq!((told.status, told.code()), (401, "INVALID_SESSION_ID"));
    }
    org.sign_in().await;
    assert_eq!(org.get("/limits").await.status, 200);
    org.control("/faults", json!({"kind": "daily_limit"})).await;
    let told = org.get("/limits").await;
    assert_eq!((told.status, told.code()), (403, "REQUEST_LIMIT_EXCEEDED"));
}

#[tokio::test]
async fn late_commit_is_dated_before_cursor() {
    let org = Org::start().await;
    org.lead("見えた", "a@example.jp").await;
    let newest = "SELECT SystemModstamp FROM Lead ORDER BY SystemModstamp DESC LIMIT 1";
    let mark = org.rows(newest).await[0]["SystemModstamp"].as_str().unwrap().replace("+0000", "Z");
    org.control("/faults", json!({"kind": "late_commit", "seconds": 30, "method": "POST", "times": 1})).await;
    let late = org.lead("遅れた", "b@example.jp").await;
    let since = |mark: &str| format!("SELECT Id FROM Lead WHERE SystemModstamp > {mark}");
    assert_eq!(org.rows(&since(&mark)).await.len(), 0, "who asks for what is newer never sees it");
    let overlap = org
        .rows(&format!("SELECT Id, LastName FROM Lead WHERE Id = '{late}' AND SystemModstamp < {mark}"))
        .await;
    assert_eq!(overlap[0]["LastName"], "遅れた");
    assert_eq!(org.observe("/requests").await["requests"][3]["fault"], "late_commit");
    org.control("/clock", json!({"advance_seconds": 2})).await;
    org.lead("間に合った", "c@example.jp").await;
    assert_eq!(org.rows(&since(&mark)).await.len(), 1);
}

#[tokio::test]
async fn open_transaction_holds_back_latest_date_covered() {
    let org = Org::start().await;
    let covered = async || {
        let now = org.observe("/clock").await["now"].as_str().unwrap().replace("+0000", "Z");
        let now: jiff::Timestamp = now.parse().unwrap();
        let window = format!("start={}&end={}", now - 20.minutes(), now + 20.minutes());
        let told = org.get(&format!("/sobjects/Lead/updated?{window}")).await;
        let covered = told.body["latestDateCovered"].as_str().unwrap().replace("+0000", "Z");
        (now.duration_since(covered.parse().unwrap()).as_secs(), told.body["ids"].as_array().unwrap().len())
    };
    assert!(matches!(covered().await, (-5..=0, 0)));
    let late = json!({"kind": "late_commit", "seconds": 600, "path": "/sobjects/Lead", "method": "POST", "times": 1});
    org.control("/faults", late).await;
    assert!(matches!(covered().await, (595..=600, 0)));
    org.lead("遅れた", "b@example.jp").await;
    assert!(matches!(covered().await, (-5..=0, 1)));
}

#[tokio::test]
async fn tied_dates_are_ordered_by_id() {
    let org = Org::start().await;
    org.control("/faults", json!({"kind": "tied_stamps", "seconds": 86_400})).await;
    for number in 0..3 {
        org.lead("佐藤", &format!("{number}@example.jp")).await;
        org.control("/clock", json!({"advance_seconds": 2})).await;
    }
    let rows = org.rows("SELECT SystemModstamp FROM Lead").await;
    let tied =
        |row: &serde_json::Value| row["SystemModstamp"].as_str().unwrap().ends_with("T00:00:00.000+0000");
    assert!(rows.len() == 3 && rows.iter().all(tied), "{rows:?}");
}

#[tokio::test]
async fn slow_query_gives_query_timeout() {
    let org = Org::start().await;
    org.control("/faults", json!({"kind": "query_timeout", "times": 1})).await;
    assert_eq!(org.get("/limits").await.status, 200);
    let told = org.query("SELECT Id FROM Lead").await;
    assert_eq!((told.status, told.code()), (400, "QUERY_TIMEOUT"));
    assert_eq!(org.query("SELECT Id FROM Lead").await.status, 200);
}

#[tokio::test]
async fn long_requests_use_up_concurrent_limit() {
    let org = Org::start().await;
    org.control("/faults", json!({"kind": "slow", "milliseconds": 60_000, "path": "/limits", "times": 5}))
        .await;
    let waiting: Vec<_> = (0..5).map(|_| tokio::spawn(org.request(Method::GET, "/limits").send())).collect();
    while org.observe("/faults").await["faults"] != json!([]) {
        tokio::task::yield_now().await;
    }
    assert_eq!(org.get("/limits").await.status, 200, "they do not run for long yet");
    org.control("/clock", json!({"advance_seconds": 21})).await;
    let told = org.get("/limits").await;
    assert_eq!((told.status, told.code()), (403, "REQUEST_LIMIT_EXCEEDED"));
    assert_eq!(told.body[0]["message"], "ConcurrentPerOrgLongTxn Limit exceeded.");
    org.control("/schema", json!({"organization": {"edition": "Enterprise Edition"}})).await;
    assert_eq!(org.get("/limits").await.status, 200, "an org that is paid for has room for 25");
    waiting.into_iter().for_each(|waiting| waiting.abort());
}
