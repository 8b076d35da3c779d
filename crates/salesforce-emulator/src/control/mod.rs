//! `/emulator/…`: how tests and users control the org from outside.

mod answer;
mod change_events;
mod clock;
mod convert;
mod engagement;
mod entries;
mod faults;
mod public_key;
mod records;
mod recycle_bin;
mod requests;
mod reset;
mod schema;
mod setup_app;
mod setup_fields;
mod setup_objects;
mod setup_profiles;
mod setup_record_types;
mod setup_rules;
mod setup_users;

pub(crate) use change_events::{change_events, set_change_events};
pub(crate) use clock::{clock, set_clock};
pub(crate) use convert::convert;
pub(crate) use engagement::{engagement, set_engagement};
pub(crate) use faults::{add_fault, clear_faults, faults};
pub(crate) use records::records;
pub(crate) use recycle_bin::{hard_delete, merge, undelete};
pub(crate) use requests::{forget_requests, requests};
pub(crate) use reset::reset;
pub(crate) use schema::schema;
