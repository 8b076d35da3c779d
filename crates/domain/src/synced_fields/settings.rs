//! Which fields of Accounts, Contacts and Leads are kept here for the router (同期項目設定; D1, D2).

use crate::org::FieldPath;
use crate::run::TimeOfDay;
use crate::value::FieldProblem;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// Fields that may be chosen of one object.
pub const MAX_FIELDS: usize = 100;

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
#[serde(default)]
pub struct SyncedFields {
    /// When the nightly sync begins, in the workspace's zone.
    pub refresh_at: TimeOfDay,
    /// The paths from each object; an object without any is not synced. Any other key is refused.
    #[serde(flatten)]
    paths: BTreeMap<SyncedObject, Vec<String>>,
}

impl SyncedFields {
    /// The paths of one object.
    pub fn of(&self, object: SyncedObject) -> &[String] {
        self.paths.get(&object).map_or(&[], Vec::as_slice)
    }

    /// The paths of one object, to change.
    pub fn of_mut(&mut self, object: SyncedObject) -> &mut Vec<String> {
        self.paths.entry(object).or_default()
    }

    /// The same fields with the paths of one more object.
    #[must_use]
    pub fn with(mut self, object: SyncedObject, paths: Vec<String>) -> Self {
        if !paths.is_empty() {
            self.paths.insert(object, paths);
        }
        self
    }

    /// The objects of which something is to be kept.
    pub fn objects(&self) -> impl Iterator<Item = SyncedObject> {
        self.paths.iter().filter(|(_, paths)| !paths.is_empty()).map(|(object, _)| *object)
    }

    /// Whether nothing is to be kept.
    pub fn is_empty(&self) -> bool {
        self.objects().next().is_none()
    }

    /// Only what was not chosen before: the org has to be asked about nothing else.
    #[must_use]
    pub fn newly_chosen(&self, before: &Self) -> Self {
        let mut new = Self { refresh_at: self.refresh_at, ..Self::default() };
        for object in SyncedObject::ALL {
            let known = before.of(object);
            let is_new = |path: &&String| !known.iter().any(|one| one.eq_ignore_ascii_case(path));
            new = new.with(object, self.of(object).iter().filter(is_new).cloned().collect());
        }
        new
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
        if given.of(object).len() > MAX_FIELDS {
            problems.push(FieldProblem::new(object.key(), "too-many").with("max", MAX_FIELDS));
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
