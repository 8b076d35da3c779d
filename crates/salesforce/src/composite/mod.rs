//! The `composite` resource: up to 25 requests in one call (contract 2.8).

mod request;
mod response;
mod subrequest;

pub use request::{CompositeError, CompositeRequest};
pub use response::{CompositeResponse, SubResult};
pub use subrequest::Subrequest;
