//! As what type values of a field are read.

use domain::org::FieldType;
use salesforce::cells::CellType;

/// The type of a field's values in a row.
pub(crate) const fn cell_type(kind: FieldType) -> CellType {
    match kind {
        FieldType::Checkbox => CellType::Boolean,
        FieldType::Integer => CellType::Integer,
        FieldType::Number | FieldType::Currency | FieldType::Percent => CellType::Decimal,
        FieldType::Date => CellType::Date,
        FieldType::DateTime => CellType::DateTime,
        FieldType::String
        | FieldType::Url
        | FieldType::Email
        | FieldType::RichText
        | FieldType::LongText
        | FieldType::Phone
        | FieldType::Encrypted
        | FieldType::Picklist
        | FieldType::MultiPicklist
        | FieldType::Other => CellType::Text,
    }
}
