//! The answers, part by part.

use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::client::shape;
use crate::{ApiError, Deleted, Described, Error, QueryPage, SaveResult};

/// The answers of a composite, found by their reference id.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompositeResponse {
    composite_response: Vec<SubResult>,
}

/// The answer of one part.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubResult {
    /// The name the part was sent under.
    pub reference_id: String,
    /// Its HTTP status.
    #[serde(rename = "httpStatusCode")]
    pub status: u16,
    /// Its body, read when it is asked for; null where HTTP would have none.
    #[serde(default)]
    pub body: Box<RawValue>,
    /// Its headers, such as `Location` and `Last-Modified`.
    #[serde(rename = "httpHeaders", default)]
    pub headers: Map<String, Value>,
}

impl CompositeResponse {
    /// The answer of a part.
    ///
    /// # Errors
    /// [`Error::Unreadable`] when the org left it out.
    pub fn get(&self, reference_id: &str) -> Result<&SubResult, Error> {
        let found = self.composite_response.iter().find(|result| result.reference_id == reference_id);
        found
            .ok_or_else(|| Error::Unreadable { status: 200, reason: format!("no answer for {reference_id}") })
    }

    /// All answers in the order of the parts.
    pub fn results(&self) -> &[SubResult] {
        &self.composite_response
    }
}

impl SubResult {
    /// Whether the part succeeded.
    ///
    /// # Errors
    /// The same [`Error`] the request would have given if sent alone.
    pub fn ok(&self) -> Result<(), Error> {
        let status = StatusCode::from_u16(self.status)
            .map_err(|_| self.unreadable(format!("{} is no HTTP status", self.status)))?;
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            return Ok(());
        }
        Err(Error::from_answer(status, self.body.get().as_bytes()))
    }

    /// The reasons the org gave, when it refused.
    pub fn errors(&self) -> Vec<ApiError> {
        if self.ok().is_ok() {
            return Vec::new();
        }
        // Part of an answer that was JSON as a whole.
        ApiError::read_all(&serde_json::from_str(self.body.get()).unwrap_or(Value::Null))
    }

    /// The answer of a query: its first page. Fetch the others with [`crate::Client::query_more`].
    ///
    /// # Errors
    /// As for [`SubResult::ok`], or [`Error::Unreadable`].
    pub fn query_page(&self) -> Result<QueryPage, Error> {
        self.read()
    }

    /// The answer of the question what was deleted.
    ///
    /// # Errors
    /// As for [`SubResult::ok`], or [`Error::Unreadable`].
    pub fn deleted(&self) -> Result<Deleted, Error> {
        self.read()
    }

    /// The answer of a create.
    ///
    /// # Errors
    /// As for [`SubResult::ok`], or [`Error::Unreadable`].
    pub fn save_result(&self) -> Result<SaveResult, Error> {
        self.read()
    }

    /// The answers of a collection, row by row in the order given.
    ///
    /// `rows` is how many were sent: outcomes are matched by position.
    ///
    /// # Errors
    /// As for [`SubResult::ok`]; [`Error::Unreadable`] for another number of outcomes than rows.
    pub fn save_results(&self, rows: usize) -> Result<Vec<SaveResult>, Error> {
        let results: Vec<SaveResult> = self.read()?;
        if results.len() == rows {
            return Ok(results);
        }
        Err(self.unreadable(format!("{} outcomes for {rows} rows", results.len())))
    }

    /// The answer of a describe.
    ///
    /// # Errors
    /// As for [`SubResult::ok`], or [`Error::Unreadable`].
    pub fn describe(&self) -> Result<Described, Error> {
        if self.status == StatusCode::NOT_MODIFIED.as_u16() {
            return Ok(Described::NotModified);
        }
        let last_modified = self.header("Last-Modified").map(str::to_owned);
        Ok(Described::Fresh { describe: Box::new(self.read()?), last_modified })
    }

    /// A header of the part's answer, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?.1.as_str()
    }

    fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.ok()?;
        serde_json::from_str(self.body.get()).map_err(|error| self.unreadable(shape(&error)))
    }

    fn unreadable(&self, reason: String) -> Error {
        Error::Unreadable { status: self.status, reason }
    }
}
