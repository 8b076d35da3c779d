use std::time::Duration;

use salesforce::bulk_query::{
    BulkPosition, BulkQueryError, BulkRows, JobState, QueryJob, QueryOperation, poll_pause,
};
use salesforce::cells::{Cell, CellType, Column, Columns, ColumnsError};
use salesforce::csv::CsvError;
use salesforce::{Client, Error, SalesforceId};
use serde_json::json;

use crate::org::Org;
use crate::server::{Behaviour, answer, client, serve};

const NAMES: &str = "SELECT Id, Name FROM Account ORDER BY Name";

fn columns() -> Columns {
    Columns::new([Column::new("Name", CellType::Text), Column::new("Id", CellType::Id)])
}

async fn job(client: &Client, operation: QueryOperation) -> QueryJob {
    let made = client.create_query_job(NAMES, operation).await.unwrap().value;
    client.wait_for_query_job(&made.id).await.unwrap().value
}

/// The rows of a complete job, ten a page.
async fn rows(client: &Client) -> BulkRows {
    let job = job(client, QueryOperation::Query).await;
    client.query_job_rows(&job, columns()).unwrap().with_max_records(10)
}

/// Adds the names of the rows that are left.
async fn read(rows: &mut BulkRows, names: &mut Vec<String>) -> Result<(), BulkQueryError> {
    while rows.advance().await? {
        let cells: Vec<Cell<'_>> = rows.cells().map(Result::unwrap).collect();
        let [Cell::Text(name), Cell::Id(id)] = cells.as_slice() else { panic!("{cells:?}") };
        assert_eq!(id.prefix(), "001");
        names.push((*name).to_owned());
    }
    Ok(())
}

fn expected(number: usize) -> Vec<String> {
    (0..number).map(|n| format!("{n:05}")).collect()
}

#[tokio::test]
async fn query_job_is_created_polled_read_and_deleted() {
    let org = Org::empty().await;
    org.accounts(25).await;
    let made = org.client.create_query_job(NAMES, QueryOperation::Query).await.unwrap();
    assert_eq!((made.value.state, made.value.object.as_str()), (JobState::UploadComplete, "Account"));
    let id = made.value.id;
    let done = org.client.wait_for_query_job(&id).await.unwrap().value;
    assert_eq!((&done.state, done.number_records_processed), (&JobState::JobComplete, Some(25)));
    let (mut rows, mut names) = (org.client.query_job_rows(&done, columns()).unwrap(), Vec::new());
    read(&mut rows, &mut names).await.unwrap();
    assert_eq!(names, expected(25));
    assert_eq!((rows.advance().await, rows.row(), rows.position().rows_read()), (Ok(false), None, 25));
    org.client.delete_query_job(&id).await.unwrap();
    assert!(org.client.query_job(&id).await.unwrap_err().has_code("NOT_FOUND"));
}

#[tokio::test]
async fn query_all_gives_deleted_rows_and_empty_result_ends() {
    let org = Org::empty().await;
    let ids = org.accounts(1).await;
    org.client.delete("Account", &ids[0]).await.unwrap();
    for (operation, number) in [(QueryOperation::Query, 0), (QueryOperation::QueryAll, 1)] {
        let job = job(&org.client, operation).await;
        let (mut rows, mut names) = (org.client.query_job_rows(&job, columns()).unwrap(), Vec::new());
        read(&mut rows, &mut names).await.unwrap();
        assert_eq!(names.len(), number);
    }
}

#[tokio::test]
async fn result_is_read_in_pages() {
    let org = Org::empty().await;
    org.accounts(25).await;
    let job = job(&org.client, QueryOperation::Query).await;
    let (mut locator, mut numbers) = (None, Vec::new());
    loop {
        let mut page = org.client.query_job_results(&job.id, locator.as_deref(), Some(10)).await.unwrap();
        assert!(page.server_time.is_some());
        let mut bytes = Vec::new();
        while let Some(chunk) = page.chunk().await.unwrap() {
            bytes.extend_from_slice(&chunk);
        }
        assert!(bytes.starts_with(b"\"Id\",\"Name\"\n"));
        numbers.push(page.number_of_records);
        locator = page.locator;
        if locator.is_none() {
            break;
        }
    }
    assert_eq!(numbers, [10, 10, 5]);
}

