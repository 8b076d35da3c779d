//! Synced fields and synced records.

pub mod records;
pub mod response;
pub mod settings;
