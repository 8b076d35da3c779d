//! Jobs that load records.

mod cell;
mod header;
mod job;
mod results;
mod row;
mod run;

pub(crate) use job::{IngestJob, Operation};
pub(crate) use run::run;
