//! What the tag recognised, held against the org each night.

mod org;
pub(crate) mod reconciliation;
