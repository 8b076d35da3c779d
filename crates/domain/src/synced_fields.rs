//! Which fields of Accounts, Contacts and Leads are kept here for the router (同期項目設定; D1, D2).

use crate::field_path::FieldPath;
use crate::organization::{FieldType, ObjectDescription, OrgField};
use crate::path_in_org::{Lost, Reached, follow};
use crate::problem::FieldProblem;
use crate::schedule::TimeOfDay;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};

pub use crate::path_in_org::Descriptions;

/// Fields that may be chosen of one object.
pub const MOST_FIELDS: usize = 100;

/// An object whose fields can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SyncedObject {
    /// 取引先
    Account,
    /// 取引先責任者
    Contact,
    /// リード
    Lead,
}

impl SyncedObject {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Account, Self::Contact, Self::Lead];

    /// The API name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::Contact => "Contact",
            Self::Lead => "Lead",
        }
    }

    /// The name of the object's input and in the API: `account`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Contact => "contact",
            Self::Lead => "lead",
        }
    }

    /// The object with this key or API name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|object| object.key().eq_ignore_ascii_case(name))
    }

    /// The name of the stream that keeps its records.
    pub const fn stream(self) -> &'static str {
        match self {
            Self::Account => "synced_fields/Account",
            Self::Contact => "synced_fields/Contact",
            Self::Lead => "synced_fields/Lead",
        }
    }

    /// The field by which records are found: the company's site, or the person's e-mail (G2).
    pub const fn matched_by(self) -> &'static str {
        match self {
            Self::Account => "Website",
            Self::Contact | Self::Lead => "Email",
        }
    }
}

/// The page's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SyncedFields {
    /// Paths from Account.
    pub account: Vec<String>,
    /// Paths from Contact.
    pub contact: Vec<String>,
    /// Paths from Lead.
    pub lead: Vec<String>,
    /// When the nightly refresh begins, in the workspace's zone.
    pub refresh_at: TimeOfDay,
}

impl SyncedFields {
    /// The paths of one object.
    pub fn of(&self, object: SyncedObject) -> &[String] {
        match object {
            SyncedObject::Account => &self.account,
            SyncedObject::Contact => &self.contact,
            SyncedObject::Lead => &self.lead,
        }
    }

    /// The paths of one object, to change.
    pub fn of_mut(&mut self, object: SyncedObject) -> &mut Vec<String> {
        match object {
            SyncedObject::Account => &mut self.account,
            SyncedObject::Contact => &mut self.contact,
            SyncedObject::Lead => &mut self.lead,
        }
    }

    /// The objects of which something is to be kept.
    pub fn objects(&self) -> impl Iterator<Item = SyncedObject> {
        SyncedObject::ALL.into_iter().filter(|object| !self.of(*object).is_empty())
    }

    /// Whether nothing is to be kept.
    pub fn is_empty(&self) -> bool {
        self.objects().next().is_none()
    }

    /// The paths of one object as paths; those that were not written right are left out.
    pub fn paths(&self, object: SyncedObject) -> Vec<FieldPath> {
        self.of(object).iter().filter_map(|path| FieldPath::parse(path, object.key()).ok()).collect()
    }
}

/// Checks how the paths are written, before they are saved; the org is not asked.
///
/// A fault is named after its line: `lead[2]`.
pub fn check_synced_fields(given: SyncedFields) -> Result<SyncedFields, Vec<FieldProblem>> {
    let mut checked = SyncedFields { refresh_at: given.refresh_at, ..SyncedFields::default() };
    let mut problems = Vec::new();
    for object in SyncedObject::ALL {
        if given.of(object).len() > MOST_FIELDS {
            problems.push(FieldProblem::new(object.key(), "too-many").with("max", MOST_FIELDS));
            continue;
        }
        let mut seen = HashSet::new();
        for (place, typed) in given.of(object).iter().enumerate() {
            let name = format!("{}[{place}]", object.key());
            match FieldPath::parse(typed, &name) {
                Ok(path) if seen.insert(path.key()) => checked.of_mut(object).push(path.to_string()),
                Ok(path) => problems.push(FieldProblem::new(name, "taken").with("value", path)),
                Err(problem) => problems.push(problem),
            }
        }
    }
    if problems.is_empty() { Ok(checked) } else { Err(problems) }
}

