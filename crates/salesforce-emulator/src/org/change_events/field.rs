//! Which fields an event has, in which order, and what they look like in its schema.

use crate::org::custom_fields::{ACTIVITIES, Definition};
use crate::org::schema::{Field, FieldType, ObjectType};

/// Fields that no event has; formulas are left out too.
const LEFT_OUT: [&str; 8] = [
    "Id",
    "IsDeleted",
    "MasterRecordId",
    "PhotoUrl",
    "SystemModstamp",
    "LastActivityDate",
    "LastViewedDate",
    "LastReferencedDate",
];
/// Where the order of an event's fields is not that of a describe: such a field stands behind the other one.
const MOVED: [(&str, &str, &str); 3] = [
    ("Lead", "OwnerId", "NumberOfEmployees"),
    ("Lead", "HasOptedOutOfFax", "IndividualId"),
    ("Lead", "DoNotCall", "HasOptedOutOfFax"),
];
/// The parts of a person's name.
const NAME_PARTS: [&str; 6] = ["Salutation", "FirstName", "LastName", "MiddleName", "InformalName", "Suffix"];
/// The parts of an address.
const ADDRESS_PARTS: [&str; 10] = [
    "Street",
    "City",
    "State",
    "PostalCode",
    "Country",
    "StateCode",
    "CountryCode",
    "Latitude",
    "Longitude",
    "GeocodeAccuracy",
];

/// Avro's types that fields have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primitive {
    String,
    Boolean,
    Int,
    Long,
    Double,
}

/// A part of a field that consists of parts.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) kind: Primitive,
    /// The place of its value in a record; `None` if the object has no such field.
    pub(super) index: Option<usize>,
}

/// What values of a field look like.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// One value.
    Plain(Primitive),
    /// A text, or the parts of a person's name where accounts can be people.
    SwitchableName(Vec<Part>),
    /// Parts, with the name of their record.
    Parts(&'static str, Vec<Part>),
}

/// A field of an event.
#[derive(Clone, Debug)]
pub(super) struct EventField {
    pub(super) name: String,
    /// The place of its value in a record.
    pub(super) index: usize,
    pub(super) shape: Shape,
    /// Its role and type, and the id of a custom field.
    pub(super) doc: String,
}

impl Primitive {
    /// The name in a schema.
    pub(super) fn name(self) -> &'static str {
        match self {
            Primitive::String => "string",
            Primitive::Boolean => "boolean",
            Primitive::Int => "int",
            Primitive::Long => "long",
            Primitive::Double => "double",
        }
    }
}

/// The fields of an object's events, without the header.
pub(super) fn event_fields(object: &ObjectType) -> Vec<EventField> {
    let told = object.fields().iter().enumerate().filter(|(_, field)| is_told(field));
    let mut fields: Vec<EventField> = told.map(|(index, field)| event_field(object, index, field)).collect();
    for (owner, name, before) in MOVED {
        let place = |wanted: &str| fields.iter().position(|field| field.name == wanted);
        let (Some(from), Some(_), true) = (place(name), place(before), owner == object.name) else {
            continue;
        };
        let moved = fields.remove(from);
        let behind = fields.iter().position(|field| field.name == before).map_or(fields.len(), |at| at + 1);
        fields.insert(behind, moved);
    }
    fields
}

fn is_told(field: &Field) -> bool {
    let is_part = field.compound.as_ref().is_some_and(|whole| *whole != field.name);
    !LEFT_OUT.contains(&field.name.as_str()) && !is_part && !field.deleted && field.formula.is_none()
}

fn event_field(object: &ObjectType, index: usize, field: &Field) -> EventField {
    let extra = field.extra.as_deref().unwrap_or_default();
    let shape = match field.kind {
        _ if extra == "switchablepersonname" => {
            Shape::SwitchableName(name_parts(object).into_iter().map(without_value).collect())
        }
        _ if extra == "personname" && object.index_of("LastName").is_some() => {
            Shape::Parts("PersonName", name_parts(object))
        }
        FieldType::Address => Shape::Parts("Address", address_parts(object, field)),
        FieldType::Location => Shape::Parts("Location", place_parts(object, field)),
        kind => Shape::Plain(primitive(kind)),
    };
    EventField { name: field.name.clone(), index, shape, doc: doc(object, field) }
}

fn without_value(part: Part) -> Part {
    Part { index: None, ..part }
}

fn name_parts(object: &ObjectType) -> Vec<Part> {
    let part = |name| Part { name, kind: Primitive::String, index: object.index_of(name) };
    NAME_PARTS.into_iter().map(part).collect()
}

fn address_parts(object: &ObjectType, field: &Field) -> Vec<Part> {
    let prefix = field.name.strip_suffix("Address").unwrap_or_default();
    let part = |name: &'static str| {
        let is_number = matches!(name, "Latitude" | "Longitude");
        let kind = if is_number { Primitive::Double } else { Primitive::String };
        Part { name, kind, index: object.index_of(&format!("{prefix}{name}")) }
    };
    ADDRESS_PARTS.into_iter().map(part).collect()
}

