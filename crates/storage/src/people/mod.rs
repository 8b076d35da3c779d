//! People of the customer database, the org's records that they are synced with, and what became of it (S).

pub mod changes;
pub mod conflicts;
pub mod faults;
pub mod links;
pub mod person;
pub mod records;
