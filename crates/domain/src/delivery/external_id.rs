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
