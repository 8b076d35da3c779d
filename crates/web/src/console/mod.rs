//! The console: where a company connects Salesforce, sets what bookings do, and sees what they did.

pub mod account;
pub mod booking;
pub mod company;
pub mod delivery;
pub mod engagement;
pub mod form;
pub mod live;
pub mod mailing;
pub mod notification;
pub mod org;
pub mod overview;
pub mod overview_charts;
pub mod people;
pub mod router;
pub mod run;
pub mod run_refusal;
pub mod search;
pub mod segment;
pub mod synced_fields;
pub mod tag;
pub mod views;
pub mod workspace;
