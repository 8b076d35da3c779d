//! Fields named by what people call them: a label counts where it names one field and no other.

use crate::org::{Descriptions, ObjectDescription, OrgField};
use crate::value::{FieldProblem, search_key};

/// Signs that stand between the names of a path, as suggestions show it and as people type it.
const BETWEEN: [char; 3] = ['.', '›', '．'];

/// Why a label names no field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelError {
    /// No field that may be chosen is called so.
    Unknown,
    /// Several are; these are their names.
    Ambiguous(Vec<String>),
}

impl LabelError {
    /// The fault of the input that `at` names, where the label is at fault and not the name.
    pub fn problem(&self, typed: &str, at: &str) -> Option<FieldProblem> {
        match self {
            Self::Unknown => None,
            Self::Ambiguous(names) => {
                let problem = FieldProblem::new(at, "ambiguous-label").with("value", typed.trim());
                Some(problem.with("names", names.join(", ")))
            }
        }
    }
}

impl ObjectDescription {
    /// The field with this API name, or else the only one with this label that may be chosen.
    pub fn named(&self, typed: &str, allowed: impl Fn(&OrgField) -> bool) -> Result<&OrgField, LabelError> {
        if let Some(field) = self.field(typed.trim()) {
            return Ok(field);
        }
        let wanted = search_key(typed);
        let all: Vec<&OrgField> =
            self.fields.iter().filter(|field| allowed(field) && search_key(&field.label) == wanted).collect();
        match all.as_slice() {
            _ if wanted.is_empty() => Err(LabelError::Unknown),
            [] => Err(LabelError::Unknown),
            [field] => Ok(field),
            several => Err(LabelError::Ambiguous(several.iter().map(|field| field.name.clone()).collect())),
        }
    }

    fn lookup_named(&self, typed: &str) -> Result<&OrgField, LabelError> {
        if let Some(lookup) = self.lookup(typed.trim()) {
            return Ok(lookup);
        }
        let wanted = search_key(typed);
        let is_called =
            |field: &&OrgField| field.relationship.is_some() && search_key(field.lookup_label()) == wanted;
        let all: Vec<&OrgField> = self.fields.iter().filter(is_called).collect();
        match all.as_slice() {
            [lookup] => Ok(lookup),
            [] => Err(LabelError::Unknown),
            several => Err(LabelError::Ambiguous(
                several.iter().filter_map(|lookup| lookup.relationship.clone()).collect(),
            )),
        }
    }
}

/// The path that names and labels stand for, as far as the objects on the way are described.
pub fn path_of_labels(
    object: &str,
    typed: &str,
    known: &Descriptions,
    allowed: impl Fn(&OrgField) -> bool,
) -> Result<String, LabelError> {
    let described = |name: &str| known.get(name).and_then(Option::as_ref).ok_or(LabelError::Unknown);
    let mut names: Vec<&str> = typed.split(BETWEEN).map(str::trim).collect();
    let last = names.pop().unwrap_or_default();
    let mut standing = described(object)?;
    let mut path = String::new();
    for name in names {
        let lookup = standing.lookup_named(name)?;
        path.push_str(lookup.relationship.as_deref().unwrap_or_default());
        path.push('.');
        match lookup.reference_to.as_slice() {
            [single] => standing = described(single)?,
            _ => return Err(LabelError::Unknown),
        }
    }
    Ok(path + &standing.named(last, allowed)?.name)
}
