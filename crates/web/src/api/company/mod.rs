//! Companies and their import.

pub mod companies;
pub mod import;
pub mod import_body;
pub mod import_response;
pub mod response;
