//! A client for Salesforce whose answers say what is known: done, refused or unknown.
//!
//! [`Client`] calls one org with one access token. It neither retries nor refreshes: each call gives one
//! [`Answer`] or one [`Error`], and [`Error::may_have_acted`] tells whether a write could have taken effect.
//! Modules are named as the vendor's documentation names the resources.

mod api_error;
mod error;
mod id;
pub mod soql;

pub use crate::api_error::{ApiError, DuplicateMatch};
pub use crate::error::{Error, Limit};
pub use crate::id::{IdError, SalesforceId};
