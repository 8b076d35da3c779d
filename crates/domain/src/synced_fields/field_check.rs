//! What the org says of the chosen fields: which of them it can give, and why not the others (同期テスト; D2).

use crate::org::{
    Descriptions, FieldPath, FieldType, ObjectDescription, OrgField, PathError, ResolvedField, follow,
};
use crate::synced_fields::{SyncedFields, SyncedObject};
use crate::value::FieldProblem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the org says of one chosen field (同期テスト; D2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldCheck {
    /// The object it starts from.
    pub object: SyncedObject,
    /// The path as it was saved.
    pub path: String,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
}

/// What was found behind a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// It can be kept.
    #[serde(rename = "good")]
    Usable {
        /// The field's label.
        label: String,
        /// Its kind.
        kind: FieldType,
        /// Its value changes without a mark of change on the record: a formula, or another record's field.
        #[serde(default, skip_serializing_if = "is_false")]
        derived: bool,
    },
    /// It is a lookup: only the id would come, and this path names the record (D1).
    #[serde(rename = "only_the_id")]
    IdOnly {
        /// The path that brings the name.
        offer: String,
    },
    /// The field is of a kind that can't be kept, such as a compound address.
    Unsupported {
        /// Its parts, where there are some.
        hints: Vec<String>,
    },
    /// The path leads nowhere; it is told under its own name.
    #[serde(untagged)]
    Lost(PathError),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the serializer hands in a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Finding {
    /// Whether the field comes with the next refresh.
    pub const fn is_usable(&self) -> bool {
        matches!(self, Self::Usable { .. } | Self::IdOnly { .. })
    }

    /// The kind of what is fetched, and whether it changes without a mark of change; `None` when nothing is.
    pub const fn fetched(&self) -> Option<(FieldType, bool)> {
        match self {
            Self::Usable { kind, derived, .. } => Some((*kind, *derived)),
            Self::IdOnly { .. } => Some((FieldType::Other, false)),
            _ => None,
        }
    }
}

impl FieldCheck {
    /// Why the field can't be kept, as a fault of the input that `at` names; `None` when it can.
    pub fn problem(&self, at: &str) -> Option<FieldProblem> {
        match &self.finding {
            Finding::Usable { .. } | Finding::IdOnly { .. } => None,
            Finding::Unsupported { hints } if hints.is_empty() => {
                Some(FieldProblem::new(at, "unsupported-type").with("value", &self.path))
            }
            Finding::Unsupported { hints } => {
                let problem = FieldProblem::new(at, "compound-field").with("value", &self.path);
                Some(problem.with("names", hints.join(", ")))
            }
            Finding::Lost(lost) => Some(
                FieldPath::parse(&self.path, at).map_or_else(|fault| fault, |path| lost.problem(&path, at)),
            ),
        }
    }
}

/// The faults of the chosen fields that can't be kept, each named after its place: `lead[2]`.
pub fn problems_of(fields: &SyncedFields, verdicts: &[FieldCheck]) -> Vec<FieldProblem> {
    let faults = verdicts.iter().filter_map(|verdict| {
        let place = fields.of(verdict.object).iter().position(|path| *path == verdict.path)?;
        verdict.problem(&format!("{}[{place}]", verdict.object.key()))
    });
    faults.collect()
}

/// The objects that have to be described before every path can be judged.
pub fn still_unknown(fields: &SyncedFields, known: &Descriptions) -> BTreeSet<String> {
    let mut unknown = BTreeSet::new();
    for object in fields.objects() {
        for path in fields.paths(object) {
            if let Err(PathError::Undescribed { on }) = follow(object.name(), &path, known) {
                unknown.insert(on);
            }
        }
    }
    unknown
}

/// Judges every path; objects without a describe count as hidden.
pub fn check_against_org(fields: &SyncedFields, known: &Descriptions) -> Vec<FieldCheck> {
    let verdicts = fields.objects().flat_map(|object| {
        fields.paths(object).into_iter().map(move |path| {
            let finding = resolve_field(object.name(), &path, known)
                .unwrap_or_else(|on| Finding::Lost(PathError::Hidden { on }));
            FieldCheck { object, path: path.to_string(), finding }
        })
    });
    verdicts.collect()
}

/// What is behind a path that starts from an object.
///
/// # Errors
/// The name of an object that has to be described before that can be told.
pub fn resolve_field(object: &str, path: &FieldPath, known: &Descriptions) -> Result<Finding, String> {
    match follow(object, path, known) {
        Ok(ResolvedField::Field { field, on }) => Ok(check_field(field, path, on)),
        Ok(ResolvedField::StandardField(name)) => {
            Ok(Finding::Usable { label: name.to_owned(), kind: FieldType::String, derived: true })
        }
        Err(PathError::Undescribed { on }) => Err(on),
        Err(lost) => Ok(Finding::Lost(lost)),
    }
}

fn check_field(field: &OrgField, path: &FieldPath, object: &ObjectDescription) -> Finding {
    if field.compound || field.kind == FieldType::Encrypted {
        let parts = object.fields.iter().filter(|part| part.part_of.as_deref() == Some(&field.name));
        return Finding::Unsupported { hints: parts.map(|part| part.name.clone()).collect() };
    }
    match &field.relationship {
        Some(relationship) if !field.reference_to.is_empty() && field.name != "Id" => {
            Finding::IdOnly { offer: path.with_field(&format!("{relationship}.Name")).to_string() }
        }
        _ => Finding::Usable {
            label: field.label.clone(),
            kind: field.kind,
            derived: field.calculated || !path.lookups().is_empty(),
        },
    }
}
