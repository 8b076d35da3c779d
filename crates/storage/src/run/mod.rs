//! Runs, their schedules and their checkpoints.

pub mod checkpoints;
pub mod runs;
pub mod schedules;
