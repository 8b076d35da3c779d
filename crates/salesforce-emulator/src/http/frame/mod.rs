//! What every request and answer has around it.

pub(super) mod last_modified;
pub(super) mod middleware;
mod strike;
