//! The field values of a change.

use crate::org::value::Value;

/// Field values with the index of the field in the object.
pub(super) type Changes = Vec<(usize, Value)>;
