//! Failed deliveries, settings, dry run and preflight.

pub mod cures;
pub mod dry_run;
pub mod failed;
pub mod failed_actions;
pub(crate) mod field_labels;
pub mod preflight;
pub(crate) mod progress;
pub mod settings;
