//! The connection page.

pub mod connection;
