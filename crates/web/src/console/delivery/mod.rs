//! Failed deliveries, settings, dry run and preflight.

pub mod dry_run;
pub mod failed;
pub mod preflight;
pub mod settings;
