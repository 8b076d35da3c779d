//! The only crate that knows a database: SQLite or PostgreSQL, one query path for both.
//!
//! Its face is plain async functions over the types of `domain`. Every function takes the workspace
//! first (Q2). Reads go through [`Database::read`], writes through [`Database::write`], which begins
//! with the write lock on SQLite so that no read snapshot can go stale under it.

pub mod booking;
pub mod changes;
pub mod clock;
pub mod database;
pub mod delivery;
pub mod engagement;
pub mod error;
pub mod form;
pub mod ids;
pub mod list;
pub mod mailing;
pub mod mirror;
pub mod notification;
pub mod org;
pub mod org_request;
pub mod people;
pub mod queue;
pub mod router;
pub mod run;
pub mod secret;
pub mod segment;
pub mod tag;
pub mod workspace;

#[cfg(feature = "testing")]
pub mod testing;

pub use crate::clock::Clock;
pub use crate::database::pool::{Database, Read, Write};
pub use crate::database::statements::Session;
pub use crate::error::{DriverError, StorageError};
pub use crate::secret::vault::Vault;
