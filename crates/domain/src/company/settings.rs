//! The settings of the company import (企業データ連携): which records become companies, with what (Y1–Y5, Y8).

use crate::company::{CompanyField, CompanyFieldKind, free_key};
use crate::condition::{Condition, FieldSource};
use crate::value::FieldProblem;
use serde::{Deserialize, Serialize};

/// Hours between two imports, at most.
pub const MAX_HOURS: u8 = 24;
const USUAL_HOURS: u8 = 4;

/// The object whose records become companies (対象オブジェクト).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CompanyObject {
    /// 取引先
    #[default]
    Account,
    /// 商談
    Opportunity,
}

impl CompanyObject {
    /// Both, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Account, Self::Opportunity];

    /// The API name; also the word for the catalogues (`object-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::Opportunity => "Opportunity",
        }
    }

    /// Reads the API name in any case; `None` for other objects.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|object| object.name().eq_ignore_ascii_case(name.trim()))
    }
}

/// What happens to a company whose record stops matching, is deleted or is merged away (Y8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnRemoval {
    /// It stays as it is.
    Keep,
    /// It stays, and says so.
    #[default]
    Mark,
    /// It is put away.
    Archive,
}

impl OnRemoval {
    /// All three, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Keep, Self::Mark, Self::Archive];

    /// The word in the API and for the catalogues (`when-gone-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Mark => "mark",
            Self::Archive => "archive",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// One company field and the Salesforce field that fills it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyMapping {
    /// The company field's key.
    pub field: String,
    /// The path from the object.
    pub path: String,
}

/// The settings. External id and name are always brought and stand in no mapping (Y2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompanyImport {
    /// Companies are imported.
    pub enabled: bool,
    /// From records of this object.
    pub object: CompanyObject,
    /// That meet all of these conditions.
    pub conditions: Vec<Condition>,
    /// The company fields there are, whether a mapping fills them now or not.
    pub fields: Vec<CompanyField>,
    /// What fills them.
    pub mappings: Vec<CompanyMapping>,
    /// Hours between two imports, 1 to 24.
    pub every_hours: u8,
    /// What happens to companies whose record is gone.
    pub when_gone: OnRemoval,
}

impl Default for CompanyImport {
    fn default() -> Self {
        Self {
            enabled: false,
            object: CompanyObject::default(),
            conditions: Vec::new(),
            fields: Vec::new(),
            mappings: Vec::new(),
            every_hours: USUAL_HOURS,
            when_gone: OnRemoval::default(),
        }
    }
}

impl CompanyImport {
    /// A company field by its key.
    pub fn field(&self, key: &str) -> Option<&CompanyField> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Whether the same records are brought with the same fields; only then the org need not be asked again.
    pub fn imports_same_records(&self, other: &Self) -> bool {
        let what =
            |one: &Self| (one.object, one.conditions.clone(), one.fields.clone(), one.mappings.clone());
        what(self) == what(other)
    }

    /// The same settings for another object: what belonged to the old one is dropped, the fields stay.
    #[must_use]
    pub fn with_object(mut self, object: CompanyObject) -> Self {
        if self.object != object {
            self.object = object;
            self.conditions.clear();
            self.mappings.clear();
        }
        self
    }

    /// Makes a company field for what a path brings, of its label and the kind that fits best, and gives its key.
    ///
    /// A field of that label and kind that nothing fills is taken instead: it was made for the same thing before.
    /// `None` when nothing of that type can be kept. A key is made from the path when none is given.
    pub fn add_field(&mut self, source: &FieldSource<'_>, key: Option<&str>) -> Option<String> {
        let kind = CompanyFieldKind::fitting(source.kind()).into_iter().next()?;
        let is_filled = |key: &str| self.mappings.iter().any(|mapping| mapping.field == key);
        let idle = self.fields.iter().find(|field| {
            field.kind == kind && field.label == source.label().trim() && !is_filled(&field.key)
        });
        if let (None, Some(idle)) = (key, idle) {
            return Some(idle.key.clone());
        }
        let key = key.map_or_else(|| free_key(&source.path, &self.fields), str::to_owned);
        let taken = |label: &str| self.fields.iter().any(|field| field.label.eq_ignore_ascii_case(label));
        let label = source.label().trim().chars().take(70).collect::<String>();
        let label = if label.is_empty() { source.path.to_string() } else { label };
        let numbered = (2..).map(|number| format!("{label} ({number})"));
        let label = std::iter::once(label.clone()).chain(numbered).find(|label| !taken(label))?;
        self.fields.push(CompanyField { key: key.clone(), label, kind });
        Some(key)
    }
}

/// Reads the hours between two imports.
pub fn check_every_hours(hours: i64) -> Result<u8, FieldProblem> {
    let out = || FieldProblem::new("every_hours", "out-of-range").with("min", 1).with("max", MAX_HOURS);
    u8::try_from(hours).ok().filter(|hours| (1..=MAX_HOURS).contains(hours)).ok_or_else(out)
}
