//! What a router decided, as a source of mappings: a text that no question asks for.

use crate::org::{FieldType, OrgField};
use crate::value::FieldProblem;
use serde_json::Value;

/// The key that stands for what a router decided. No question may have it.
pub const ROUTING: &str = "routing";

/// Lead fields that the booking itself fills; they are never mapped (K14).
pub(crate) const NEVER_MAPPED: [&str; 6] = ["LastName", "FirstName", "Name", "Company", "Email", "OwnerId"];

/// Whether a field can hold what a router decided: a text of some length.
pub const fn is_text_for_routing(field: &OrgField) -> bool {
    matches!(field.kind, FieldType::String | FieldType::LongText | FieldType::RichText)
}

/// Whether a field of a Lead can be chosen for it.
pub fn may_hold_routing(field: &OrgField) -> bool {
    is_text_for_routing(field)
        && field.createable
        && field.updateable
        && !NEVER_MAPPED.contains(&field.name.as_str())
}

/// The text for a field, cut where the field ends; `None` if no router was involved.
pub fn routing_value(text: &str, field: &OrgField) -> Option<Value> {
    let room = if field.length == 0 { usize::MAX } else { field.length };
    let cut: String = text.chars().take(room).collect();
    (!cut.trim().is_empty()).then(|| Value::from(cut))
}

/// What keeps a field from holding it.
pub(crate) fn check_routing_type(field: &OrgField, at: &str) -> Option<FieldProblem> {
    (!is_text_for_routing(field)).then(|| {
        FieldProblem::new(at, "routing-needs-text").with("value", &field.name).with("type", field.kind.name())
    })
}
