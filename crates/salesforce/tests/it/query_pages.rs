use salesforce::{Client, Error, QueryOptions, QueryPages, QueryPagesError, QueryPosition};
use serde_json::json;

use crate::org::Org;
use crate::server::{Behaviour, answer, client, serve};

const SMALL: QueryOptions = QueryOptions { all_rows: false, batch_size: Some(200) };
const NAMES: &str = "SELECT Name FROM Account ORDER BY Name";

/// Adds the names of the pages that are left.
async fn read(pages: &mut QueryPages, names: &mut Vec<String>) -> Result<(), QueryPagesError> {
    while let Some(page) = pages.next().await? {
        assert!(page.server_time.is_some());
        names.extend(page.value.records.iter().map(|row| row.text("Name").unwrap().to_owned()));
    }
    Ok(())
}

fn expected(number: usize) -> Vec<String> {
    (0..number).map(|n| format!("{n:05}")).collect()
}

#[tokio::test]
async fn pages_of_requested_size_give_each_row_once() {
    let org = Org::empty().await;
    org.accounts(450).await;
    let mut pages = org.client.query_pages(NAMES, SMALL);
    assert_eq!((pages.total_size(), pages.position()), (None, None));
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!((first.value.records.len(), pages.rows_read(), pages.total_size()), (200, 200, Some(450)));
    let mut names = expected(200);
    read(&mut pages, &mut names).await.unwrap();
    assert_eq!(names, expected(450));
    assert_eq!((pages.next().await, pages.position()), (Ok(None), None), "the end stays the end");
}

#[tokio::test]
async fn query_all_gives_deleted_rows() {
    let org = Org::empty().await;
    let ids = org.accounts(3).await;
    org.client.delete("Account", &ids[1]).await.unwrap();
    for (all_rows, rows) in [(false, 2), (true, 3)] {
        let mut pages = org.client.query_pages(NAMES, QueryOptions { all_rows, batch_size: None });
        assert_eq!(pages.next().await.unwrap().unwrap().value.records.len(), rows);
    }
}

#[tokio::test]
async fn failed_page_is_refetched_without_loss() {
    let org = Org::empty().await;
    org.accounts(450).await;
    for fault in [
        json!({"kind": "lost_answer"}),
        json!({"kind": "reset"}),
        json!({"kind": "status", "status": 500}),
        json!({"kind": "status", "status": 503, "body": "html"}),
        json!({"kind": "daily_limit"}),
    ] {
        let (mut pages, mut names) = (org.client.query_pages(NAMES, SMALL), Vec::new());
        org.fault("/query/", fault.clone()).await;
        let error = read(&mut pages, &mut names).await.unwrap_err();
        assert!(matches!(&error, QueryPagesError::Call(error) if error.is_transient()), "{fault}: {error}");
        assert_eq!(names.len(), 200);
        read(&mut pages, &mut names).await.unwrap();
        assert_eq!(names, expected(450), "{fault}");
    }
}

#[tokio::test]
async fn new_session_resumes_at_old_position() {
    let org = Org::empty().await;
    org.accounts(450).await;
    let (mut pages, mut names) = (org.client.query_pages(NAMES, SMALL), Vec::new());
    org.fault("/query/", json!({"kind": "session_expired"})).await;
    let error = read(&mut pages, &mut names).await.unwrap_err();
    assert_eq!(error, QueryPagesError::Call(Error::SessionExpired));
    pages.use_client(org.sign_in().await);
    read(&mut pages, &mut names).await.unwrap();
    assert_eq!(names, expected(450));
}

#[tokio::test]
async fn reading_resumes_from_stored_position() {
    let org = Org::empty().await;
    org.accounts(450).await;
    let mut pages = org.client.query_pages(NAMES, SMALL);
    pages.next().await.unwrap();
    let kept = serde_json::to_string(&pages.position().unwrap()).unwrap();
    drop(pages);
    let position: QueryPosition = serde_json::from_str(&kept).unwrap();
    let mut pages = org.client.resume_query_pages(position.clone(), SMALL);
    let mut names = expected(200);
    read(&mut pages, &mut names).await.unwrap();
    assert_eq!(names, expected(450));

    org.control("clock", json!({"advance_seconds": 3 * 86_400})).await;
    let client = org.sign_in().await;
    let error = client.resume_query_pages(position, SMALL).next().await.unwrap_err();
    assert!(matches!(error, QueryPagesError::Call(error) if error.has_code("INVALID_QUERY_LOCATOR")));
}

#[tokio::test]
async fn missing_rows_between_pages_are_detected() {
    let org = Org::empty().await;
    let ids = org.accounts(450).await;
    let (mut pages, mut names) = (org.client.query_pages(NAMES, SMALL), Vec::new());
    pages.next().await.unwrap();
    org.client.delete("Account", &ids[440]).await.unwrap();
    for _ in 0..2 {
        let error = read(&mut pages, &mut names).await.unwrap_err();
        assert_eq!(error, QueryPagesError::RowCount { read: 449, total: 450 });
    }
    assert_eq!(names.len(), 200, "the last page is kept back");
}

