//! The connection to an org.

pub mod connection;
