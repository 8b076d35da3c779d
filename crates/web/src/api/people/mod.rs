//! The customer database and its sync (S).

pub mod conflicts;
pub mod person;
pub mod person_fields;
pub mod response;
pub mod sync;
