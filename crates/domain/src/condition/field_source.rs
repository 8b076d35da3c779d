//! A Salesforce field that a condition or a mapping of the company import names (Y1, Y3).

use crate::condition::ComparisonType;
use crate::org::{Descriptions, FieldPath, FieldType, OrgField, ResolvedField, follow};
use crate::value::FieldProblem;

/// A field that was found, on the object or on a parent of it.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldSource<'a> {
    /// The way to it.
    pub path: FieldPath,
    /// What the org says of it; `None` behind a lookup to several objects, where it is a text.
    pub field: Option<&'a OrgField>,
}

impl FieldSource<'_> {
    /// Its label; its name where the org tells none.
    pub fn label(&self) -> &str {
        self.field.map_or_else(|| self.path.field(), |field| field.label.as_str())
    }

    /// Its type.
    pub fn kind(&self) -> FieldType {
        self.field.map_or(FieldType::String, |field| field.kind)
    }

    /// How its values can be compared; `None` for types of which nothing can be asked.
    pub fn comparable(&self) -> Option<ComparisonType> {
        match self.field {
            Some(field) => ComparisonType::of(field),
            None => Some(ComparisonType::Text),
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
) -> Result<FieldSource<'a>, FieldProblem> {
    let path = FieldPath::parse(typed, at)?;
    match follow(object, &path, known) {
        Ok(ResolvedField::Field { field, .. }) => {
            Ok(FieldSource { path: path.with_field(&field.name), field: Some(field) })
        }
        Ok(ResolvedField::StandardField(name)) => {
            Ok(FieldSource { path: path.with_field(name), field: None })
        }
        Err(lost) => Err(lost.problem(&path, at)),
    }
}
