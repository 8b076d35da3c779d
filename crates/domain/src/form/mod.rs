//! Questions, their answers, and which Salesforce field an answer may fill (K15, K16).

mod answers;
mod conversion;
mod mapping;
mod question;

pub use answers::{Answer, Answers, check_answers};
pub use conversion::{Converted, DroppedValue, convert};
pub use mapping::{FieldMapping, check_mappings, is_allowed, may_map};
pub use question::{FieldKind, FormField, MAX_LINE, MAX_TEXT, check_fields, check_text, is_key};
