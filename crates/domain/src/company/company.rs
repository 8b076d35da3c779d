//! A company as people see it: a kept record of the org, under the settings of the import (Y2, Y8).

use crate::company::{CompanyImport, CompanyObject, OnRemoval};
use crate::mirror::{MirrorRow, RecordState};
use serde_json::{Map, Value};

/// The path of what every company is called.
pub const NAME: &str = "Name";

/// How a company stands here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyStatus {
    /// It is one of the companies.
    Active,
    /// It is one of them, and its record is gone or doesn't fit the conditions any more.
    Marked,
    /// It was put away for that reason.
    Archived,
}

impl CompanyStatus {
    /// What the state of its record means for a company (Y8).
    pub const fn of(state: RecordState, when_gone: OnRemoval) -> Self {
        match when_gone {
            _ if state.is_stored() => Self::Active,
            OnRemoval::Keep => Self::Active,
            OnRemoval::Mark => Self::Marked,
            OnRemoval::Archive => Self::Archived,
        }
    }

    /// The word in the API and for the catalogues (`company-standing-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Marked => "marked",
            Self::Archived => "archived",
        }
    }

    /// The standing with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Marked, Self::Archived].into_iter().find(|one| one.name() == name)
    }

    /// The states of records that stand so.
    pub fn states(self, when_gone: OnRemoval) -> Vec<RecordState> {
        RecordState::ALL.into_iter().filter(|state| Self::of(*state, when_gone) == self).collect()
    }
}

/// The stream under which the companies of an object are kept.
pub const fn stream(object: CompanyObject) -> &'static str {
    match object {
        CompanyObject::Account => "companies/Account",
        CompanyObject::Opportunity => "companies/Opportunity",
    }
}

/// The paths that an import brings, each once: the name, and what the mappings name.
pub fn paths(import: &CompanyImport) -> Vec<String> {
    let mut paths = vec![NAME.to_owned()];
    for mapping in &import.mappings {
        if !paths.iter().any(|path| path.eq_ignore_ascii_case(&mapping.path)) {
            paths.push(mapping.path.clone());
        }
    }
    paths
}

/// What a company is called.
pub fn name(row: &MirrorRow) -> String {
    row.values().get(NAME).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The values of a company's fields by their keys; fields that were never filled are absent.
pub fn fields(import: &CompanyImport, row: &MirrorRow) -> Map<String, Value> {
    let values = row.values();
    let value = |path: &str| {
        let found = values.iter().find(|(known, _)| known.eq_ignore_ascii_case(path));
        found.map(|(_, value)| value.clone())
    };
    let filled = import.mappings.iter().filter_map(|one| Some((one.field.clone(), value(&one.path)?)));
    filled.collect()
}