/// What the org says of one chosen field (同期テスト; D2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldVerdict {
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
    Good {
        /// The field's label.
        label: String,
        /// Its kind.
        kind: FieldType,
        /// Its value changes without a mark of change on the record: a formula, or another record's field.
        #[serde(default, skip_serializing_if = "is_false")]
        derived: bool,
    },
    /// It is a lookup: only the id would come, and this path names the record (D1).
    OnlyTheId {
        /// The path that brings the name.
        offer: String,
    },
    /// The last name is no field of the object it leads to.
    NoSuchField {
        /// That object.
        on: String,
        /// Names like it.
        hints: Vec<String>,
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
    /// The field is of a kind that can't be kept, such as a compound address.
    Unsupported {
        /// Its parts, where there are some.
        hints: Vec<String>,
    },
    /// The user can't see an object on the way.
    Hidden {
        /// The object.
        on: String,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the serializer hands in a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Finding {
    /// Whether the field comes with the next refresh.
    pub const fn is_usable(&self) -> bool {
        matches!(self, Self::Good { .. } | Self::OnlyTheId { .. })
    }

    /// The kind of what is fetched, and whether it changes without a mark of change; `None` when nothing is.
    pub const fn fetched(&self) -> Option<(FieldType, bool)> {
        match self {
            Self::Good { kind, derived, .. } => Some((*kind, *derived)),
            Self::OnlyTheId { .. } => Some((FieldType::Other, false)),
            _ => None,
        }
    }

    /// The word for the catalogues (`field-finding-{word}`).
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Good { .. } => "good",
            Self::OnlyTheId { .. } => "only-the-id",
            Self::NoSuchField { .. } => "no-such-field",
            Self::NoSuchLookup { .. } => "no-such-lookup",
            Self::Unsupported { .. } => "unsupported",
            Self::Hidden { .. } => "hidden",
        }
    }
}

/// The objects that have to be described before every path can be judged.
pub fn still_unknown(fields: &SyncedFields, known: &Descriptions) -> BTreeSet<String> {
    let mut unknown = BTreeSet::new();
    for object in fields.objects() {
        for path in fields.paths(object) {
            if let Err(Lost::Undescribed(name)) = follow(object.name(), &path, known) {
                unknown.insert(name);
            }
        }
    }
    unknown
}

/// Judges every path; objects that nobody described count as hidden.
pub fn check_against_org(fields: &SyncedFields, known: &Descriptions) -> Vec<FieldVerdict> {
    let verdicts = fields.objects().flat_map(|object| {
        fields.paths(object).into_iter().map(move |path| {
            let finding =
                find_behind(object.name(), &path, known).unwrap_or_else(|on| Finding::Hidden { on });
            FieldVerdict { object, path: path.to_string(), finding }
        })
    });
    verdicts.collect()
}

/// What is behind a path that starts from an object.
///
/// # Errors
/// The name of an object that has to be described before that can be told.
pub fn find_behind(object: &str, path: &FieldPath, known: &Descriptions) -> Result<Finding, String> {
    match follow(object, path, known) {
        Ok(Reached::Field { field, on }) => Ok(judged(field, path, on)),
        Ok(Reached::OfAnything(name)) => {
            Ok(Finding::Good { label: name.to_owned(), kind: FieldType::String, derived: true })
        }
        Err(Lost::Undescribed(on)) => Err(on),
        Err(lost) => Ok(not_found(lost)),
    }
}

fn not_found(lost: Lost) -> Finding {
    match lost {
        Lost::Undescribed(on) | Lost::Hidden(on) => Finding::Hidden { on },
        Lost::NoSuchLookup { name, on, hints } => Finding::NoSuchLookup { name, on, hints },
        Lost::NoSuchField { on, hints } => Finding::NoSuchField { on, hints },
    }
}

fn judged(field: &OrgField, path: &FieldPath, object: &ObjectDescription) -> Finding {
    if field.compound || field.kind == FieldType::Encrypted {
        let parts = object.fields.iter().filter(|part| part.part_of.as_deref() == Some(&field.name));
        return Finding::Unsupported { hints: parts.map(|part| part.name.clone()).collect() };
    }
    match &field.relationship {
        Some(relationship) if !field.reference_to.is_empty() && field.name != "Id" => {
            Finding::OnlyTheId { offer: path.with_field(&format!("{relationship}.Name")).to_string() }
        }
        _ => Finding::Good {
            label: field.label.clone(),
            kind: field.kind,
            derived: field.calculated || !path.lookups().is_empty(),
        },
    }
}
