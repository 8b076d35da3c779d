//! The delivery round: look up, decide, record the attempt, write, settle. Two calls, for one booking or two hundred.

pub(crate) mod batch;
pub(crate) mod decide;
pub(crate) mod dry_run;
pub(crate) mod lookup;
pub(crate) mod preflight;
pub(crate) mod read_back;
pub(crate) mod recover;
pub(crate) mod round;
pub(crate) mod settle;
pub(crate) mod write;
