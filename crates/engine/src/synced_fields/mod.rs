//! The synced fields' streams, and the check of fields before they are saved (D).

pub(crate) mod field_check;
pub(crate) mod streams;
