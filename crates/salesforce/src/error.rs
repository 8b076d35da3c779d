//! Why a call has no answer, sorted by what is known about the org afterwards.

use http::StatusCode;
use serde_json::Value;

use crate::ApiError;
use crate::soql::SoqlError;

/// Why a call did not give what was asked.
///
/// The variants answer one question first: could the org have acted? See [`Error::may_have_acted`].
/// No message holds a token, and none holds the address, which can carry personal data.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// Nothing reached the org: connection refused, no such host, TLS failed, connecting took too long.
    #[error("Salesforce was not reached: {reason}")]
    NotSent {
        /// What went wrong, for logs.
        reason: String,
    },
    /// The request broke a rule of this library or of the API and was not sent; repeating it is no use.
    #[error("the request was not sent because it is invalid: {reason}")]
    InvalidRequest {
        /// Which rule.
        reason: String,
    },
    /// The org may or may not have acted: time-out, lost connection, 5xx, a page from the edge instead of an answer.
    #[error("Salesforce's answer is unknown: {reason}")]
    Unknown {
        /// What went wrong, for logs.
        reason: String,
    },
    /// The access token is no longer good: 401, or 403 with `Bad_OAuth_Token`. Nothing was changed.
    ///
    /// When a fresh token gets this too, it lacks the scope `api`, and renewing is no use.
    #[error("the Salesforce session has expired or is invalid")]
    SessionExpired,
    /// A limit stands in the way. Nothing was changed.
    #[error("Salesforce's limit is reached: {limit}")]
    LimitReached {
        /// Which one.
        limit: Limit,
    },
    /// The org said no: nothing was changed.
    #[error("Salesforce refused with HTTP {status}: {}", list(errors))]
    Refused {
        /// The HTTP status, also of a subresult.
        status: u16,
        /// The reasons; empty when the status says it all (a URL too long, for one).
        errors: Vec<ApiError>,
    },
    /// A success whose body cannot be understood. For a write that means: probably done.
    #[error("Salesforce's answer with HTTP {status} cannot be read: {reason}")]
    Unreadable {
        /// The HTTP status.
        status: u16,
        /// What was expected and missing, for logs.
        reason: String,
    },
    /// An answer that was not read to its end because it is longer than is wanted. For a write that means: probably done.
    #[error("Salesforce's answer with HTTP {status} is longer than {largest} bytes")]
    TooLong {
        /// The HTTP status.
        status: u16,
        /// What would have been read, in bytes after decompression.
        largest: usize,
    },
}

impl From<SoqlError> for Error {
    fn from(error: SoqlError) -> Self {
        Self::InvalidRequest { reason: error.to_string() }
    }
}

/// The limits an org enforces on callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Calls in the rolling 24 hours; does not pass soon.
    Daily,
    /// Long-running calls at the same time; passes in seconds.
    Concurrent,
    /// Too many requests for the edge (420, 429); passes in seconds to minutes.
    Rate,
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Daily => "calls in 24 hours",
            Self::Concurrent => "long calls at the same time",
            Self::Rate => "rate of requests",
        })
    }
}

impl Error {
    /// What logs may hold: the kind of failure and the org's codes. The org's own words can name people.
    pub fn log_text(&self) -> String {
        match self {
            Self::Refused { status, errors } => {
                let codes: Vec<&str> = errors.iter().map(|error| error.code.as_str()).collect();
                format!("refused with HTTP {status}: {}", codes.join(", "))
            }
            Self::LimitReached { limit } => format!("limit reached: {limit}"),
            Self::NotSent { .. } => "not reached".to_owned(),
            Self::InvalidRequest { .. } => "invalid request".to_owned(),
            Self::Unknown { .. } => "response lost".to_owned(),
            Self::SessionExpired => "session expired".to_owned(),
            Self::Unreadable { status, .. } => format!("unreadable response with HTTP {status}"),
            Self::TooLong { status, .. } => format!("response too long with HTTP {status}"),
        }
    }

    /// Whether a write could have taken effect in spite of this error.
    ///
    /// When true, read back before repeating a write that is not idempotent.
    pub fn may_have_acted(&self) -> bool {
        matches!(self, Self::Unknown { .. } | Self::Unreadable { .. } | Self::TooLong { .. })
    }

