//! Following a path through what is known of the org, from an object to a field of it or of a parent (D1, Y3).

use crate::org::{FieldPath, ObjectDescription, OrgField};
use crate::value::{FieldProblem, suggestions};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What is known of objects: `None` for one that the user can't see.
pub type Descriptions = HashMap<String, Option<ObjectDescription>>;

/// Fields that every record has which a lookup to several objects can lead to (contract 2.9).
const STANDARD_FIELDS: [&str; 10] =
    ["Id", "Name", "FirstName", "LastName", "Email", "Phone", "Title", "Username", "Alias", "Type"];

/// What stands at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ResolvedField<'a> {
    /// A field of an object.
    Field {
        /// The field.
        field: &'a OrgField,
        /// Its object.
        on: &'a ObjectDescription,
    },
    /// A field behind a lookup to several objects, of which only the name is known.
    StandardField(&'static str),
}

/// Why a path leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum PathError {
    /// The object has no describe yet.
    Undescribed {
        /// The object.
        on: String,
    },
    /// The user can't see this object.
    Hidden {
        /// The object.
        on: String,
    },
    /// A name of the path is a list of the object's children, and not a field or a parent of it.
    ChildList {
        /// The name.
        name: String,
        /// That object.
        on: String,
    },
    /// A name on the way is no lookup of the object it stands on.
    NoSuchLookup {
        /// The name.
        name: String,
        /// That object.
        on: String,
        /// Names like it.
        hints: Vec<String>,
    },
    /// The last name is no field of the object it leads to.
    NoSuchField {
        /// That object.
        on: String,
        /// Names like it.
        hints: Vec<String>,
    },
}

impl PathError {
    /// The fault of the input in which the path was typed; `at` names it.
    pub fn problem(&self, path: &FieldPath, at: &str) -> FieldProblem {
        let problem = |code: &str| FieldProblem::new(at, code).with("path", path);
        match self {
            Self::Undescribed { on } | Self::Hidden { on } => problem("object-hidden").with("on", on),
            Self::ChildList { name, on } => problem("child-list").with("value", name).with("on", on),
            Self::NoSuchLookup { name, on, hints } => {
                problem("no-such-lookup").with("value", name).with("on", on).with("hint", hints.join(", "))
            }
            Self::NoSuchField { on, hints } => problem("no-such-field")
                .with("value", path.field())
                .with("on", on)
                .with("hint", hints.join(", ")),
        }
    }
}

/// Follows a path from an object, lookup by lookup.
pub fn follow<'a>(
    object: &str,
    path: &FieldPath,
    known: &'a Descriptions,
) -> Result<ResolvedField<'a>, PathError> {
    let mut standing = described(object, known)?;
    for name in path.lookups() {
        let Some(lookup) = standing.lookup(name) else {
            if standing.has_child_list(name) {
                return Err(PathError::ChildList { name: name.clone(), on: standing.name.clone() });
            }
            let names = standing.fields.iter().filter_map(|field| field.relationship.as_deref());
            let hints = suggestions(name, names);
            return Err(PathError::NoSuchLookup { name: name.clone(), on: standing.name.clone(), hints });
        };
        match lookup.reference_to.as_slice() {
            [single] => standing = described(single, known)?,
            _ => return standard_field(path, name),
        }
    }
    let Some(field) = standing.field(path.field()) else {
        if standing.has_child_list(path.field()) {
            return Err(PathError::ChildList { name: path.field().to_owned(), on: standing.name.clone() });
        }
        let hints = suggestions(path.field(), standing.fields.iter().map(|field| field.name.as_str()));
        return Err(PathError::NoSuchField { on: standing.name.clone(), hints });
    };
    Ok(ResolvedField::Field { field, on: standing })
}

/// What people call the way and the field at its end: 所有者, 氏名 for `Owner.Name`. The path's names where nothing is known.
pub fn labels(object: &str, path: &FieldPath, known: &Descriptions) -> Vec<String> {
    let mut standing = described(object, known).ok();
    let mut told = Vec::new();
    for name in path.lookups() {
        let lookup = standing.and_then(|object| object.lookup(name));
        told.push(lookup.map_or(name.as_str(), OrgField::lookup_label).to_owned());
        standing = match lookup.map(|field| field.reference_to.as_slice()) {
            Some([single]) => described(single, known).ok(),
            _ => None,
        };
    }
    let field = standing.and_then(|object| object.field(path.field()));
    told.push(field.map_or(path.field(), |field| field.label.as_str()).to_owned());
    told
}

fn described<'a>(object: &str, known: &'a Descriptions) -> Result<&'a ObjectDescription, PathError> {
    match known.get(object) {
        Some(Some(description)) => Ok(description),
        Some(None) => Err(PathError::Hidden { on: object.to_owned() }),
        None => Err(PathError::Undescribed { on: object.to_owned() }),
    }
}

fn standard_field(path: &FieldPath, lookup: &str) -> Result<ResolvedField<'static>, PathError> {
    let field = path.field();
    match STANDARD_FIELDS.iter().find(|known| known.eq_ignore_ascii_case(field)) {
        Some(known) => Ok(ResolvedField::StandardField(known)),
        None => {
            Err(PathError::NoSuchField { on: lookup.to_owned(), hints: suggestions(field, STANDARD_FIELDS) })
        }
    }
}
