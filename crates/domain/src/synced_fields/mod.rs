//! Which fields are synced, and whether the org has them (D).

mod field_check;
mod settings;

pub use field_check::{FieldCheck, Finding, check_against_org, problems_of, resolve_field, still_unknown};
pub use settings::{MAX_FIELDS, SyncedFields, SyncedObject, check_synced_fields};
