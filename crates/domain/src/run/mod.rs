//! Runs of syncs and imports: kinds, states, receipts, schedules.

mod run;
mod schedule;

pub use run::{Receipt, Run, RunKind, RunState, RunTrigger};
pub use schedule::{MANUAL_PAUSE_MINUTES, NoTimeOfDay, TimeOfDay, manual_wait, next_nightly};
