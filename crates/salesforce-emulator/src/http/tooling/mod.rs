//! `/tooling`: what an administrator has set up, as the Tooling API tells it, and fields added through it.

mod custom_field;
mod durable;
mod metadata;
mod query;
mod resource;
mod setup;

pub(super) use resource::{read, write};
