//! One page of a query, and the address of a query.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::Record;

/// One page of a query's rows.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryPage {
    /// Rows over all pages; for `COUNT()` the count itself.
    pub total_size: u64,
    /// Whether this page is the last one.
    pub done: bool,
    /// Where the next page is; give it to [`crate::Client::query_more`]. Opaque, good for about two days.
    #[serde(default)]
    pub next_records_url: Option<String>,
    /// The rows of this page. The org picks the page's size, 200 to 2000 rows.
    pub records: Vec<Record>,
}

pub(crate) fn query_path(resource: &str, soql: &str) -> String {
    format!("{resource}?q={}", encode(soql))
}

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes one part of a path or one value of a query string.
pub(crate) fn encode(part: &str) -> String {
    utf8_percent_encode(part, UNRESERVED).to_string()
}
