//! Account Engagement: business units with their prospects, lists and memberships. Nothing in here knows HTTP.

pub(crate) mod business_unit;
pub(crate) mod business_units;
pub(crate) mod error;
pub(crate) mod export;
mod filter;
mod page_token;
pub(crate) mod project;
mod prospects;
pub(crate) mod query;
mod row;
pub(crate) mod schema;
pub(crate) mod seed;
mod snapshot;
mod table;
mod tags;
pub(crate) mod usage;
mod view;
mod write;
