//! What kind of value a field gives.

use std::fmt;

use crate::FieldType;

/// The types that values are read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the variant of Cell with the same name")]
pub enum CellType {
    Text,
    Boolean,
    Integer,
    Decimal,
    Date,
    DateTime,
    Time,
    Id,
}

impl CellType {
    /// The type that values of a field have; `None` for what no row can hold.
    ///
    /// That is compound values (ask for their parts), files, and values whose type differs from row to row.
    pub fn of(field: &FieldType) -> Option<Self> {
        Some(match field {
            FieldType::Id | FieldType::Reference => Self::Id,
            FieldType::Boolean => Self::Boolean,
            FieldType::Int | FieldType::Long => Self::Integer,
            FieldType::Double | FieldType::Currency | FieldType::Percent => Self::Decimal,
            FieldType::Date => Self::Date,
            FieldType::DateTime => Self::DateTime,
            FieldType::Time => Self::Time,
            FieldType::Address | FieldType::Location | FieldType::Base64 | FieldType::AnyType => return None,
            FieldType::String
            | FieldType::Picklist
            | FieldType::MultiPicklist
            | FieldType::Combobox
            | FieldType::TextArea
            | FieldType::Phone
            | FieldType::Email
            | FieldType::Url
            | FieldType::EncryptedString
            | FieldType::Other(_) => Self::Text,
        })
    }
}

impl fmt::Display for CellType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Boolean => "true or false",
            Self::Integer => "whole number",
            Self::Decimal => "number",
            Self::Date => "date",
            Self::DateTime => "date with a time",
            Self::Time => "time of day",
            Self::Id => "id",
        })
    }
}
