//! The person fields of a workspace (S2).

use crate::people::{ConflictRule, Direction, EMAIL, PersonField, PersonFieldKind};
use crate::value::FieldProblem;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Person fields of a workspace at most.
pub const MAX_PERSON_FIELDS: usize = 200;
/// Characters of a field's name and of its label at most.
const MAX_NAME: usize = 40;
const MAX_LABEL: usize = 80;

/// Fields that every workspace begins with. The catalogues name them where a workspace has no label of its own.
pub const STANDARD_PERSON_FIELDS: [&str; 6] = [EMAIL, "last_name", "first_name", "company", "title", "phone"];

/// The person fields of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonFields {
    /// The fields in the order in which they are shown.
    pub fields: Vec<PersonField>,
    /// Grows with every change of a mapping.
    pub revision: u64,
    /// The revision with which a field's mapping changed last. What was agreed on before says nothing about it.
    pub mapped_at: BTreeMap<String, u64>,
}

impl Default for PersonFields {
    fn default() -> Self {
        let field = |name: &str, kind, lead: &str, contact: &str| PersonField {
            name: name.to_owned(),
            label: String::new(),
            kind,
            lead_field: Some(lead.to_owned()),
            contact_field: Some(contact.to_owned()),
            direction: Direction::Both,
            conflict: ConflictRule::Newest,
        };
        let fields = vec![
            field(EMAIL, PersonFieldKind::Email, "Email", "Email"),
            field("last_name", PersonFieldKind::Text, "LastName", "LastName"),
            field("first_name", PersonFieldKind::Text, "FirstName", "FirstName"),
            field("company", PersonFieldKind::Text, "Company", "Account.Name"),
            field("title", PersonFieldKind::Text, "Title", "Title"),
            field("phone", PersonFieldKind::Phone, "Phone", "Phone"),
        ];
        Self { fields, revision: 0, mapped_at: BTreeMap::new() }
    }
}

impl PersonFields {
    /// The field with this name.
    pub fn find(&self, name: &str) -> Option<&PersonField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether the e-mail address is tied to both objects; without it nothing is synced (S9).
    pub fn is_email_mapped(&self) -> bool {
        self.find(EMAIL).is_some_and(|email| email.lead_field.is_some() && email.contact_field.is_some())
    }

    /// The same with other fields; a mapping that changed is a new one.
    #[must_use]
    pub fn changed_to(&self, fields: Vec<PersonField>) -> Self {
        let mapping =
            |field: &PersonField| (field.kind, field.lead_field.clone(), field.contact_field.clone());
        let mut changed = Self { fields, revision: self.revision, mapped_at: self.mapped_at.clone() };
        let is_same = |field: &PersonField| self.find(&field.name).map(mapping) == Some(mapping(field));
        let others: Vec<String> =
            changed.fields.iter().filter(|field| !is_same(field)).map(|field| field.name.clone()).collect();
        if !others.is_empty() {
            changed.revision += 1;
            changed.mapped_at.extend(others.into_iter().map(|name| (name, changed.revision)));
        }
        let names: BTreeSet<&str> = changed.fields.iter().map(|field| field.name.as_str()).collect();
        changed.mapped_at.retain(|name, _| names.contains(name.as_str()));
        changed
    }
}

/// The faults of person fields as they were typed; `fields[2].name` names the place.
pub fn check_person_fields(fields: &[PersonField]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if fields.len() > MAX_PERSON_FIELDS {
        problems.push(FieldProblem::new("fields", "too-many").with("max", MAX_PERSON_FIELDS));
        return problems;
    }
    let mut names = BTreeSet::new();
    for (place, field) in fields.iter().enumerate() {
        let at = |part: &str| format!("fields[{place}].{part}");
        if !is_name(&field.name) {
            problems.push(FieldProblem::new(at("name"), "bad-key"));
        } else if !names.insert(field.name.as_str()) {
            problems.push(FieldProblem::new(at("name"), "taken").with("value", &field.name));
        }
        if field.label.trim().is_empty() && !STANDARD_PERSON_FIELDS.contains(&field.name.as_str()) {
            problems.push(FieldProblem::new(at("label"), "required"));
        } else if field.label.chars().count() > MAX_LABEL {
            problems.push(FieldProblem::new(at("label"), "too-long").with("max", MAX_LABEL));
        }
        if field.name == EMAIL && field.kind != PersonFieldKind::Email {
            problems.push(FieldProblem::new(at("type"), "wrong-type"));
        }
    }
    if !names.contains(EMAIL) {
        problems.push(FieldProblem::new("fields", "person-field-email-missing"));
    }
    problems
}

fn is_name(name: &str) -> bool {
    let is_begun = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    is_begun && name.len() <= MAX_NAME && name.bytes().all(is_word)
}
