//! What console and API share: one function for each thing that can be done.

pub mod booking;
pub mod booking_pages;
pub mod company;
pub mod delivery;
pub mod dry_run;
pub mod engagement;
pub mod form;
pub(crate) mod mailing;
pub mod notification;
pub mod org;
pub mod org_request;
pub(crate) mod people;
pub mod refusal;
pub mod router;
pub mod run;
pub mod salesforce_settings;
pub(crate) mod seen_version;
pub(crate) mod segment;
pub mod synced_fields;
pub mod tag;
pub(crate) mod turns;
