//! What comes with every answer.

use http::HeaderMap;
use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// A value together with what the answer's headers tell about the org.
#[derive(Debug, Clone, PartialEq)]
pub struct Response<T> {
    /// What was asked for.
    pub value: T,
    /// Calls used of the daily allowance, if the answer said so.
    pub api_usage: Option<ApiUsage>,
    /// The org's clock when it answered, in whole seconds.
    pub server_time: Option<Timestamp>,
}

/// Calls used and allowed in the rolling 24 hours, from `Sforce-Limit-Info` (contract 2.1).
///
/// Advisory: parallel calls can report the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiUsage {
    /// Calls used up.
    pub used: u64,
    /// Calls allowed.
    pub max: u64,
}

impl<T> Response<T> {
    /// The same answer with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response { value: change(self.value), api_usage: self.api_usage, server_time: self.server_time }
    }

    pub(crate) fn from_headers(value: T, headers: &HeaderMap) -> Self {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            value,
            api_usage: header("sforce-limit-info").and_then(ApiUsage::from_header),
            server_time: header("date").and_then(read_http_date),
        }
    }
}

impl ApiUsage {
    /// Reads a header such as `api-usage=22/15000; per-app-api-usage=17/250(appName=x)`.
    pub fn from_header(header: &str) -> Option<Self> {
        let part = header.split([';', ',']).find_map(|part| part.trim().strip_prefix("api-usage="))?;
        Self::from_pair(part)
    }

    /// Reads `22/15000`.
    pub(crate) fn from_pair(pair: &str) -> Option<Self> {
        let (used, max) = pair.split_once('/')?;
        Some(Self { used: used.trim().parse().ok()?, max: max.trim().parse().ok()? })
    }
}

/// Reads a date as HTTP headers write it; `None` when it is none.
pub(crate) fn read_http_date(value: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(value.trim()).ok()
}

/// Writes a date as HTTP headers do.
pub(crate) fn print_http_date(moment: Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
