//! From the text of one cell to the value a save takes.

use serde_json::Value as Json;

use crate::org::error::SaveError;
use crate::org::schema::{Field, FieldType};
use crate::org::value::{parse_date, parse_datetime};

/// What empties a field; a cell without anything leaves the field alone.
const NULL: &str = "#N/A";

/// Reads a cell; `None` when it says nothing.
pub(super) fn read(field: &Field, text: &str) -> Option<Result<Json, SaveError>> {
    match text {
        "" => None,
        NULL => Some(Ok(Json::Null)),
        text => Some(typed(field, text).ok_or_else(|| {
            let message = format!("{}: value not of required type: {text}", field.label);
            SaveError::on(&field.name, "INVALID_TYPE_ON_FIELD_IN_RECORD", message)
        })),
    }
}

/// The value, if the text can be one of the field's type; whether it fits is for the save to tell.
fn typed(field: &Field, text: &str) -> Option<Json> {
    let readable = match field.kind {
        FieldType::Boolean => {
            ["true", "false", "1", "0"].iter().any(|known| known.eq_ignore_ascii_case(text))
        }
        FieldType::Int => number(text).is_some_and(|number| number.fract() == 0.0),
        FieldType::Double | FieldType::Currency | FieldType::Percent => number(text).is_some(),
        FieldType::Date => parse_date(text).is_some(),
        FieldType::Datetime => parse_datetime(text).is_some() || parse_date(text).is_some(),
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
        | FieldType::Encryptedstring => true,
    };
    readable.then(|| Json::String(text.to_owned()))
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cell_is_value_null_or_absent() {
        for (kind, text, expected) in [
            ("string 80", "", None),
            ("string 80", "#N/A", Some(Ok(Json::Null))),
            ("string 80", " x ", Some(Ok(json!(" x ")))),
            ("boolean", "TRUE", Some(Ok(json!("TRUE")))),
            ("boolean", "1", Some(Ok(json!("1")))),
            ("boolean", "yes", Some(Err(()))),
            ("currency 18,2", "1.5E6", Some(Ok(json!("1.5E6")))),
            ("currency 18,2", "1,000", Some(Err(()))),
            ("int 8", "2.5", Some(Err(()))),
            ("date", "2026-05-22", Some(Ok(json!("2026-05-22")))),
            ("date", "2026-05-22T10:00:00Z", Some(Err(()))),
            ("date", "22.05.2026", Some(Err(()))),
            ("datetime", "2026-05-22T10:00:00+09:00", Some(Ok(json!("2026-05-22T10:00:00+09:00")))),
            ("datetime", "yesterday", Some(Err(()))),
        ] {
            let field = crate::org::schema::test_field(&format!("A | {kind} | CUN | A"));
            let read = read(&field, text)
                .map(|read| read.map_err(|error| assert_eq!(error.code, "INVALID_TYPE_ON_FIELD_IN_RECORD")));
            assert_eq!(read, expected, "{kind} {text}");
        }
    }
}
