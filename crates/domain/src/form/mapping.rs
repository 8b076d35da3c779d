//! Which form field may fill which Salesforce field: the type table (K14, K15).

use crate::form::routing::{NEVER_MAPPED, ROUTING, check_routing_type, may_hold_routing};
use crate::form::{FieldKind, FormField};
use crate::org::{FieldType, ObjectDescription, OrgField};
use crate::value::FieldProblem;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// One form field tied to one Lead field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldMapping {
    /// The question's key, or [`ROUTING`].
    pub field: String,
    /// The Lead field's API name.
    pub salesforce_field: String,
}

/// Whether the type table allows a kind of question to fill a type of field (K15).
pub fn is_allowed(kind: FieldKind, target: FieldType) -> bool {
    use FieldType as T;
    let texts = matches!(
        target,
        T::String
            | T::Url
            | T::Email
            | T::RichText
            | T::Phone
            | T::Number
            | T::Integer
            | T::Currency
            | T::Encrypted
            | T::Percent
    );
    match kind {
        FieldKind::Text => texts,
        FieldKind::Textarea => texts || target == T::LongText,
        FieldKind::Radio => matches!(target, T::Picklist | T::String),
        FieldKind::Checkboxes => target == T::MultiPicklist,
        FieldKind::Dropdown => matches!(target, T::Picklist | T::MultiPicklist | T::String),
        FieldKind::Hidden => texts || matches!(target, T::Picklist | T::Checkbox),
        FieldKind::Date => matches!(target, T::Date | T::DateTime),
        FieldKind::Email => matches!(target, T::Email | T::String | T::LongText),
        FieldKind::Phone => matches!(target, T::Phone | T::String | T::LongText),
        FieldKind::Number => {
            matches!(target, T::Number | T::Integer | T::Currency | T::Percent | T::String)
        }
        FieldKind::Name | FieldKind::Company | FieldKind::Postcode => {
            matches!(target, T::String | T::LongText | T::Encrypted)
        }
        FieldKind::Consent => matches!(target, T::Checkbox),
    }
}

/// Whether a Lead field can be chosen for a kind of question (K17).
pub fn may_map(kind: FieldKind, target: &OrgField) -> bool {
    is_allowed(kind, target.kind)
        && target.createable
        && target.updateable
        && !NEVER_MAPPED.contains(&target.name.as_str())
}

/// Checks mappings before they are saved; `lead` is `None` while the org has not been described yet.
///
/// Faulty lines are named `{prefix}[{index}].field` or `….salesforce_field`.
pub fn check_mappings(
    mappings: &[FieldMapping],
    fields: &[FormField],
    lead: Option<&ObjectDescription>,
    prefix: &str,
) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let mut targets = HashSet::new();
    for (index, mapping) in mappings.iter().enumerate() {
        let at = |name: &str| format!("{prefix}[{index}].{name}");
        let question = fields.iter().find(|field| field.key == mapping.field);
        let is_routing = question.is_none() && mapping.field == ROUTING;
        if question.is_none() && !is_routing {
            problems.push(FieldProblem::new(at("field"), "unknown-field").with("value", &mapping.field));
        }
        let target = at("salesforce_field");
        if !targets.insert(mapping.salesforce_field.to_lowercase()) {
            problems.push(FieldProblem::new(target, "taken").with("value", &mapping.salesforce_field));
        } else if let (Some(question), Some(lead)) = (question, lead) {
            problems.extend(check_target(question, &mapping.salesforce_field, lead, &target));
        } else if let (true, Some(lead)) = (is_routing, lead) {
            problems.extend(check_routing_target(&mapping.salesforce_field, lead, &target));
        } else if lead.is_none() {
            problems.push(FieldProblem::new(target, "org-not-described"));
        }
    }
    problems
}

fn check_routing_target(name: &str, lead: &ObjectDescription, at: &str) -> Option<FieldProblem> {
    let Some(field) = lead.field(name) else { return Some(no_such_field(name, lead, may_hold_routing, at)) };
    if NEVER_MAPPED.contains(&field.name.as_str()) {
        return Some(FieldProblem::new(at, "never-mapped").with("value", &field.name));
    }
    check_routing_type(field, at).or_else(|| {
        (!may_hold_routing(field)).then(|| FieldProblem::new(at, "not-writable").with("value", &field.name))
    })
}

fn no_such_field(
    name: &str,
    lead: &ObjectDescription,
    fits: impl Fn(&OrgField) -> bool,
    at: &str,
) -> FieldProblem {
    let nearest = lead.suggest(name.trim_end_matches("__c"), fits);
    let hint = nearest.first().map_or_else(String::new, |field| field.name.clone());
    FieldProblem::new(at, "no-such-salesforce-field").with("value", name).with("hint", hint)
}

fn check_target(
    question: &FormField,
    name: &str,
    lead: &ObjectDescription,
    at: &str,
) -> Option<FieldProblem> {
    let Some(field) = lead.field(name) else {
        return Some(no_such_field(name, lead, |field| may_map(question.kind, field), at));
    };
    if NEVER_MAPPED.contains(&field.name.as_str()) {
        return Some(FieldProblem::new(at, "never-mapped").with("value", &field.name));
    }
    if !is_allowed(question.kind, field.kind) {
        return Some(
            FieldProblem::new(at, "wrong-type")
                .with("value", &field.name)
                .with("kind", question.kind.name())
                .with("type", field.kind.name()),
        );
    }
    (!field.createable || !field.updateable)
        .then(|| FieldProblem::new(at, "not-writable").with("value", &field.name))
}
