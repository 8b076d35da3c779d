//! The synced fields as the API shows them, and what the org reports of them.

use crate::api::value::{Clock, FieldTypeWord, SyncedObjectWord, Time};
use domain::org::PathError;
use domain::synced_fields::{FieldCheck, Finding, SyncedFields, SyncedObject};
use serde::Serialize;
use storage::mirror::rows::Mirror;
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
        let SyncedFields { account, contact, lead, refresh_at } = fields;
        Self { account, contact, lead, refresh_at: refresh_at.into() }
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

/// The org's result for one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FieldCheck)]
pub struct FieldCheckResponse {
    /// The object from which the path starts.
    object: SyncedObjectWord,
    /// The path.
    #[schema(example = "Owner.Name")]
    path: String,
    /// What was found.
    #[serde(flatten)]
    finding: FindingResponse,
}

/// What was found at a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "finding", rename_all = "snake_case")]
#[schema(as = FieldFinding)]
pub enum FindingResponse {
    /// The field can be synced.
    Usable {
        /// Its label.
        #[schema(example = "Full Name")]
        label: String,
        /// Its type.
        kind: FieldTypeWord,
        /// Its value changes without a change of the record: a formula, or another record's field.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        #[schema(required = false)]
        derived: bool,
    },
    /// A lookup: only the ID is synced.
    IdOnly {
        /// The path that brings the name.
        #[schema(example = "Owner.Name")]
        offer: String,
    },
    /// The type of the field can't be synced.
    Unsupported {
        /// Its parts, if it is a compound field.
        #[schema(example = json!(["BillingCity", "BillingStreet"]))]
        hints: Vec<String>,
    },
    /// The org has not described the object.
    Undescribed {
        /// The object.
        #[schema(example = "User")]
        on: String,
    },
    /// The connected user can't see the object.
    Hidden {
        /// The object.
        #[schema(example = "User")]
        on: String,
    },
    /// The name is a list of child records.
    ChildList {
        /// The name.
        #[schema(example = "Contacts")]
        name: String,
        /// The object that has it.
        #[schema(example = "Account")]
        on: String,
    },
    /// The object has no such lookup.
    NoSuchLookup {
        /// The name.
        #[schema(example = "Ownr")]
        name: String,
        /// The object.
        #[schema(example = "Account")]
        on: String,
        /// Similar names.
        #[schema(example = json!(["Owner"]))]
        hints: Vec<String>,
    },
    /// The object has no such field.
    NoSuchField {
        /// The object.
        #[schema(example = "Account")]
        on: String,
        /// Similar names.
        #[schema(example = json!(["Industry"]))]
        hints: Vec<String>,
    },
}

impl From<FieldCheck> for FieldCheckResponse {
    fn from(check: FieldCheck) -> Self {
        Self { object: check.object.into(), path: check.path, finding: check.finding.into() }
    }
}

impl From<Finding> for FindingResponse {
    fn from(finding: Finding) -> Self {
        match finding {
            Finding::Usable { label, kind, derived } => Self::Usable { label, kind: kind.into(), derived },
            Finding::IdOnly { offer } => Self::IdOnly { offer },
            Finding::Unsupported { hints } => Self::Unsupported { hints },
            Finding::Lost(PathError::Undescribed { on }) => Self::Undescribed { on },
            Finding::Lost(PathError::Hidden { on }) => Self::Hidden { on },
            Finding::Lost(PathError::ChildList { name, on }) => Self::ChildList { name, on },
            Finding::Lost(PathError::NoSuchLookup { name, on, hints }) => {
                Self::NoSuchLookup { name, on, hints }
            }
            Finding::Lost(PathError::NoSuchField { on, hints }) => Self::NoSuchField { on, hints },
        }
    }
}
