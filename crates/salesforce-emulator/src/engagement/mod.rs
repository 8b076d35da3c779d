//! Account Engagement: business units with their prospects, lists and memberships. Nothing in here knows HTTP.

pub(crate) mod business_unit;
pub(crate) mod business_units;
mod date_time;
pub(crate) mod error;
mod export;
mod exports;
mod filter;
mod page_token;
pub(crate) mod project;
mod prospects;
pub(crate) mod query;
mod row;
pub(crate) mod schema;
pub(crate) mod seed;
mod snapshot;
pub(crate) mod table;
mod tags;
pub(crate) mod usage;
mod view;
mod write;
