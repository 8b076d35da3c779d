//! The life cycle of ingest jobs: aborted, failed, listed, expired, rejected.

use reqwest::Method;
use serde_json::{Value, json};

use crate::bulk::id;
use crate::bulk_ingest::lead;
use crate::harness::{Org, Told};

#[tokio::test]
async fn long_job_does_not_block_and_can_be_aborted() {
    let org = Org::start().await;
    org.control(
        "/faults",
        json!({"kind": "job_slow", "milliseconds": 60_000, "after_rows": 200, "path": "/jobs/ingest"}),
    )
    .await;
    let rows: String = (0..1_000).map(|number| format!("Bulk {number},x\n")).collect();
    let job = org.open_job(lead("insert")).await;
    assert_eq!(org.upload(&job, format!("LastName,Company\n{rows}")).await.status, 201);
    let path = format!("ingest/{job}");
    assert_eq!(org.get(&format!("/jobs/{path}/successfulResults")).await.code(), "INVALIDJOBSTATE");
    org.close_job(&job).await;
    let running = org.job_when(&path, |job| job["numberRecordsProcessed"] != 0).await;
    assert_eq!(running["state"], "InProgress");
    org.lead("rest", "rest@example.com").await;
    let told = org.delete(&format!("/jobs/{path}")).await;
    assert_eq!((told.status, told.code()), (400, "API_ERROR"));
    let told = org.patch(&format!("/jobs/{path}"), json!({"state": "Aborted"})).await;
    assert_eq!((told.status, &told.body["state"]), (200, &json!("Aborted")));
    let told = org.patch(&format!("/jobs/{path}"), json!({"state": "Aborted"})).await;
    assert_eq!((told.status, told.code()), (400, "INVALIDJOBSTATE"));
    let stopped = org.finished(&path).await;
    assert_eq!(stopped["numberRecordsProcessed"], 200);
    assert_eq!(org.table(&format!("{path}/successfulResults")).await.len(), 1 + 200);
    assert_eq!(org.table(&format!("{path}/unprocessedrecords")).await.len(), 1 + 800);
    let saved = org.rows("SELECT COUNT(Id) n FROM Lead WHERE LastName LIKE 'Bulk %'").await;
    assert_eq!(saved[0]["n"], 200);
}

#[tokio::test]
async fn locked_rows_are_retried_then_fail() {
    let org = Org::start().await;
    org.control("/faults", json!({"kind": "row_lock", "path": "/jobs/", "times": 3})).await;
    let csv = "LastName,Company\na,x\nb,x\n";
    let job = org.load(lead("insert"), csv).await;
    assert_eq!((&job["numberRecordsFailed"], &job["retries"]), (&json!(0), &json!(2)));
    org.control("/faults", json!({"kind": "row_lock", "path": "/jobs/"})).await;
    let job = org.load(lead("insert"), csv).await;
    assert_eq!((&job["state"], &job["numberRecordsFailed"]), (&json!("JobComplete"), &json!(2)));
    assert_eq!(job["retries"], 10);
    let failed = org.table(&format!("ingest/{}/failedResults", id(&job))).await;
    let expected =
        "\"\",\"UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record:--\",\"a\",\"x\"";
    assert_eq!(failed[1], expected);
}

#[tokio::test]
async fn job_fault_fails_job_half_way() {
    let org = Org::start().await;
    let fault = json!({"kind": "job_failed", "after_rows": 200, "message": "TooManyLockFailure : Too many", "times": 1});
    org.control("/faults", fault).await;
    let rows: String = (0..500).map(|number| format!("Bulk {number},x\n")).collect();
    let job = org.load(lead("insert"), &format!("LastName,Company\n{rows}")).await;
    assert_eq!(
        (&job["state"], &job["errorMessage"]),
        (&json!("Failed"), &json!("TooManyLockFailure : Too many"))
    );
    assert_eq!(job["numberRecordsProcessed"], 200);
    assert_eq!(org.table(&format!("ingest/{}/unprocessedRecords/", id(&job))).await.len(), 301);
    assert_eq!(org.table(&format!("ingest/{}/successfulResults/", id(&job))).await.len(), 201);
}

