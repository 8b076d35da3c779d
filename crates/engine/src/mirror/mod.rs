//! The pull engine: rows of the org flowing in (D, Y).

pub(crate) mod deletion_report;
#[cfg(test)]
pub(crate) mod fixtures;
pub(crate) mod model;
pub(crate) mod phases;
pub(crate) mod pipeline;
pub(crate) mod publish;
pub(crate) mod pull;
pub(crate) mod record_counts;
pub(crate) mod start;
pub(crate) mod start_request;