#[tokio::test]
async fn broken_page_is_refetched_without_duplicates() {
    let org = Org::empty().await;
    org.accounts(25).await;
    for fault in [
        json!({"kind": "lost_answer"}),
        json!({"kind": "reset"}),
        json!({"kind": "status", "status": 500}),
        json!({"kind": "status", "status": 503, "body": "html"}),
    ] {
        let (mut rows, mut names) = (rows(&org.client).await, Vec::new());
        for _ in 0..3 {
            assert!(rows.advance().await.unwrap());
            names.push(rows.row().unwrap().get(1).unwrap().to_owned());
        }
        org.fault("/results", fault.clone()).await;
        let error = read(&mut rows, &mut names).await.unwrap_err();
        assert!(matches!(error, BulkQueryError::Call(Error::Unknown { .. })), "{fault}: {error}");
        // The next page is asked for while one is read: the second may have been there before the fault.
        assert!([10, 20].contains(&names.len()), "{}", names.len());
        read(&mut rows, &mut names).await.unwrap();
        assert_eq!(names, expected(25), "{fault}");
    }
}

#[tokio::test]
async fn reading_resumes_at_any_row_in_new_session() {
    let org = Org::empty().await;
    org.accounts(25).await;
    let (job, other) = (job(&org.client, QueryOperation::Query).await, org.sign_in().await);
    for stop in 0..=25 {
        let some = org.client.query_job_rows(&job, columns()).unwrap();
        let (mut some, mut names) = (some.with_max_records(10), Vec::new());
        for _ in 0..stop {
            assert!(some.advance().await.unwrap());
            names.push(some.row().unwrap().get(1).unwrap().to_owned());
        }
        let kept = serde_json::to_string(some.position()).unwrap();
        drop(some);
        let position: BulkPosition = serde_json::from_str(&kept).unwrap();
        assert_eq!(position.rows_read(), stop);
        let mut others = other.resume_query_job_rows(position, columns()).with_max_records(7);
        read(&mut others, &mut names).await.unwrap();
        assert_eq!(names, expected(25), "stopped after {stop}");
    }
}

#[tokio::test]
async fn expired_session_while_polling_or_reading_is_renewed() {
    let org = Org::empty().await;
    org.accounts(25).await;
    let made = org.client.create_query_job(NAMES, QueryOperation::Query).await.unwrap().value;
    org.fault("/jobs/query/", json!({"kind": "session_expired"})).await;
    let error = org.client.wait_for_query_job(&made.id).await.unwrap_err();
    assert_eq!(error, BulkQueryError::Call(Error::SessionExpired));
    let second = org.sign_in().await;
    let job = second.wait_for_query_job(&made.id).await.unwrap().value;
    let (mut rows, mut names) =
        (second.query_job_rows(&job, columns()).unwrap().with_max_records(10), Vec::new());
    assert!(rows.advance().await.unwrap());
    names.push("00000".to_owned());
    org.fault("/results", json!({"kind": "session_expired"})).await;
    assert_eq!(read(&mut rows, &mut names).await, Err(BulkQueryError::Call(Error::SessionExpired)));
    rows.use_client(org.sign_in().await);
    read(&mut rows, &mut names).await.unwrap();
    assert_eq!(names, expected(25));
}

#[tokio::test]
async fn failed_job_gives_org_error() {
    let org = Org::empty().await;
    org.fault("/jobs/query", json!({"kind": "job_failed", "message": "Timeout : too slow"})).await;
    let made = org.client.create_query_job(NAMES, QueryOperation::Query).await.unwrap().value;
    let failed = BulkQueryError::JobFailed { message: "Timeout : too slow".to_owned() };
    assert_eq!(org.client.wait_for_query_job(&made.id).await.unwrap_err(), failed);
    let job = org.client.query_job(&made.id).await.unwrap().value;
    assert_eq!(org.client.query_job_rows(&job, columns()).unwrap_err(), failed);

    let soql = "SELECT COUNT() FROM Account";
    let refused = org.client.create_query_job(soql, QueryOperation::Query).await.unwrap_err();
    assert!(refused.has_code("API_ERROR"));
}

#[tokio::test]
async fn aborted_job_has_no_result() {
    let org = Org::empty().await;
    org.fault("/jobs/query", json!({"kind": "job_slow", "milliseconds": 60_000})).await;
    let made = org.client.create_query_job(NAMES, QueryOperation::Query).await.unwrap().value;
    let unfinished = org.client.query_job_rows(&made, columns()).unwrap_err();
    assert_eq!(unfinished, BulkQueryError::NotComplete(JobState::UploadComplete));
    let early = org.client.query_job_results(&made.id, None, None).await.unwrap_err();
    assert!(matches!(early, Error::Refused { .. }));
    assert_eq!(org.client.abort_query_job(&made.id).await.unwrap().value.state, JobState::Aborted);
    assert_eq!(org.client.wait_for_query_job(&made.id).await, Err(BulkQueryError::JobAborted));
}