#[tokio::test]
async fn faults_apply_to_job_requests() {
    let org = Org::start().await;
    org.control(
        "/faults",
        json!({"kind": "lost_answer", "path": "/jobs/ingest", "method": "POST", "times": 1}),
    )
    .await;
    assert!(org.request(Method::POST, "/jobs/ingest").json(&lead("insert")).send().await.is_err());
    let told = org.get("/jobs/ingest").await;
    assert_eq!(told.body["records"].as_array().unwrap().len(), 1, "it was made all the same");
}

#[tokio::test]
async fn jobs_list_is_paged() {
    let org = Org::start().await;
    for _ in 0..1_001 {
        org.open_job(lead("insert")).await;
    }
    let first = org.get("/jobs/ingest/?jobType=V2Ingest&isPkChunkingEnabled=false").await.body;
    assert_eq!((first["records"].as_array().unwrap().len(), &first["done"]), (1_000, &json!(false)));
    assert_eq!(first["records"][0]["jobType"], "V2Ingest");
    let next = first["nextRecordsUrl"].as_str().unwrap();
    let next = next.strip_prefix("/services/data/v66.0").unwrap();
    let second = org.get(next).await.body;
    assert_eq!((second["records"].as_array().unwrap().len(), &second["done"]), (1, &json!(true)));
    assert_eq!(second["nextRecordsUrl"], Value::Null);
    assert_eq!(org.get("/jobs/ingest?jobType=Classic").await.body["records"], json!([]));
    assert_eq!(org.get("/jobs/ingest?isPkChunkingEnabled=true").await.body["records"], json!([]));
    assert_eq!(org.get("/jobs/ingest?queryLocator=nonsense").await.status, 400);
}

#[tokio::test]
async fn deleted_job_gives_404() {
    let org = Org::start().await;
    let job = org.load(lead("insert"), "LastName,Company\na,x\n").await;
    let path = format!("/jobs/ingest/{}", id(&job));
    assert_eq!(org.delete(&path).await.status, 204);
    for path in [path.clone(), format!("{path}/successfulResults"), "/jobs/ingest/nonsense".to_owned()] {
        let told = org.get(&path).await;
        assert_eq!((told.status, told.code()), (404, "NOT_FOUND"), "{path}");
    }
    let open = org.open_job(lead("insert")).await;
    assert_eq!(org.delete(&format!("/jobs/ingest/{open}")).await.status, 400);
    org.control("/reset", json!({})).await;
}

#[tokio::test]
async fn jobs_expire_by_org_clock() {
    let mut org = Org::start().await;
    let job = org.load(lead("insert"), "LastName,Company\na,x\n").await;
    let open = org.open_job(lead("insert")).await;
    org.control("/clock", json!({"advance_seconds": 86_500})).await;
    org.sign_in().await;
    assert_eq!(org.get(&format!("/jobs/ingest/{open}")).await.body["state"], "Aborted");
    org.control("/clock", json!({"advance_seconds": 5 * 86_400})).await;
    org.sign_in().await;
    assert_eq!(org.get(&format!("/jobs/ingest/{}", id(&job))).await.status, 200);
    org.control("/clock", json!({"advance_seconds": 86_400})).await;
    org.sign_in().await;
    assert_eq!(org.get(&format!("/jobs/ingest/{}", id(&job))).await.status, 404);
}

#[tokio::test]
async fn job_stops_if_org_is_reset() {
    let mut org = Org::start().await;
    org.control("/faults", json!({"kind": "job_slow", "milliseconds": 1, "times": 1})).await;
    let rows: String = (0..2_000).map(|number| format!("Bulk {number},x\n")).collect();
    let job = org.open_job(lead("insert")).await;
    org.upload(&job, format!("LastName,Company\n{rows}")).await;
    org.close_job(&job).await;
    org.job_when(&format!("ingest/{job}"), |job| job["numberRecordsProcessed"] != 0).await;
    org.control("/reset", json!({})).await;
    org.sign_in().await;
    org.load(lead("insert"), "LastName,Company\na,x\n").await;
    assert_eq!(org.rows("SELECT LastName FROM Lead").await.len(), 1);
}

