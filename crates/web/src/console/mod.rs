//! The console: where a company connects Salesforce, sets what bookings do, and sees what they did.

pub mod api_keys;
pub mod audit;
pub mod booking;
pub mod bookings;
pub mod company_import;
pub mod connection;
pub mod dry_run;
pub mod errors;
pub mod language;
pub mod links;
pub mod members;
pub mod notices;
pub mod notifications;
pub mod overview;
pub mod page_editor;
pub mod page_form;
pub mod page_sections;
pub mod pages;
pub mod password;
pub mod people;
pub mod preflight;
pub mod settings;
pub mod sign_in;
pub mod sign_in_limit;
pub mod suggest;
pub mod synced_fields;
