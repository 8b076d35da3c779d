//! End-to-end tests: real processes, real databases, an emulated org.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "in a test, what fails has to fail loudly, and a seed has to be seen"
)]

mod api_description;
mod bad_input;
mod booking_story;
mod calls;
mod company_import_run;
mod company_import_setup;
mod concurrency;
mod connection_story;
mod dependencies;
mod double_booking;
mod engagement_lists;
mod exactly_once;
mod faults;
mod field_values;
mod form_faults;
mod form_records;
mod hard_deletes;
mod harness;
mod import_circles;
mod logs;
mod long_transactions;
mod mail_server;
mod mailings;
mod notifications;
mod operating;
mod org_requests;
mod people_calls;
mod people_convergence;
mod people_events;
mod people_preview;
mod people_sync;
mod pulling;
mod router_lookups;
mod slack_server;
mod smtp_sink;
mod synced_fields;
mod syncing;
mod tag;
mod under_attack;
