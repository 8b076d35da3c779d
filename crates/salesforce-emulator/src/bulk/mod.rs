//! Bulk API 2.0: jobs that load records from a table or answer a query with one. Nothing in here knows HTTP.

pub(crate) mod csv;
pub(crate) mod format;
pub(crate) mod ingest;
pub(crate) mod job;
pub(crate) mod jobs;
pub(crate) mod query;
pub(crate) mod quota;
