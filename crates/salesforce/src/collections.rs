//! The `composite/sobjects` resource: up to 200 rows in one call (contract 2.7).

use http::Method;
use serde_json::{Value, json};

use crate::client::Call;
use crate::{Client, Error, Record, Response, SalesforceId, SaveResult, WriteOptions};

/// The most rows one call takes.
pub const MAX_RECORDS: usize = 200;
pub(crate) const PATH: &str = "composite/sobjects";

impl Client {
    /// Creates up to 200 rows; each row stands alone and has its own outcome, in the order given.
    ///
    /// # Errors
    /// Any [`Error`] for the call as a whole; [`Error::InvalidRequest`] for none or too many rows.
    pub async fn create_many(
        &self,
        records: &[Record],
        options: &WriteOptions,
    ) -> Result<Response<Vec<SaveResult>>, Error> {
        self.write_many(Method::POST, records, options).await
    }

    /// Updates up to 200 rows, each with its id; otherwise as [`Client::create_many`].
    ///
    /// # Errors
    /// As for [`Client::create_many`]. An id the org does not know fails its own row only.
    pub async fn update_many(
        &self,
        records: &[Record],
        options: &WriteOptions,
    ) -> Result<Response<Vec<SaveResult>>, Error> {
        self.write_many(Method::PATCH, records, options).await
    }

    /// Deletes up to 200 rows, of any objects.
    ///
    /// # Errors
    /// As for [`Client::create_many`].
    pub async fn delete_many(&self, ids: &[SalesforceId]) -> Result<Response<Vec<SaveResult>>, Error> {
        check_count(ids.len())?;
        let list: Vec<&str> = ids.iter().map(SalesforceId::as_str).collect();
        let path = format!("{PATH}?ids={}&allOrNone=false", list.join(","));
        self.send_rows(Call::new(Method::DELETE, path), ids.len()).await
    }

    async fn write_many(
        &self,
        method: Method,
        records: &[Record],
        options: &WriteOptions,
    ) -> Result<Response<Vec<SaveResult>>, Error> {
        check_count(records.len())?;
        let call = Call::new(method, PATH).json(body(records)).headers(options.headers());
        self.send_rows(call, records.len()).await
    }

    async fn send_rows(&self, call: Call, count: usize) -> Result<Response<Vec<SaveResult>>, Error> {
        let answer: Response<Vec<SaveResult>> = self.send_json(call).await?;
        check_outcomes(answer.value.len(), count)?;
        Ok(answer)
    }
}

pub(crate) fn body(records: &[Record]) -> Value {
    let records: Vec<Value> = records.iter().map(Record::to_value).collect();
    json!({ "allOrNone": false, "records": records })
}

fn check_count(count: usize) -> Result<(), Error> {
    if (1..=MAX_RECORDS).contains(&count) {
        return Ok(());
    }
    Err(Error::InvalidRequest { reason: format!("{count} rows in a call that takes 1 to {MAX_RECORDS}") })
}

/// Rows and outcomes are matched by position, so a different number cannot be made sense of.
fn check_outcomes(outcomes: usize, rows: usize) -> Result<(), Error> {
    if outcomes == rows {
        return Ok(());
    }
    Err(Error::Unreadable { status: 200, reason: format!("{outcomes} outcomes for {rows} rows") })
}
