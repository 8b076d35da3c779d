//! What happens around every request: limits, faults, the log and common headers.

pub(super) mod around;
mod concurrency;
mod faults;
pub(super) mod last_modified;
pub(super) mod leading_slash;
