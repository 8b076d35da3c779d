//! What the demo shows besides its connection: months of bookings with their records in the org, what failed, people,
//! runs, and settings.

pub(crate) mod api_setup;
mod chart;
mod conversions;
mod history;
mod org_records;
mod past;
mod people;
mod routing;
mod turns;
mod visitors;

pub(crate) use history::fill;