#[tokio::test]
async fn too_large_upload_is_rejected() {
    use std::io::Write;
    let org = Org::start().await;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let piece = vec![b'x'; 1_000_000];
    for _ in 0..113 {
        packed.write_all(&piece).unwrap();
    }
    let job = org.open_job(lead("insert")).await;
    let request = org.request(Method::PUT, &format!("/jobs/ingest/{job}/batches"));
    let request = request.header("content-type", "text/csv").header("content-encoding", "gzip");
    let told = Told::read(request.body(packed.finish().unwrap()).send().await.unwrap()).await;
    assert_eq!((told.status, told.code()), (400, "CLIENTINPUTERROR"));
    assert_eq!(org.upload(&job, "LastName,Company\na,x\n").await.status, 201, "the job is still open");
}

#[tokio::test]
async fn reset_org_has_no_jobs() {
    let mut org = Org::start().await;
    let job = org.load(lead("insert"), "LastName,Company\na,x\n").await;
    org.control("/reset", json!({})).await;
    org.sign_in().await;
    assert_eq!(org.get(&format!("/jobs/ingest/{}", id(&job))).await.status, 404);
    assert_eq!(
        org.get("/jobs/ingest").await.body,
        json!({"done": true, "records": [], "nextRecordsUrl": null})
    );
}

#[tokio::test]
async fn invalid_job_is_rejected() {
    let org = Org::start().await;
    for (job, code) in [
        (json!({"operation": "insert"}), "INVALIDJOB"),
        (json!({"object": "Lead"}), "INVALIDJOB"),
        (json!({"object": "Nope__c", "operation": "insert"}), "INVALIDENTITY"),
        (json!({"object": "Lead", "operation": "merge"}), "JSON_PARSER_ERROR"),
        (json!({"object": "Lead", "operation": "upsert"}), "INVALIDJOB"),
        (json!({"object": "Lead", "operation": "upsert", "externalIdFieldName": "Title"}), "INVALIDJOB"),
        (json!({"object": "Lead", "operation": "insert", "externalIdFieldName": "Email"}), "INVALIDJOB"),
        (json!({"object": "Lead", "operation": "insert", "contentType": "XML"}), "JSON_PARSER_ERROR"),
        (json!({"object": "Lead", "operation": "insert", "columnDelimiter": ","}), "JSON_PARSER_ERROR"),
        (json!({"object": "Lead", "operation": "insert", "lineEnding": 7}), "JSON_PARSER_ERROR"),
        (json!({"object": "Lead", "operation": "insert", "assignmentRuleId": "x"}), "INVALIDJOB"),
        (json!([]), "JSON_PARSER_ERROR"),
    ] {
        let told = org.post("/jobs/ingest", job.clone()).await;
        assert_eq!((told.status, told.code()), (400, code), "{job}");
    }
    let open = org.open_job(lead("insert")).await;
    let path = format!("/jobs/ingest/{open}");
    assert_eq!(org.patch(&path, json!({"state": "JobComplete"})).await.code(), "INVALIDJOBSTATE");
    assert_eq!(org.patch(&path, json!({"state": "nonsense"})).await.code(), "JSON_PARSER_ERROR");
    assert_eq!(org.post(&path, json!({})).await.status, 405);
    let json = org.request(Method::PUT, &format!("{path}/batches")).json(&json!({})).send().await.unwrap();
    assert_eq!(json.status(), 415);
    assert_eq!(org.get(&format!("/jobs/ingest/{open}/nonsense")).await.status, 400);
}

#[tokio::test]
async fn batches_are_rejected_above_daily_limit() {
    let org = Org::start().await;
    org.control("/schema", json!({"limits": {"daily_bulk_batches": 2}})).await;
    let rows: String = (0..10_001).map(|number| format!("{number},x\n")).collect();
    let table = format!("LastName,Company\n{rows}");
    let job = org.load(lead("insert"), &table).await;
    assert_eq!((&job["state"], &job["numberRecordsProcessed"]), (&json!("JobComplete"), &json!(10_001)));
    let limits = org.get("/limits").await.body;
    assert_eq!(limits["DailyBulkApiBatches"], json!({"Max": 2, "Remaining": 0}));
    let job = org.load(lead("insert"), "LastName,Company\na,x\n").await;
    assert_eq!(job["state"], "Failed");
    assert!(job["errorMessage"].as_str().unwrap().starts_with("ExceededQuota : "), "{job}");
}
