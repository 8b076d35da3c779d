//! People of the customer database, the org's records that they are synced with, and what became of it (S).

pub mod changes;
pub mod conflicts;
pub mod consents;
pub mod erasures;
pub mod faults;
pub mod imports;
pub mod links;
pub mod listeners;
pub mod merges;
pub mod person;
pub mod person_batch;
pub mod previews;
pub mod records;
