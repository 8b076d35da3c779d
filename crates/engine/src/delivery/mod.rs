//! The delivery round: look up, decide, record the attempt, write, settle. Two calls, for one booking or two hundred.

pub mod batch;
pub(crate) mod decide;
pub(crate) mod dry_run;
#[cfg(test)]
mod fixtures;
pub mod job;
pub(crate) mod lookup;
pub(crate) mod lookup_queries;
pub mod lookup_result;
pub(crate) mod own_records;
mod planned;
pub(crate) mod preflight;
pub mod read_back;
pub mod recover;
pub(crate) mod refusal;
pub mod round;
pub(crate) mod save_results;
pub mod settle;
pub(crate) mod subjects;
pub mod write;
