//! Whether a person field can be kept equal with the field of the org that is tied to it (S2, S4, S10).

use crate::org::{Descriptions, FieldPath, FieldType, OrgField, PathError, ResolvedField, follow};
use crate::people::{Direction, PersonField, PersonObject, effective_direction};

/// What is known of a person field's tie to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MappingState {
    /// It is tied to no field of the object.
    Unmapped,
    /// This object has to be described first.
    Undescribed(String),
    /// The connected user doesn't see the field, or there is none of this name.
    Hidden,
    /// Values of this type can't be kept equal with it.
    Unfit(FieldType),
    /// It can.
    Fits {
        /// The org's field; the last one of a path.
        target: Box<OrgField>,
        /// Its path from the record.
        path: String,
        /// Which way values go, whatever the setting says.
        direction: Direction,
    },
}

/// Looks at a person field's tie to an object.
pub fn map_field(field: &PersonField, object: PersonObject, known: &Descriptions) -> MappingState {
    let path = match object {
        PersonObject::Lead => &field.lead_field,
        PersonObject::Contact => &field.contact_field,
    };
    let Some(path) = path.as_deref() else { return MappingState::Unmapped };
    let Ok(path) = FieldPath::parse(path, "path") else { return MappingState::Hidden };
    let target = match follow(object.name(), &path, known) {
        Ok(ResolvedField::Field { field, .. }) => field,
        Err(PathError::Undescribed { on }) => return MappingState::Undescribed(on),
        Ok(ResolvedField::StandardField(_)) | Err(_) => return MappingState::Hidden,
    };
    let is_far = !path.lookups().is_empty();
    let direction = match (effective_direction(field, target), is_far) {
        (None, _) | (Some(Direction::ToSalesforce), true) => return MappingState::Unfit(target.kind),
        // What belongs to another record is only shown (S4).
        (Some(_), true) => Direction::FromSalesforce,
        (Some(direction), false) => direction,
    };
    MappingState::Fits { target: Box::new(target.clone()), path: path.to_string(), direction }
}
