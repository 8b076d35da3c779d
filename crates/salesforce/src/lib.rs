//! A client for Salesforce whose answers say what is known: done, refused or unknown.
//!
//! [`Client`] calls one org with one access token. It neither retries nor refreshes: each call gives one
//! [`Answer`] or one [`Error`], and [`Error::may_have_acted`] tells whether a write could have taken effect.
//! Modules are named as the vendor's documentation names the resources.

mod answer;
mod api_error;
mod client;
mod error;
mod http_client;
mod id;
mod record;
pub mod soql;
mod version;

pub use crate::answer::{Answer, ApiUsage};
pub use crate::api_error::{ApiError, DuplicateMatch};
pub use crate::client::Client;
pub use crate::error::{Error, Limit};
pub use crate::http_client::http_client;
pub use crate::id::{IdError, SalesforceId};
pub use crate::record::Record;
pub use crate::version::{ApiVersion, VersionError};
