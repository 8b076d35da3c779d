//! One page of a job's result as bytes.

use bytes::Bytes;
use http::{HeaderMap, Method};
use jiff::Timestamp;

use super::job::job_path;
use crate::client::Call;
use crate::query_page::encode;
use crate::response::Response;
use crate::stream::Body;
use crate::{Client, Error, SalesforceId};

/// One page of a job's result: a table with a header, not yet read.
#[derive(Debug)]
pub struct QueryResults {
    /// Where the next page begins; `None` for the last one.
    pub locator: Option<String>,
    /// Rows of this page, the header not counted.
    pub number_of_records: u64,
    /// The org's clock when it answered.
    pub server_time: Option<Timestamp>,
    body: Body,
}

impl Client {
    /// Asks for a page of a job's result: from the start, or from the locator of the page before.
    ///
    /// Without `max_records` the org decides how long a page is. The rows and their order stay the same for as long
    /// as the job exists, so that a page can be asked for again.
    ///
    /// # Errors
    /// Any [`Error`]; `INVALIDJOBSTATE` for a job without a result.
    pub async fn query_job_results(
        &self,
        id: &SalesforceId,
        locator: Option<&str>,
        max_records: Option<u32>,
    ) -> Result<QueryResults, Error> {
        let locator = locator.map(|locator| format!("locator={}", encode(locator)));
        let max_records = max_records.map(|rows| format!("maxRecords={rows}"));
        let query: Vec<String> = max_records.into_iter().chain(locator).collect();
        let path = format!("{}/results?{}", job_path(id), query.join("&"));
        let (headers, body) = self.open(Call::new(Method::GET, path).accept("text/csv")).await?;
        let number = header(&headers, "sforce-numberofrecords")?;
        let number_of_records =
            number.parse().map_err(|_| unreadable("Sforce-NumberOfRecords is no number"))?;
        // The end is told by a word. A header that is not there tells nothing.
        let locator = Some(header(&headers, "sforce-locator")?).filter(|locator| *locator != "null");
        Ok(QueryResults {
            locator: locator.map(str::to_owned),
            number_of_records,
            server_time: Response::from_headers((), &headers).server_time,
            body,
        })
    }
}

impl QueryResults {
    /// The next bytes; `None` at the end of the page.
    ///
    /// # Errors
    /// [`Error::Unknown`] when the connection breaks or the org falls silent.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        self.body.chunk().await
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Error> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| unreadable(&format!("the header {name} is missing")))
}

fn unreadable(reason: &str) -> Error {
    Error::Unreadable { status: 200, reason: reason.to_owned() }
}
