//! A Salesforce field that a condition or a mapping of the company import names (Y1, Y3).

use crate::company_condition::Comparable;
use crate::field_path::FieldPath;
use crate::organization::{FieldType, OrgField};
use crate::path_in_org::{Descriptions, Lost, Reached, follow};
use crate::problem::FieldProblem;

/// A field that was found, on the object or on a parent of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Source<'a> {
    /// The way to it.
    pub path: FieldPath,
    /// What the org says of it; `None` behind a lookup to several objects, where it is a text.
    pub field: Option<&'a OrgField>,
}

impl Source<'_> {
    /// Its label; its name where the org tells none.
    pub fn label(&self) -> &str {
        self.field.map_or_else(|| self.path.field(), |field| field.label.as_str())
    }

    /// Its type.
    pub fn kind(&self) -> FieldType {
        self.field.map_or(FieldType::String, |field| field.kind)
    }

    /// How its values can be compared; `None` for types of which nothing can be asked.
    pub fn comparable(&self) -> Option<Comparable> {
        match self.field {
            Some(field) => Comparable::of(field),
            None => Some(Comparable::Text),
        }
    }

    /// Can stand in a condition.
    pub fn is_filterable(&self) -> bool {
        self.field.is_none_or(|field| field.filterable)
    }

    /// Holds only the id of another record.
    pub fn is_lookup(&self) -> bool {
        self.field.is_some_and(|field| !field.reference_to.is_empty())
    }
}

/// Finds the field that a path names, or says precisely why there is none; `at` names the input.
pub fn find_source<'a>(
    object: &str,
    typed: &str,
    known: &'a Descriptions,
    at: &str,
) -> Result<Source<'a>, FieldProblem> {
    let path = FieldPath::parse(typed, at)?;
    match follow(object, &path, known) {
        Ok(Reached::Field { field, .. }) => {
            Ok(Source { path: path.with_field(&field.name), field: Some(field) })
        }
        Ok(Reached::OfAnything(name)) => Ok(Source { path: path.with_field(name), field: None }),
        Err(lost) => Err(why_not(&path, lost, known, at)),
    }
}

fn why_not(path: &FieldPath, lost: Lost, known: &Descriptions, at: &str) -> FieldProblem {
    let is_child_list = |on: &str, name: &str| {
        let described = known.get(on).and_then(Option::as_ref);
        described.is_some_and(|object| object.child_lists.iter().any(|list| list.eq_ignore_ascii_case(name)))
    };
    let problem = |code: &str| FieldProblem::new(at, code).with("path", path);
    match lost {
        Lost::Undescribed(on) | Lost::Hidden(on) => problem("object-hidden").with("on", on),
        Lost::NoSuchLookup { name, on, .. } if is_child_list(&on, &name) => {
            problem("child-list").with("value", name).with("on", on)
        }
        Lost::NoSuchField { on, .. } if is_child_list(&on, path.field()) => {
            problem("child-list").with("value", path.field()).with("on", on)
        }
        Lost::NoSuchLookup { name, on, hints } => {
            problem("no-such-lookup").with("value", name).with("on", on).with("hint", hints.join(", "))
        }
        Lost::NoSuchField { on, hints } => {
            problem("no-such-field").with("value", path.field()).with("on", on).with("hint", hints.join(", "))
        }
    }
}
