//! Reading to the end while many requests fail.

use salesforce::bulk_query::{BulkQueryError, QueryOperation};
use salesforce::cells::{Cell, CellType, Column, Columns};
use salesforce::{Error, QueryOptions, QueryPagesError};
use serde_json::json;

use crate::org::Org;

const NAMES: &str = "SELECT Name FROM Account ORDER BY Name";
const ACCOUNTS: usize = 1000;

/// Makes requests whose path has this part fail in every way there is, each seed differently.
async fn trouble(org: &Org, path: &str, seed: u64) {
    let faults = [
        json!({"kind": "reset", "probability": 0.2}),
        json!({"kind": "lost_answer", "probability": 0.2}),
        json!({"kind": "status", "status": 503, "body": "html", "probability": 0.2}),
        json!({"kind": "session_expired", "probability": 0.2}),
    ];
    for (place, mut fault) in (0..).zip(faults) {
        (fault["path"], fault["seed"]) = (path.into(), (seed * 10 + place).into());
        org.control("faults", fault).await;
    }
}

fn expected() -> Vec<String> {
    (0..ACCOUNTS).map(|n| format!("{n:05}")).collect()
}

#[tokio::test]
async fn query_with_faults_gives_each_row_once() {
    let org = Org::empty().await;
    org.accounts(ACCOUNTS).await;
    let mut errors = 0;
    for seed in 1..=5 {
        let options = QueryOptions { batch_size: Some(200), ..QueryOptions::default() };
        let (mut pages, mut names) = (org.client.query_pages(NAMES, options), Vec::new());
        pages.use_client(org.sign_in().await);
        trouble(&org, "/query", seed).await;
        loop {
            match pages.next().await {
                Ok(Some(page)) => {
                    names.extend(page.value.records.iter().map(|row| row.text("Name").unwrap().to_owned()));
                    continue;
                }
                Ok(None) => break,
                Err(QueryPagesError::Call(Error::SessionExpired)) => pages.use_client(org.sign_in().await),
                Err(QueryPagesError::Call(error)) => assert!(error.is_transient(), "{error}"),
                Err(error) => panic!("{error}"),
            }
            errors += 1;
        }
        org.no_more_faults().await;
        assert_eq!(names, expected(), "seed {seed}");
    }
    assert!(errors > 10, "only {errors} errors were met");
}

#[tokio::test]
async fn job_with_faults_gives_each_row_once() {
    let org = Org::empty().await;
    org.accounts(ACCOUNTS).await;
    let made = org.client.create_query_job(NAMES, QueryOperation::Query).await.unwrap();
    let job = org.client.wait_for_query_job(&made.value.id).await.unwrap().value;
    let mut errors = 0;
    for seed in 1..=5 {
        let columns = Columns::new([Column::new("Name", CellType::Text)]);
        let rows = org.sign_in().await.query_job_rows(&job, columns).unwrap();
        let (mut rows, mut names) = (rows.with_max_records(50), Vec::new());
        trouble(&org, "/results", seed).await;
        loop {
            match rows.advance().await {
                Ok(true) => {
                    let Some(Ok(Cell::Text(name))) = rows.cells().next() else { panic!("no name") };
                    names.push(name.to_owned());
                    continue;
                }
                Ok(false) => break,
                Err(BulkQueryError::Call(Error::SessionExpired)) => rows.use_client(org.sign_in().await),
                Err(BulkQueryError::Call(error)) => assert!(error.is_transient(), "{error}"),
                Err(error) => panic!("{error}"),
            }
            errors += 1;
        }
        org.no_more_faults().await;
        assert_eq!(names, expected(), "seed {seed}");
    }
    assert!(errors > 10, "only {errors} errors were met");
}