fn place_parts(object: &ObjectType, field: &Field) -> Vec<Part> {
    let (latitude, longitude) = field.place_names().unwrap_or_default();
    let part = |name, field: &str| Part { name, kind: Primitive::Double, index: object.index_of(field) };
    vec![part("Latitude", &latitude), part("Longitude", &longitude)]
}

fn primitive(kind: FieldType) -> Primitive {
    match kind {
        FieldType::Boolean => Primitive::Boolean,
        FieldType::Int => Primitive::Int,
        FieldType::Double | FieldType::Currency | FieldType::Percent => Primitive::Double,
        FieldType::Date | FieldType::Datetime => Primitive::Long,
        FieldType::Id
        | FieldType::String
        | FieldType::Picklist
        | FieldType::Multipicklist
        | FieldType::Combobox
        | FieldType::Reference
        | FieldType::Textarea
        | FieldType::Phone
        | FieldType::Email
        | FieldType::Url
        | FieldType::Address
        | FieldType::Location
        | FieldType::Encryptedstring => Primitive::String,
    }
}

/// `role:type`, and the id of a custom field: the only way to tell dates from times, and money from numbers.
fn doc(object: &ObjectType, field: &Field) -> String {
    let role = match (field.name.as_str(), field.kind) {
        ("CreatedDate" | "LastModifiedDate", _) => field.name.as_str(),
        ("CreatedById", _) => "CreatedBy",
        ("LastModifiedById", _) => "LastModifiedBy",
        (_, FieldType::Reference) => "ForeignKey",
        _ => "Data",
    };
    let kind = match field.kind {
        _ if field.extra.as_deref() == Some("switchablepersonname") => "Switchable_PersonName",
        _ if field.extra.as_deref() == Some("personname") => "PersonName",
        FieldType::String if field.external_id => "ExternalId",
        FieldType::String | FieldType::Combobox | FieldType::Id => "Text",
        FieldType::Encryptedstring => "EncryptedText",
        FieldType::Textarea if field.is_long_text() => "StringPlusClob",
        FieldType::Textarea => "MultiLineText",
        FieldType::Picklist if field.restricted && !field.custom => "StaticEnum",
        FieldType::Picklist => "DynamicEnum",
        FieldType::Multipicklist => "MultiEnum",
        FieldType::Reference => "EntityId",
        FieldType::Boolean => "Boolean",
        FieldType::Double => "Double",
        FieldType::Int => "Integer",
        FieldType::Currency => "Currency",
        FieldType::Percent => "Percent",
        FieldType::Date => "DateOnly",
        FieldType::Datetime => "DateTime",
        FieldType::Phone if field.name == "Fax" => "Fax",
        FieldType::Phone => "Phone",
        FieldType::Email => "Email",
        FieldType::Url => "Url",
        FieldType::Address => "Address",
        FieldType::Location => "Location",
    };
    if !field.custom {
        return format!("{role}:{kind}");
    }
    let table = if ACTIVITIES.contains(&object.name.as_str()) { "Activity" } else { object.name.as_str() };
    format!("{role}:{kind}:{}", Definition::id_of(table, &field.name).short())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::schema::{Schema, TABLES};

    fn names(object: &str) -> Vec<String> {
        let schema = Schema::of(TABLES);
        let fields = event_fields(schema.object(object).unwrap());
        std::iter::once("ChangeEventHeader".to_owned())
            .chain(fields.into_iter().map(|field| field.name))
            .collect()
    }

    #[test]
    fn fields_have_the_places_that_real_bitmaps_name() {
        for (object, places) in [
            (
                "Account",
                &[(1, "Name"), (4, "BillingAddress"), (11, "Industry"), (22, "LastModifiedDate")][..],
            ),
            (
                "Lead",
                &[
                    (1, "Name"),
                    (4, "Address"),
                    (12, "Status"),
                    (18, "HasOptedOutOfEmail"),
                    (19, "IsConverted"),
                    (23, "ConvertedOpportunityId"),
                    (27, "LastModifiedDate"),
                ],
            ),
        ] {
            let names = names(object);
            for (place, name) in places {
                assert_eq!(names[*place], *name, "{object}: {names:?}");
            }
        }
    }

    #[test]
    fn docs_tell_types_apart() {
        let schema = Schema::of(TABLES);
        let fields = event_fields(schema.object("Contact").unwrap());
        for (name, doc) in [
            ("Name", "Data:PersonName"),
            ("AccountId", "ForeignKey:EntityId"),
            ("Birthdate", "Data:DateOnly"),
            ("EmailBouncedDate", "Data:DateTime"),
            ("Email", "Data:Email"),
            ("Description", "Data:StringPlusClob"),
            ("CreatedDate", "CreatedDate:DateTime"),
        ] {
            assert_eq!(fields.iter().find(|field| field.name == name).unwrap().doc, doc);
        }
    }
}