#[tokio::test]
async fn early_end_of_pages_is_error() {
    let next = r#""nextRecordsUrl":"/services/data/v66.0/query/0r8-1""#;
    for (body, error) in [
        (
            r#"{"totalSize":3,"done":true,"records":[{}]}"#.to_owned(),
            QueryPagesError::RowCount { read: 2, total: 3 },
        ),
        (
            r#"{"totalSize":3,"done":true,"records":[{},{},{}]}"#.to_owned(),
            QueryPagesError::RowCount { read: 4, total: 3 },
        ),
        (
            r#"{"totalSize":3,"done":false,"records":[{}]}"#.to_owned(),
            QueryPagesError::NoNextPage { read: 2, total: 3 },
        ),
        (
            format!(r#"{{"totalSize":3,"done":false,{next},"records":[]}}"#),
            QueryPagesError::NoNextPage { read: 1, total: 3 },
        ),
        (
            r#"{"totalSize":9,"done":true,"records":[{},{}]}"#.to_owned(),
            QueryPagesError::TotalChanged { before: 3, after: 9 },
        ),
    ] {
        let (url, _server) = serve(answer("200 OK", "", &body)).await;
        let next_records_url = "/services/data/v66.0/query/0r8-1".to_owned();
        let position = QueryPosition { next_records_url, rows_read: 1, total_size: 3 };
        let mut pages = client(url).resume_query_pages(position, QueryOptions::default());
        assert_eq!(pages.next().await.unwrap_err(), error, "{body}");
    }
}

#[tokio::test]
async fn truncated_page_is_error_and_not_the_end() {
    let cut = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"totalSize\":1,\"\r\n";
    let (url, _server) = serve(Behaviour::Answer(cut.to_owned())).await;
    let error = client(url).query_pages("SELECT Id FROM Lead", SMALL).next().await.unwrap_err();
    assert!(matches!(error, QueryPagesError::Call(Error::Unknown { .. })), "{error:?}");
}

fn long_query(names: usize) -> String {
    let names: Vec<String> = (0..names).map(|n| format!("'継手 {n:05}'")).collect();
    format!("SELECT Name FROM Account WHERE Name NOT IN ({}) ORDER BY Name", names.join(","))
}

#[tokio::test]
async fn query_too_long_for_url_uses_composite() {
    let org = Org::empty().await;
    org.accounts(450).await;
    let soql = long_query(3000);
    let (mut pages, mut names) = (org.client.query_pages(&soql, SMALL), Vec::new());
    assert_eq!(pages.next().await.unwrap().unwrap().value.records.len(), 200);
    names.extend(expected(200));
    read(&mut pages, &mut names).await.unwrap();
    assert_eq!(names, expected(450));
    let requests = org.requests().await;
    let paths: Vec<&str> =
        requests.iter().rev().take(3).map(|request| request.split(['?', '-']).next().unwrap()).collect();
    assert!(paths[2].ends_with("POST /services/data/v66.0/composite"), "{paths:?}");
    assert!(paths[..2].iter().all(|path| path.starts_with("GET /services/data/v66.0/query/")), "{paths:?}");
    let refused = org.client.query(&soql.replace("Name NOT", "Nope NOT")).await.unwrap_err();
    assert!(refused.has_code("INVALID_FIELD"), "{refused:?}");
}

async fn together(client: &Client) -> Vec<Result<usize, Error>> {
    let long = long_query(1000);
    let queries =
        ["SELECT Id FROM Lead", NAMES, "SELECT Nope FROM Contact", "SELECT Id FROM User LIMIT 1", &long];
    let mut rows = Vec::new();
    for pages in client.query_batch(&queries, SMALL).await.unwrap() {
        rows.push(match pages {
            Ok(mut pages) => {
                while pages.next().await.unwrap().is_some() {}
                Ok(usize::try_from(pages.rows_read()).unwrap())
            }
            Err(error) => Err(error),
        });
    }
    rows
}

#[tokio::test]
async fn batched_queries_share_a_call_and_fail_separately() {
    let org = Org::empty().await;
    org.accounts(201).await;
    let before = org.requests().await.len();
    let rows = together(&org.client).await;
    let counts: Vec<Option<usize>> = rows.iter().map(|rows| rows.as_ref().ok().copied()).collect();
    assert_eq!(counts, [Some(0), Some(201), None, Some(1), Some(201)]);
    assert!(rows[2].as_ref().unwrap_err().has_code("INVALID_FIELD"));
    assert_eq!(org.requests().await.len() - before, 3, "one for the five, and two second pages");
    for none in [&[][..], &["SELECT Id FROM Lead"; 6][..]] {
        let error = org.client.query_batch(none, SMALL).await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest { .. }));
    }
}
