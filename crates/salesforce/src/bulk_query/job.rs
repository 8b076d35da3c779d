//! One query job.

use http::Method;
use serde::Deserialize;
use serde_json::json;

use super::{BulkQueryError, JobState};
use crate::client::Call;
use crate::{Client, Error, Response, SalesforceId};

const PATH: &str = "jobs/query";

/// Which rows a query job sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryOperation {
    /// Those that are there.
    Query,
    /// Deleted and archived ones too.
    QueryAll,
}

/// A query job, as far as the org has told.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryJob {
    /// Its id.
    pub id: SalesforceId,
    /// The object it reads.
    #[serde(default)]
    pub object: String,
    /// How far it is.
    pub state: JobState,
    /// Rows of the result; absent right after the job was made.
    #[serde(default)]
    pub number_records_processed: Option<u64>,
    /// Why it has failed, in the org's words.
    #[serde(default)]
    pub error_message: Option<String>,
    /// Milliseconds the org has worked on it.
    #[serde(default)]
    pub total_processing_time: Option<u64>,
}

impl QueryJob {
    /// Whether the result is there.
    ///
    /// # Errors
    /// [`BulkQueryError::JobFailed`] and [`BulkQueryError::JobAborted`], when there will never be one.
    pub fn is_complete(&self) -> Result<bool, BulkQueryError> {
        match &self.state {
            JobState::JobComplete => Ok(true),
            JobState::Failed => {
                Err(BulkQueryError::JobFailed { message: self.error_message.clone().unwrap_or_default() })
            }
            JobState::Aborted => Err(BulkQueryError::JobAborted),
            JobState::UploadComplete | JobState::InProgress | JobState::Other(_) => Ok(false),
        }
    }
}

impl Client {
    /// Creates a query job. If the response is lost, an unread job may remain, which is harmless.
    ///
    /// # Errors
    /// Any [`Error`]; `API_ERROR` and `INVALIDENTITY` for queries that Bulk does not take.
    pub async fn create_query_job(
        &self,
        soql: &str,
        operation: QueryOperation,
    ) -> Result<Response<QueryJob>, Error> {
        let operation = match operation {
            QueryOperation::Query => "query",
            QueryOperation::QueryAll => "queryAll",
        };
        let body = json!({ "operation": operation, "query": soql, "contentType": "CSV",
                           "columnDelimiter": "COMMA", "lineEnding": "LF" });
        self.send_json(Call::new(Method::POST, PATH).json(body)).await
    }

    /// Asks how far a job is.
    ///
    /// # Errors
    /// Any [`Error`]; `NOT_FOUND` for a job that was deleted.
    pub async fn query_job(&self, id: &SalesforceId) -> Result<Response<QueryJob>, Error> {
        self.send_json(Call::new(Method::GET, job_path(id))).await
    }

    /// Stops a job.
    ///
    /// # Errors
    /// Any [`Error`]; a refusal when it has come to its end already.
    pub async fn abort_query_job(&self, id: &SalesforceId) -> Result<Response<QueryJob>, Error> {
        self.send_json(Call::new(Method::PATCH, job_path(id)).json(json!({ "state": "Aborted" }))).await
    }

    /// Deletes a job that has come to its end, with its result.
    ///
    /// # Errors
    /// Any [`Error`]; a refusal while it is running.
    pub async fn delete_query_job(&self, id: &SalesforceId) -> Result<Response<()>, Error> {
        let raw = self.send(Call::new(Method::DELETE, job_path(id))).await?;
        Ok(Response::from_headers((), &raw.headers))
    }
}

pub(super) fn job_path(id: &SalesforceId) -> String {
    format!("{PATH}/{id}")
}
