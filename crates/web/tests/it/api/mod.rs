//! The REST API, called through the router; every answer is held against the API description.

mod bookings;
pub(crate) mod caller;
mod companies;
mod description;
mod engagement_lists;
mod lists;
mod org;
mod pages;
mod people;
mod refusals;
mod routers;
mod segments;
mod settings;
pub(crate) mod stored;
mod synced_fields;
