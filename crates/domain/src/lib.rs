//! What Tsugite decides, as types and pure functions: no async, I/O, clock or randomness.
//!
//! Callers hand in what was found and what time it is; they get back a plan and, step by step, the
//! reasons for it. Requirement numbers (K5, C6, …) name the behaviours of the product's specification.

pub mod answers;
pub mod assignee;
pub mod availability;
pub mod booking;
pub mod booking_page;
pub mod campaign;
pub mod company_condition;
pub mod company_condition_check;
pub mod company_field;
pub mod company_filter;
pub mod company_import;
pub mod company_import_check;
pub mod company_preview;
pub mod company_source;
pub mod compared_day;
pub mod conversion;
pub mod delivery;
pub mod email;
pub mod explanation;
pub mod field_path;
pub mod form;
pub mod id;
pub mod language;
pub mod likeness;
pub mod mapping;
pub mod mirror;
pub mod notice;
pub mod notification;
pub mod organization;
pub mod page_records;
pub mod path_in_org;
pub mod person;
pub mod person_name;
pub mod plan;
pub mod preflight;
pub mod problem;
pub mod pull;
pub mod record_id;
pub mod record_reference;
pub mod relative_day;
pub mod rescue;
pub mod retry;
pub mod role;
pub mod run;
pub mod salesforce_settings;
pub mod schedule;
pub mod site;
pub mod synced_fields;
pub mod template;
pub mod timestamp;
pub mod todo;
pub mod transport;
