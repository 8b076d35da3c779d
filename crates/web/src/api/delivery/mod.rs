//! Deliveries, dry runs, the preflight and the settings of what is written.

pub mod dry_run;
pub mod preflight;
pub mod response;
pub mod retry;
pub mod settings;
