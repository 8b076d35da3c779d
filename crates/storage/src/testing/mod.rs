//! Fresh databases for tests, of either kind; all test processes of a run share one PostgreSQL server.

mod cluster;
mod databases;
mod folders;

pub use databases::{Kind, SECRET_KEY, TestDatabase, new_address, new_empty_address, open};
