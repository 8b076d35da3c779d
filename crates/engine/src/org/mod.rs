//! The connected org: tokens, calls, describes, SOQL conditions.

pub(crate) mod api_calls;
pub(crate) mod cell_type;
pub(crate) mod client;
pub(crate) mod connected;
pub(crate) mod describe_cache;
pub(crate) mod description;
pub(crate) mod disconnect;
pub(crate) mod retry;
pub(crate) mod send_guard;
pub(crate) mod soql_filter;