#[tokio::test]
async fn polling_ends_at_timeout() {
    let org = Org::empty().await;
    org.fault("/jobs/query", json!({"kind": "job_slow", "milliseconds": 60_000})).await;
    let made = org.client.create_query_job(NAMES, QueryOperation::Query).await.unwrap().value;
    let waited = tokio::time::timeout(poll_pause(0) * 3, org.client.wait_for_query_job(&made.id)).await;
    assert!(waited.is_err());
}

#[test]
fn poll_intervals_grow_to_maximum() {
    let pauses: Vec<Duration> = (0..40).map(poll_pause).collect();
    assert_eq!(pauses[0], Duration::from_millis(50));
    assert!(pauses.windows(2).all(|pair| pair[0] < pair[1] || pair[1] == Duration::from_secs(20)));
    assert!(pauses[..6].iter().sum::<Duration>() < Duration::from_secs(6));
    assert_eq!((pauses[39], poll_pause(u32::MAX)), (Duration::from_secs(20), Duration::from_secs(20)));
}

#[tokio::test]
async fn page_contradicting_header_or_job_is_error() {
    let table = "\"Id\",\"Name\"\n\"001dM00003kRs59QAC\",\"a\"\n";
    let head = |locator: &str, number: &str| {
        format!("Sforce-Locator: {locator}\r\nSforce-NumberOfRecords: {number}\r\n")
    };
    let row_count = |read, told| BulkQueryError::RowCount { read, told };
    for (headers, body, error) in [
        (head("null", "2"), table.to_owned(), BulkQueryError::PageRowCount { read: 1, told: 2 }),
        (head("null", "1"), table.to_owned(), row_count(1, 2)),
        (head("MQ", "3"), format!("{table}{row}{row}", row = &table[12..]), row_count(3, 2)),
        (head("null", "2"), String::new(), BulkQueryError::Csv(CsvError::NoHeader)),
        (head("null", "2"), format!("{table}\"x"), BulkQueryError::Csv(CsvError::OpenQuote { row: 3 })),
        (
            head("null", "2"),
            "\"Id\"\n".to_owned(),
            BulkQueryError::Columns(ColumnsError::NotInHeader("Name".to_owned())),
        ),
    ] {
        assert_eq!(read_from(&headers, &body).await, error, "{headers}{body}");
    }
    for headers in ["", "Sforce-Locator: null\r\n", "Sforce-NumberOfRecords: 1\r\n", &head("null", "many")] {
        let error = read_from(headers, table).await;
        assert!(matches!(error, BulkQueryError::Call(Error::Unreadable { .. })), "{headers}: {error}");
    }
}

#[tokio::test]
async fn truncated_csv_gives_rows_then_error() {
    let cut = "HTTP/1.1 200 OK\r\nSforce-Locator: null\r\nSforce-NumberOfRecords: 2\r\nContent-Length: 500\r\n\r\n\
               \"Id\",\"Name\"\n\"001dM00003kRs59QAC\",\"a\"\n\"001dM0000";
    let (url, server) = serve(Behaviour::Answer(cut.to_owned())).await;
    let (mut rows, mut names) = (client(url).resume_query_job_rows(position(), columns()), Vec::new());
    let error = read(&mut rows, &mut names).await.unwrap_err();
    assert!(matches!(error, BulkQueryError::Call(Error::Unknown { .. })), "{error}");
    assert_eq!((names, rows.position().rows_of_page), (vec!["a".to_owned()], 1));
    let request = server.await.unwrap().to_ascii_lowercase();
    assert!(request.contains("accept: text/csv") && request.contains("accept-encoding: gzip"), "{request}");
}

#[tokio::test]
async fn silent_org_gives_timeout() {
    let (url, _server) = serve(Behaviour::Silence).await;
    let error = client(url).resume_query_job_rows(position(), columns()).advance().await.unwrap_err();
    assert!(matches!(error, BulkQueryError::Call(Error::Unknown { .. })), "{error}");
}

/// The start of a result of two rows.
fn position() -> BulkPosition {
    let job: SalesforceId = "7505g00000AbCdE".parse().unwrap();
    BulkPosition { job, locator: None, rows_before_page: 0, rows_of_page: 0, total: 2 }
}

/// Reads a result of two rows, told to be so by its job, from a server with one answer.
async fn read_from(headers: &str, body: &str) -> BulkQueryError {
    let (url, _server) = serve(answer("200 OK", headers, body)).await;
    let mut rows = client(url).resume_query_job_rows(position(), columns());
    read(&mut rows, &mut Vec::new()).await.unwrap_err()
}
