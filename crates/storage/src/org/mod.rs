//! The connection to an org, its describes, and how many API calls were made.

pub mod api_calls;
pub mod connections;
pub mod descriptions;
