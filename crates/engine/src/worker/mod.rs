//! The loop that claims work and starts it.

pub(crate) mod poll;
pub(crate) mod run_kinds;
pub(crate) mod runs;
mod segment_values;
