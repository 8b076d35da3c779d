//! The org itself: its objects, records and rules. Nothing in here knows HTTP.

pub(crate) mod about_caller;
pub(crate) mod clock;
pub(crate) mod custom_fields;
pub(crate) mod error;
pub(crate) mod fiscal;
mod formula;
pub(crate) mod history;
pub(crate) mod ids;
pub(crate) mod index;
mod permission_rows;
pub(crate) mod permissions;
pub(crate) mod places;
pub(crate) mod print;
mod profile_view;
pub(crate) mod recent;
pub(crate) mod records;
mod recycle_bin;
mod recycled_records;
pub(crate) mod rules;
pub(crate) mod save;
pub(crate) mod schema;
pub(crate) mod seed;
pub(crate) mod settings;
pub(crate) mod snapshot;
pub(crate) mod store;
mod upkeep;
pub(crate) mod value;
