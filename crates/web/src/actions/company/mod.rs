//! The company import and the list of companies.

pub mod descriptions;
pub mod import;
pub mod list;
