//! Helpers for bulk jobs.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Org, Told};

impl Org {
    /// Makes a job that loads records.
    pub(crate) async fn open_job(&self, job: Value) -> String {
        let told = self.post("/jobs/ingest", job).await;
        assert_eq!((told.status, &told.body["state"]), (200, &json!("Open")), "{:?}", told.body);
        told.body["id"].as_str().unwrap().to_owned()
    }

    /// Gives a job its table.
    pub(crate) async fn upload(&self, job: &str, csv: impl Into<reqwest::Body>) -> Told {
        let request = self.request(Method::PUT, &format!("/jobs/ingest/{job}/batches"));
        Told::read(request.header("content-type", "text/csv").body(csv.into()).send().await.unwrap()).await
    }

    /// Says that a job has its table.
    pub(crate) async fn close_job(&self, job: &str) {
        let told = self.patch(&format!("/jobs/ingest/{job}"), json!({"state": "UploadComplete"})).await;
        assert_eq!((told.status, &told.body["state"]), (200, &json!("UploadComplete")), "{:?}", told.body);
    }

    /// The job once it has come to its end; `path` is `ingest/ID` or `query/ID`.
    pub(crate) async fn finished(&self, path: &str) -> Value {
        self.job_when(path, |job| {
            ["JobComplete", "Failed", "Aborted"].iter().any(|state| job["state"] == *state)
        })
        .await
    }

    /// The job once it is so.
    pub(crate) async fn job_when(&self, path: &str, so: impl Fn(&Value) -> bool) -> Value {
        let asked_for_long = async {
            loop {
                let told = self.get(&format!("/jobs/{path}")).await;
                assert_eq!(told.status, 200, "{:?}", told.body);
                if so(&told.body) {
                    return told.body;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), asked_for_long).await.unwrap()
    }

    /// Loads a table and waits for the end.
    pub(crate) async fn load(&self, job: Value, csv: &str) -> Value {
        let id = self.open_job(job).await;
        assert_eq!(self.upload(&id, csv.to_owned()).await.status, 201);
        self.close_job(&id).await;
        self.finished(&format!("ingest/{id}")).await
    }

    /// Answers a query through a job and waits for the end.
    pub(crate) async fn bulk_query(&self, job: Value) -> Value {
        let told = self.post("/jobs/query", job).await;
        assert_eq!((told.status, &told.body["state"]), (200, &json!("UploadComplete")), "{:?}", told.body);
        self.finished(&format!("query/{}", told.body["id"].as_str().unwrap())).await
    }

    /// The lines of a table, the first one in front and the others sorted, as no one promises an order.
    pub(crate) async fn table(&self, path: &str) -> Vec<String> {
        let told = self.get(&format!("/jobs/{path}")).await;
        assert_eq!(told.status, 200, "{:?}", told.body);
        assert!(told.header("content-type").starts_with("text/csv"), "{:?}", told.headers);
        let mut lines: Vec<String> = told.body.as_str().unwrap().lines().map(str::to_owned).collect();
        lines[1..].sort();
        lines
    }
}

/// The id of a job.
pub(crate) fn id(job: &Value) -> &str {
    job["id"].as_str().unwrap()
}
