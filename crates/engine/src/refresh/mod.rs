//! Refreshing what is kept of the org: the synced fields of the router (D1–D5).

pub(crate) mod asking;
pub(crate) mod field_check;
mod rows;
mod synced_fields;
pub(crate) mod worker;
