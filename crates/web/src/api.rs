//! The REST API under `/api/v1`: one file an endpoint family.

pub mod booking_body;
pub mod bookings;
pub mod companies;
pub mod company_import;
pub mod company_import_body;
pub mod connection;
pub mod deliveries;
pub mod dry_run;
pub mod engagement_lists;
pub mod health;
pub mod key;
pub mod notifications;
pub mod openapi;
pub mod pages;
pub mod preflight;
pub mod problem;
pub mod runs;
pub mod salesforce_settings;
pub mod synced_fields;
pub mod synced_records;
pub mod teams;
pub mod visitor_tag;
