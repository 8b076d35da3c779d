//! What every request and answer has around it.

mod crowd;
pub(super) mod last_modified;
pub(super) mod leading_slash;
pub(super) mod middleware;
mod strike;
