//! What an org's describe says: objects, fields, and where a field path leads.

mod description;
mod field_path;
mod labels;
pub mod record_id;
mod resolve_path;

pub use description::{FieldType, ObjectDescription, OrgField, PicklistOption, RecordType};
pub use field_path::{FieldPath, MAX_LOOKUPS};
pub use labels::{LabelError, path_of_labels};
pub use resolve_path::{Descriptions, PathError, ResolvedField, follow, labels};
