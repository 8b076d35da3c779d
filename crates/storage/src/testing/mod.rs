//! Fresh databases for tests, of either kind; all test processes of a run share one PostgreSQL server.
#![expect(clippy::expect_used, reason = "support for tests: a failure here is a failed test")]

mod cluster;
mod databases;
mod folders;

pub use databases::{Kind, SECRET_KEY, TestDatabase, new_address, new_empty_address, open};
