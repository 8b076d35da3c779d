//! `/jobs/ingest` and `/jobs/query`: Bulk API 2.0.

mod ingest;
mod list;
mod multipart;
mod query;
mod request;
mod results;
mod route;
mod shown;

pub(super) use route::answer;
