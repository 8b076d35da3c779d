//! Error responses of Account Engagement.

use http::StatusCode;
use serde::Deserialize;

use crate::{Error, Limit};

/// Why Account Engagement did not give what was asked.
///
/// There is no error for answers that are out of date: reads can lag a minute behind writes, and nothing tells.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EngagementError {
    /// The call failed on its way, or its answer cannot be understood.
    #[error(transparent)]
    Call(#[from] Error),
    /// The access token is unknown, has expired, or lacks the scope `pardot_api`.
    ///
    /// When a fresh token gets this too it lacks the scope, and renewing is no use.
    #[error("Account Engagement does not take the access token (code {code})")]
    Token {
        /// 184, 210 or 211; 0 where none was given.
        code: u32,
    },
    /// The token's user may not use Account Engagement, or not this object (code 49).
    #[error("Account Engagement denies the user access: {message}")]
    AccessDenied {
        /// The text for people.
        message: String,
    },
    /// The business unit is unknown, inactive, or answers on the other host.
    #[error("Account Engagement does not know the business unit here (code {code}): {message}")]
    BusinessUnit {
        /// 201; 181 or 182 for an id that is none.
        code: u32,
        /// The text for people.
        message: String,
    },
    /// Five requests are being answered at once (code 66); passes in seconds.
    #[error("Account Engagement answers no more requests at once")]
    Concurrency,
    /// The day's requests are used up (code 122); passes at midnight in the account's time zone.
    #[error("Account Engagement's requests of the day are used up")]
    DailyLimit,
    /// Too many requests in a minute (code 202).
    #[error("Account Engagement answers no more requests in this minute")]
    RatePerMinute,
    /// Any other refusal.
    #[error("Account Engagement refused with HTTP {status} and code {code}: {message}")]
    Refused {
        /// The HTTP status, which is coarse.
        status: u16,
        /// The code to decide by.
        code: u32,
        /// The text for people.
        message: String,
    },
    /// Rows did not come in the order of their ids, so that some could have been passed over.
    #[error("Account Engagement gave rows out of order behind id {after}")]
    OutOfOrder {
        /// The id that all rows should have been above.
        after: u64,
    },
}

#[derive(Deserialize)]
struct Wire {
    code: u32,
    #[serde(default)]
    message: String,
}

impl EngagementError {
    /// Whether the same call can succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Call(error) => error.is_transient(),
            Self::Concurrency | Self::DailyLimit | Self::RatePerMinute => true,
            Self::Token { .. }
            | Self::AccessDenied { .. }
            | Self::BusinessUnit { .. }
            | Self::Refused { .. }
            | Self::OutOfOrder { .. } => false,
        }
    }

    /// Reads an answer that is no success. The codes decide: which status comes with each is not documented.
    pub(super) fn from_answer(status: StatusCode, body: &[u8]) -> Self {
        let number = status.as_u16();
        let Ok(Wire { code, message }) = serde_json::from_slice(body) else {
            return match number {
                401 => Self::Token { code: 0 },
                420 | 429 => Error::LimitReached { limit: Limit::Rate }.into(),
                _ => Error::Unknown { reason: format!("HTTP {number} without a code") }.into(),
            };
        };
        match code {
            184 | 210 | 211 => Self::Token { code },
            49 => Self::AccessDenied { message },
            181 | 182 | 201 => Self::BusinessUnit { code, message },
            66 => Self::Concurrency,
            122 => Self::DailyLimit,
            202 => Self::RatePerMinute,
            // A time-out has this code, whatever its status.
            214 => Error::Unknown { reason: format!("code {code}: {message}") }.into(),
            _ if status.is_client_error() => Self::Refused { status: number, code, message },
            _ => Error::Unknown { reason: format!("HTTP {number}, code {code}: {message}") }.into(),
        }
    }
}
