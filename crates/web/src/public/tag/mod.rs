//! What the tag on a customer's website asks and reports.

pub mod config;
pub mod data_sheet;
pub mod dialog;
pub mod entries;
pub mod files;
pub mod inspector;
pub mod opened;
pub mod reply;
pub mod site_headers;
pub mod visits;
