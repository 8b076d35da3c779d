//! The only crate that knows a database: SQLite or PostgreSQL, one query path for both.
//!
//! Its face is plain async functions over the types of `domain`. Every function takes the workspace
//! first (Q2). Reads go through [`Database::read`], writes through [`Database::write`], which begins
//! with the write lock on SQLite so that no read snapshot can go stale under it.

pub mod accounts;
pub mod api_keys;
pub mod api_usage;
pub mod audit;
pub mod booking_pages;
pub mod bookings;
pub mod clock;
pub mod connections;
mod copying;
pub mod database;
pub mod deliveries;
mod dialect;
pub mod engagement_members;
mod error;
pub mod hashing;
pub mod ids;
pub mod inquiries;
pub mod lanes;
mod log_copying;
mod many_rows;
mod migrations;
pub mod mirror;
pub mod mirror_changes;
pub mod mirror_keys;
pub mod mirror_layouts;
mod mirror_packing;
mod mirror_shelves;
pub mod mirror_staging;
pub mod mirror_work;
pub mod moving;
pub mod notice_deliveries;
pub mod notices;
pub mod notification_settings;
pub mod object_descriptions;
pub mod runs;
pub mod schedules;
pub mod settings;
mod statements;
pub mod tags;
pub mod teams;
#[cfg(feature = "testing")]
pub mod testing;
pub mod timeline;
mod transactions;
pub mod vault;
pub mod workspaces;

pub use clock::Clock;
pub use database::{Database, Read, Write};
pub use error::StorageError;
pub use statements::Session;
pub use vault::Vault;
