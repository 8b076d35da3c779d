//! One part of a composite.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::collections::{self, MAX_RECORDS};
use crate::describe::describe_path;
use crate::query_page::{encode, query_path};
use crate::sobjects::{key_path, object_path, row_path};
use crate::{ApiVersion, Error, QueryOptions, Record, SalesforceId, WriteOptions, replication};

/// One request inside a [`super::CompositeRequest`].
#[derive(Debug, Clone, PartialEq)]
pub struct Subrequest {
    method: &'static str,
    path: String,
    headers: Map<String, Value>,
    body: Option<Value>,
    rows: usize,
}

impl Subrequest {
    /// Runs a query; read the answer with [`super::SubResult::query_page`].
    pub fn query(soql: &str) -> Self {
        Self::query_with(soql, QueryOptions::default())
    }

    /// Runs a query with options; otherwise as [`Subrequest::query`].
    pub fn query_with(soql: &str, options: QueryOptions) -> Self {
        let request = Self::new("GET", query_path(options.resource(), soql));
        options.header().into_iter().fold(request, |request, (name, value)| request.header(name, &value))
    }

    /// Describes an object; read the answer with [`super::SubResult::describe`].
    ///
    /// With `if_modified_since` the `last_modified` text of an earlier describe.
    pub fn describe(object: &str, if_modified_since: Option<&str>) -> Self {
        let request = Self::new("GET", describe_path(object));
        match if_modified_since {
            Some(since) => request.header("If-Modified-Since", since),
            None => request,
        }
    }

    /// Asks which rows of an object were deleted, as [`crate::Client::deleted`] does; read the answer with
    /// [`super::SubResult::deleted`].
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] when the window is shorter than a minute.
    pub fn deleted(object: &str, start: Timestamp, end: Timestamp) -> Result<Self, Error> {
        Ok(Self::new("GET", replication::path(object, "deleted", start, end)?))
    }

    /// Creates a row of an object; read the answer with [`super::SubResult::save_result`].
    pub fn create(object: &str, record: &Record, options: &WriteOptions) -> Self {
        Self::new("POST", object_path(object)).json(record.to_single()).options(options)
    }

    /// Changes a row; read the answer with [`super::SubResult::ok`].
    pub fn update(object: &str, id: &SalesforceId, record: &Record, options: &WriteOptions) -> Self {
        Self::new("PATCH", row_path(object, id)).json(record.to_single()).options(options)
    }

    /// Creates or updates the row whose external id has a value; read the answer with [`super::SubResult::save_result`].
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] for a value that can't be a key in an address.
    pub fn upsert(
        object: &str,
        key: (&str, &str),
        record: &Record,
        options: &WriteOptions,
    ) -> Result<Self, Error> {
        Ok(Self::new("PATCH", key_path(object, key)?).json(record.to_single()).options(options))
    }

    /// Creates or updates up to 200 rows of one object, each with its external id among its fields; read the answer with
    /// [`super::SubResult::save_results`].
    pub fn upsert_many(object: &str, field: &str, records: &[Record], options: &WriteOptions) -> Self {
        let path = format!("{}/{}/{}", collections::PATH, encode(object), encode(field));
        let request = Self::new("PATCH", path);
        Self { rows: records.len(), ..request.json(collections::body(records)).options(options) }
    }

    /// Creates up to 200 rows; read the answer with [`super::SubResult::save_results`].
    pub fn create_many(records: &[Record], options: &WriteOptions) -> Self {
        Self::many("POST", records, options)
    }

    /// Updates up to 200 rows, each with its id; read the answer with [`super::SubResult::save_results`].
    pub fn update_many(records: &[Record], options: &WriteOptions) -> Self {
        Self::many("PATCH", records, options)
    }

    /// Reads any resource: a path below the version (`limits`) or from the root (`/services/…`).
    pub fn get(path: &str) -> Self {
        Self::new("GET", path.to_owned())
    }

    /// Adds a header. `Accept`, `Authorization` and `Content-Type` make the org refuse the whole call.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.into());
        self
    }

    fn new(method: &'static str, path: String) -> Self {
        Self { method, path, headers: Map::new(), body: None, rows: 1 }
    }

    fn many(method: &'static str, records: &[Record], options: &WriteOptions) -> Self {
        let request = Self::new(method, collections::PATH.to_owned());
        Self { rows: records.len(), ..request.json(collections::body(records)).options(options) }
    }

    fn json(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    fn options(self, options: &WriteOptions) -> Self {
        options.headers().into_iter().fold(self, |request, (name, value)| request.header(name, &value))
    }

    pub(super) fn has_good_row_count(&self) -> bool {
        (1..=MAX_RECORDS).contains(&self.rows)
    }

    /// Whether it is one of the kinds of which a composite takes only five.
    pub(super) fn is_query_or_collection(&self) -> bool {
        let path = self.path.strip_prefix("/services/data/").and_then(|path| path.split_once('/'));
        let path = path.map_or(self.path.as_str(), |(_version, path)| path);
        ["query", collections::PATH].iter().any(|start| path.starts_with(start))
    }

    pub(super) fn to_value(&self, reference_id: &str, version: ApiVersion) -> Value {
        let url = if self.path.starts_with('/') { self.path.clone() } else { version.path() + &self.path };
        let mut value = json!({ "method": self.method, "url": url, "referenceId": reference_id });
        if let Some(body) = &self.body {
            value["body"] = body.clone();
        }
        if !self.headers.is_empty() {
            value["httpHeaders"] = Value::Object(self.headers.clone());
        }
        value
    }
}
