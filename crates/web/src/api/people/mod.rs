//! The customer database and its sync (S).

pub mod conflicts;
pub mod identity;
pub mod import;
pub mod person;
pub mod person_fields;
pub mod preview;
pub mod response;
pub mod sync;
