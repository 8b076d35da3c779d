//! The rules an administrator adds: validation, duplicates, assignment.

use crate::org::ids::RecordId;
use crate::org::value::Value;

/// When a validation rule is broken.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    /// The field looked at.
    pub(crate) field: String,
    /// How it is compared.
    pub(crate) operator: Operator,
    /// What it is compared with.
    pub(crate) value: Value,
}

/// How a validation rule compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// Equal, without regard to case.
    Equals,
    /// Not equal.
    NotEquals,
    /// Contains the text.
    Contains,
    /// Starts with the text.
    StartsWith,
    /// Less than.
    LessThan,
    /// Greater than.
    GreaterThan,
    /// Has no value.
    Blank,
    /// Has a value.
    NotBlank,
}

impl Operator {
    /// Reads an operator in words or signs.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "=" | "==" | "eq" | "equals" => Operator::Equals,
            "!=" | "<>" | "ne" | "not_equals" => Operator::NotEquals,
            "contains" => Operator::Contains,
            "starts_with" | "begins" => Operator::StartsWith,
            "<" | "lt" | "less_than" => Operator::LessThan,
            ">" | "gt" | "greater_than" => Operator::GreaterThan,
            "blank" | "is_blank" | "is_null" | "empty" => Operator::Blank,
            "not_blank" | "is_not_blank" | "not_empty" => Operator::NotBlank,
            _ => return None,
        })
    }

    /// Whether `found` meets the condition.
    pub(crate) fn holds(self, found: &Value, wanted: &Value) -> bool {
        let text = |value: &Value| value.to_text().to_lowercase();
        match self {
            Operator::Blank => found.is_null(),
            Operator::NotBlank => !found.is_null(),
            Operator::Equals => text(found) == text(wanted),
            Operator::NotEquals => text(found) != text(wanted),
            Operator::Contains => !found.is_null() && text(found).contains(&text(wanted)),
            Operator::StartsWith => !found.is_null() && text(found).starts_with(&text(wanted)),
            Operator::LessThan => !found.is_null() && found.compare(wanted).is_lt(),
            Operator::GreaterThan => !found.is_null() && found.compare(wanted).is_gt(),
        }
    }
}

/// A validation rule: a record for which the condition holds is refused.
#[derive(Clone, Debug)]
pub(crate) struct ValidationRule {
    /// Its name.
    pub(crate) name: String,
    /// Whether it guards anything just now.
    pub(crate) active: bool,
    /// The object it guards.
    pub(crate) object: String,
    /// When it is broken.
    pub(crate) when: Condition,
    /// What the user is told.
    pub(crate) message: String,
    /// The field the message stands at, if not the top of the page.
    pub(crate) field: Option<String>,
}

/// A duplicate rule with its matching rule.
#[derive(Clone, Debug)]
pub(crate) struct DuplicateRule {
    /// Its developer name.
    pub(crate) name: String,
    /// The object it guards.
    pub(crate) object: String,
    /// The objects searched for matches.
    pub(crate) against: Vec<String>,
    /// The fields that must all be equal.
    pub(crate) fields: Vec<String>,
    /// Whether the save may be repeated with a wish to save anyway.
    pub(crate) allow_save: bool,
}

/// The active assignment rule of an object.
#[derive(Clone, Debug)]
pub(crate) struct AssignmentRule {
    /// Its record.
    pub(crate) id: RecordId,
    /// The object it assigns.
    pub(crate) object: String,
    /// The user or queue that becomes the owner.
    pub(crate) owner: RecordId,
}

/// Every rule of the org.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    /// Validation rules.
    pub(crate) validation: Vec<ValidationRule>,
    /// Duplicate rules.
    pub(crate) duplicates: Vec<DuplicateRule>,
    /// Active assignment rules, one an object.
    pub(crate) assignment: Vec<AssignmentRule>,
}
