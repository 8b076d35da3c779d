//! The optional field by which a record of ours can't be written twice (Q1).

use crate::delivery::{Operation, Recovery, Write};
use crate::org::{FieldType, ObjectDescription, OrgField};
use crate::value::DeliveryId;

/// The API name of the field; an admin of the org may create it on Lead and on Activity (Task and Event).
pub const EXTERNAL_ID_FIELD: &str = "Tsugite_Id__c";
/// Characters of a delivery's ID.
const ID_LENGTH: usize = 36;

/// The field of an object; `None` when the org has none that serves: a writable text that is an external ID.
pub fn external_id_field(object: &ObjectDescription) -> Option<&OrgField> {
    let field = object.field(EXTERNAL_ID_FIELD)?;
    let serves = field.external_id
        && field.kind == FieldType::String
        && field.createable
        && field.updateable
        && field.length >= ID_LENGTH;
    serves.then_some(field)
}

/// How far an object's external ID field protects from writing twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExternalIdState {
    /// There is none: records of ours are found again by a marker.
    Absent,
    /// It is there and can't be used: no external ID, no text, too short, or not writable.
    Unusable,
    /// Creates are upserts by it.
    Used,
    /// So they are, and the org refuses a second record with the same value.
    Unique,
}

/// What an object's describe says of the field.
pub fn external_id_state(object: &ObjectDescription) -> ExternalIdState {
    match (object.field(EXTERNAL_ID_FIELD), external_id_field(object)) {
        (None, _) => ExternalIdState::Absent,
        (Some(_), None) => ExternalIdState::Unusable,
        (Some(_), Some(field)) if field.unique => ExternalIdState::Unique,
        (Some(_), Some(_)) => ExternalIdState::Used,
    }
}

impl ExternalIdState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Absent, Self::Unusable, Self::Used, Self::Unique];

    /// The word for the catalogues (`external-id-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Unusable => "unusable",
            Self::Used => "used",
            Self::Unique => "unique",
        }
    }
}

impl Write {
    /// The same creation as an upsert by the delivery's ID, where the object has the field; else as it is.
    #[must_use]
    pub fn keyed(self, delivery: DeliveryId, object: &ObjectDescription) -> Self {
        let Some(field) = external_id_field(object) else { return self };
        Self {
            operation: Operation::Upsert { field: field.name.clone(), value: delivery.to_string() },
            recovery: Recovery::ExternalId { field: field.name.clone() },
            ..self
        }
    }
}
