//! The synced fields as the API shows them, and what the org reports of them.

use crate::api::value::{Clock, FieldTypeWord, SyncedObjectWord, Time};
use domain::org::PathError;
use domain::synced_fields::{FieldCheck, Finding, SyncedFields, SyncedObject};
use serde::Serialize;
use storage::mirror::streams::Mirror;
use utoipa::ToSchema;

/// The chosen fields. A part that is left out of a request gets its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(default)]
#[schema(as = SyncedFields)]
pub struct SyncedFieldsResponse {
    /// Paths from Account.
    #[schema(example = json!(["Industry", "Owner.Name"]))]
    account: Vec<String>,
    /// Paths from Contact.
    #[schema(example = json!(["Title"]))]
    contact: Vec<String>,
    /// Paths from Lead.
    #[schema(example = json!(["Status"]))]
    lead: Vec<String>,
    /// When the nightly sync starts.
    refresh_at: Clock,
}

impl From<SyncedFields> for SyncedFieldsResponse {
    fn from(fields: SyncedFields) -> Self {
        let paths = |object| fields.of(object).to_vec();
        Self {
            account: paths(SyncedObject::Account),
            contact: paths(SyncedObject::Contact),
            lead: paths(SyncedObject::Lead),
            refresh_at: fields.refresh_at.into(),
        }
    }
}

impl Default for SyncedFieldsResponse {
    fn default() -> Self {
        SyncedFields::default().into()
    }
}

/// The chosen fields and what is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SyncedFieldsDetails {
    /// The chosen fields.
    #[serde(flatten)]
    pub fields: SyncedFieldsResponse,
    /// Objects that were synced.
    pub kept: Vec<StoredObject>,
}

/// The stored records of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StoredObject {
    /// The API name of the object.
    #[schema(example = "Lead")]
    object: &'static str,
    /// Stored records.
    #[schema(example = 1200)]
    rows: i64,
    /// When they were last synced.
    refreshed_at: Time,
    /// Every change in the org before this time is included.
    covered_until: Option<Time>,
    /// Fields that the org no longer shows; their last values stay.
    #[schema(example = json!(["Phone"]))]
    stale: Vec<String>,
}

impl StoredObject {
    /// Shows what is stored of an object.
    pub fn of(object: SyncedObject, mirror: &Mirror) -> Self {
        Self {
            object: object.name(),
            rows: mirror.rows,
            refreshed_at: mirror.refreshed_at.into(),
            covered_until: mirror.state.covered_until.map(Time::from),
            stale: mirror.state.stale.clone(),
        }
    }
}

/// The org's result for the chosen fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldTest {
    /// Every field can be synced.
    pub good: bool,
    /// One result for each field.
    pub fields: Vec<FieldCheckResponse>,
}

/// The org's result for one field; what is found decides which of the other members are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FieldCheck)]
pub struct FieldCheckResponse {
    /// The object from which the path starts.
    object: SyncedObjectWord,
    /// The path.
    #[schema(example = "Owner.Name")]
    path: String,
    /// What was found.
    finding: FindingWord,
    /// The label of the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Full Name")]
    label: Option<String>,
    /// The type of the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    kind: Option<FieldTypeWord>,
    /// Its value changes without a change of the record: a formula, or another record's field.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    derived: bool,
    /// The path that brings the name instead of the ID.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Owner.Name")]
    offer: Option<String>,
    /// The name at which the path ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Ownr")]
    name: Option<String>,
    /// The object at which the path ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Account")]
    on: Option<String>,
    /// Similar names, or the parts of a compound field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = json!(["Owner"]))]
    hints: Option<Vec<String>>,
}

/// What was found at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FieldFinding)]
pub enum FindingWord {
    /// The field can be synced.
    #[serde(rename = "good")]
    Usable,
    /// A lookup: only the ID is synced.
    #[serde(rename = "only_the_id")]
    IdOnly,
    /// The type of the field can't be synced.
    Unsupported,
    /// The org has not described the object.
    Undescribed,
    /// The connected user can't see the object.
    Hidden,
    /// The name is a list of child records.
    ChildList,
    /// The object has no such lookup.
    NoSuchLookup,
    /// The object has no such field.
    NoSuchField,
}

impl From<FieldCheck> for FieldCheckResponse {
    fn from(check: FieldCheck) -> Self {
        let bare = |finding| Self {
            object: check.object.into(),
            path: check.path.clone(),
            finding,
            label: None,
            kind: None,
            derived: false,
            offer: None,
            name: None,
            on: None,
            hints: None,
        };
        match check.finding {
            Finding::Usable { label, kind, derived } => {
                Self { label: Some(label), kind: Some(kind.into()), derived, ..bare(FindingWord::Usable) }
            }
            Finding::IdOnly { offer } => Self { offer: Some(offer), ..bare(FindingWord::IdOnly) },
            Finding::Unsupported { hints } => Self { hints: Some(hints), ..bare(FindingWord::Unsupported) },
            Finding::Lost(PathError::Undescribed { on }) => {
                Self { on: Some(on), ..bare(FindingWord::Undescribed) }
            }
            Finding::Lost(PathError::Hidden { on }) => Self { on: Some(on), ..bare(FindingWord::Hidden) },
            Finding::Lost(PathError::ChildList { name, on }) => {
                Self { name: Some(name), on: Some(on), ..bare(FindingWord::ChildList) }
            }
            Finding::Lost(PathError::NoSuchLookup { name, on, hints }) => {
                Self { name: Some(name), on: Some(on), hints: Some(hints), ..bare(FindingWord::NoSuchLookup) }
            }
            Finding::Lost(PathError::NoSuchField { on, hints }) => {
                Self { on: Some(on), hints: Some(hints), ..bare(FindingWord::NoSuchField) }
            }
        }
    }
}