    /// Whether the same call can succeed later without anybody changing anything.
    ///
    /// True for row locks, query time-outs, maintenance, 5xx, network trouble and all limits. False
    /// for an expired session, which needs a new token, not time. Says nothing about whether repeating
    /// is safe: that is [`Error::may_have_acted`].
    pub fn is_transient(&self) -> bool {
        match self {
            Self::NotSent { .. } | Self::Unknown { .. } | Self::LimitReached { .. } => true,
            Self::Refused { errors, .. } => !errors.is_empty() && errors.iter().all(ApiError::is_transient),
            Self::InvalidRequest { .. }
            | Self::SessionExpired
            | Self::Unreadable { .. }
            | Self::TooLong { .. } => false,
        }
    }

    /// The org's reasons, when it refused.
    pub fn api_errors(&self) -> &[ApiError] {
        match self {
            Self::Refused { errors, .. } => errors,
            Self::NotSent { .. }
            | Self::InvalidRequest { .. }
            | Self::Unknown { .. }
            | Self::SessionExpired
            | Self::LimitReached { .. }
            | Self::Unreadable { .. }
            | Self::TooLong { .. } => &[],
        }
    }

    /// Whether the org refused with this code among its reasons.
    pub fn has_code(&self, code: &str) -> bool {
        self.api_errors().iter().any(|error| error.code == code)
    }

    /// Reads an answer that is no success: a whole one, or a part of a composite.
    pub(crate) fn from_answer(status: StatusCode, body: &[u8]) -> Self {
        if matches!(status.as_u16(), 420 | 429) {
            return Self::LimitReached { limit: Limit::Rate };
        }
        let value: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let errors = ApiError::read_all(&value);
        if status == StatusCode::UNAUTHORIZED || is_token_fault(status, body) {
            return Self::SessionExpired;
        }
        if status == StatusCode::MULTIPLE_CHOICES && value.is_array() {
            return Self::Refused { status: 300, errors: vec![many_matches(&value)] };
        }
        if !status.is_client_error() || status == StatusCode::REQUEST_TIMEOUT {
            return Self::Unknown { reason: describe(status, body, &errors) };
        }
        Self::from_refusal(status.as_u16(), errors).unwrap_or_else(|| Self::without_reasons(status, body))
    }

    fn from_refusal(status: u16, errors: Vec<ApiError>) -> Option<Self> {
        let first = errors.first()?;
        match first.code.as_str() {
            "INVALID_SESSION_ID" => Some(Self::SessionExpired),
            "REQUEST_LIMIT_EXCEEDED" => {
                // The daily one reads "TotalRequests Limit exceeded."; only the other names its kind.
                let concurrent = first.message.contains("Concurrent");
                let limit = if concurrent { Limit::Concurrent } else { Limit::Daily };
                Some(Self::LimitReached { limit })
            }
            _ => Some(Self::Refused { status, errors }),
        }
    }

    fn without_reasons(status: StatusCode, body: &[u8]) -> Self {
        match status.as_u16() {
            // These are said before anything is carried out, and repeating does not help.
            405 | 410 | 412..=415 | 428 | 431 => {
                Self::Refused { status: status.as_u16(), errors: Vec::new() }
            }
            _ => Self::Unknown { reason: describe(status, body, &[]) },
        }
    }
}

/// The identity service answers in plain text and with 403 (contract 1.5).
fn is_token_fault(status: StatusCode, body: &[u8]) -> bool {
    const FAULTS: [&[u8]; 3] = [b"Bad_OAuth_Token", b"Missing_OAuth_Token", b"Wrong_Org"];
    status == StatusCode::FORBIDDEN && FAULTS.contains(&body.trim_ascii())
}

/// Gives the 300 of an upsert the code that collections use for the same thing (contract 2.6).
fn many_matches(urls: &Value) -> ApiError {
    let urls: Vec<&str> = urls.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    ApiError {
        code: "DUPLICATE_EXTERNAL_ID".to_owned(),
        message: format!("more than one record found for the external id: {}", urls.join(", ")),
        fields: Vec::new(),
        duplicates: Vec::new(),
    }
}

fn describe(status: StatusCode, body: &[u8], errors: &[ApiError]) -> String {
    if errors.is_empty() {
        format!("HTTP {} with {} bytes that are no Salesforce error", status.as_u16(), body.len())
    } else {
        format!("HTTP {}: {}", status.as_u16(), list(errors))
    }
}

fn list(errors: &[ApiError]) -> String {
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    errors.join("; ")
}
