//! Connecting an org and disconnecting it.

pub mod connection;
pub mod connection_error;
pub(crate) mod lead_description;
