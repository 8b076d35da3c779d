//! Runs of syncs and imports: kinds, states, receipts, schedules.

mod api_feature;
mod run;
mod schedule;

pub use api_feature::ApiFeature;
pub use run::{Receipt, Run, RunKind, RunState, RunTrigger};
pub use schedule::{MANUAL_PAUSE_MINUTES, NoTimeOfDay, TimeOfDay, manual_wait, next_nightly};
