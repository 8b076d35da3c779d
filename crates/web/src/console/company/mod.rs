//! Companies, and the set-up of their import.

pub mod detail;
pub mod import;
pub mod list;
