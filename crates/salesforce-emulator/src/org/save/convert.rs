//! From one JSON value to one field value, with every way it can fail to fit.

use serde_json::Value as Json;

use crate::org::error::SaveError;
use crate::org::ids::RecordId;
use crate::org::schema::{Field, FieldType};
use crate::org::value::{Value, parse_date, parse_datetime};

/// Reads the JSON value of a field.
pub(super) fn convert(field: &Field, json: &Json) -> Result<Value, SaveError> {
    if json.is_null() {
        return Ok(if field.kind == FieldType::Boolean { Value::Boolean(false) } else { Value::Null });
    }
    match field.kind {
        FieldType::Boolean => boolean(field, json),
        FieldType::Int => whole_number(field, json),
        FieldType::Double | FieldType::Currency | FieldType::Percent => decimal(field, json),
        FieldType::Id | FieldType::Reference => reference(field, json),
        FieldType::Date => {
            let day = json.as_str().map(|text| {
                if text.is_empty() { Some(Value::Null) } else { parse_date(text).map(Value::Date) }
            });
            day.flatten().ok_or_else(|| unreadable("date", json))
        }
        FieldType::Datetime => match json.as_str() {
            Some("") => Ok(Value::Null),
            Some(text) => datetime(text).ok_or_else(|| unreadable("datetime", json)),
            None => Err(unreadable("datetime", json)),
        },
        FieldType::Address | FieldType::Location => Err(unreadable(field.kind.name(), json)),
        FieldType::String
        | FieldType::Picklist
        | FieldType::Multipicklist
        | FieldType::Combobox
        | FieldType::Textarea
        | FieldType::Phone
        | FieldType::Email
        | FieldType::Url
        | FieldType::Encryptedstring => text(field, json.as_str().ok_or_else(|| unreadable("string", json))?),
    }
}

fn datetime(text: &str) -> Option<Value> {
    let moment = parse_datetime(text).or_else(|| parse_datetime(&format!("{}T00:00:00Z", parse_date(text)?)));
    moment.map(Value::DateTime)
}

fn text(field: &Field, text: &str) -> Result<Value, SaveError> {
    let text = if field.kind == FieldType::Textarea { text } else { text.trim() };
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if field.kind == FieldType::Email && !is_email(text) {
        return Err(SaveError::on(
            &field.name,
            "INVALID_EMAIL_ADDRESS",
            format!("{}: invalid email address: {text}", field.label),
        ));
    }
    let limit = field.length as usize;
    if limit > 0 && text.chars().count() > limit {
        let shown: String = text.chars().take(255).collect();
        return Err(SaveError::on(
            &field.name,
            "STRING_TOO_LONG",
            format!("{}: data value too large: {shown} (max length={limit})", field.label),
        ));
    }
    if field.restricted && !field.values.is_empty() && !field.is_place_code() {
        let options = text.split(';').filter(|_| field.kind == FieldType::Multipicklist);
        let single = Some(text).filter(|_| field.kind != FieldType::Multipicklist);
        for option in options.chain(single) {
            if !field.values.iter().any(|known| known.active && known.value.eq_ignore_ascii_case(option)) {
                return Err(bad_option(field, option));
            }
        }
    }
    Ok(match field.kind {
        FieldType::Email => Value::text(&text.to_lowercase()),
        FieldType::Multipicklist => field.in_order(text),
        _ => Value::text(text),
    })
}

fn bad_option(field: &Field, option: &str) -> SaveError {
    SaveError::on(
        &field.name,
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        format!("{}: bad value for restricted picklist field: {option}", field.label),
    )
}

fn boolean(field: &Field, json: &Json) -> Result<Value, SaveError> {
    match json {
        Json::Bool(flag) => Ok(Value::Boolean(*flag)),
        Json::String(text) if text.eq_ignore_ascii_case("true") || text == "1" => Ok(Value::Boolean(true)),
        Json::String(text) if text.eq_ignore_ascii_case("false") || text == "0" => Ok(Value::Boolean(false)),
        other => Err(SaveError { fields: vec![field.name.clone()], ..unreadable("boolean", other) }),
    }
}

fn number(json: &Json) -> Option<f64> {
    match json {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

fn whole_number(field: &Field, json: &Json) -> Result<Value, SaveError> {
    if json.as_str() == Some("") {
        return Ok(Value::Null);
    }
    let number =
        number(json).filter(|number| number.fract() == 0.0).ok_or_else(|| unreadable("int", json))?;
    let digits = if field.digits == 0 { 9 } else { field.digits };
    if number.abs() >= 10f64.powi(digits.min(18) as i32) {
        return Err(out_of_range(field, number));
    }
    Ok(Value::Integer(number as i64))
}

fn decimal(field: &Field, json: &Json) -> Result<Value, SaveError> {
    if json.as_str() == Some("") {
        return Ok(Value::Null);
    }
    let number = number(json).ok_or_else(|| unreadable("double", json))?;
    let precision = if field.precision == 0 { 18 } else { field.precision };
    if number.abs() >= 10f64.powi(precision.saturating_sub(field.scale).min(300) as i32) {
        return Err(out_of_range(field, number));
    }
    // The scale is for people: what a program sends is kept as it came.
    Ok(Value::Decimal(number))
}

fn out_of_range(field: &Field, number: f64) -> SaveError {
    let shown = if number.abs() >= 1e7 { format!("{number:.1E}") } else { number.to_string() };
    SaveError::on(
        &field.name,
        "NUMBER_OUTSIDE_VALID_RANGE",
        format!("{}: value outside of valid range on numeric field: {shown}", field.label),
    )
}

fn reference(field: &Field, json: &Json) -> Result<Value, SaveError> {
    let text = json.as_str().ok_or_else(|| unreadable("reference", json))?;
    if text.is_empty() {
        return Ok(Value::Null);
    }
    RecordId::parse(text).map(Value::Id).ok_or_else(|| wrong_id(field, text))
}

/// The reason given for an id that is none, or is another object's.
pub(super) fn wrong_id(field: &Field, text: &str) -> SaveError {
    SaveError::on(&field.name, "MALFORMED_ID", format!("{}: id value of incorrect type: {text}", field.label))
}

/// Whether an e-mail address has a form Salesforce accepts.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str, more: &str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_ascii_alphanumeric() || more.contains(letter))
    };
    plain(local, ".!#$%&'*+/=?^_`{|}~-")
        && !local.starts_with('.')
        && !local.ends_with('.')
        && plain(domain, ".-")
        && domain.contains('.')
        && domain
            .split('.')
            .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
}

fn unreadable(wanted: &str, json: &Json) -> SaveError {
    let (kind, shown) = match json {
        Json::String(text) => ("VALUE_STRING", text.clone()),
        Json::Bool(true) => ("VALUE_TRUE", "true".to_owned()),
        Json::Bool(false) => ("VALUE_FALSE", "false".to_owned()),
        Json::Number(number) if number.is_f64() => ("VALUE_NUMBER_FLOAT", number.to_string()),
        Json::Number(number) => ("VALUE_NUMBER_INT", number.to_string()),
        Json::Array(_) => ("START_ARRAY", "[".to_owned()),
        Json::Object(_) => ("START_OBJECT", "{".to_owned()),
        Json::Null => ("VALUE_NULL", "null".to_owned()),
    };
    SaveError::new(
        "JSON_PARSER_ERROR",
        format!(
            "Cannot deserialize instance of {wanted} from {kind} value {shown} or request may be missing a required field at [line:1, column:1]"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(line: &str) -> Field {
        crate::org::schema::test_field(line)
    }

    #[test]
    fn invalid_values_give_salesforce_error_code() {
        for (line, json, code) in [
            ("A | string 3 | CUN | A", json!("abcd"), "STRING_TOO_LONG"),
            ("A | string 3 | CUN | A", json!(12), "JSON_PARSER_ERROR"),
            ("A | email 80 | CUN | A", json!("not an email"), "INVALID_EMAIL_ADDRESS"),
            ("A | email 80 | CUN | A", json!("a@b"), "INVALID_EMAIL_ADDRESS"),
            ("A | currency 5,2 | CUN | A", json!(1000), "NUMBER_OUTSIDE_VALID_RANGE"),
            ("A | int 8 | CUN | A", json!(1.5), "JSON_PARSER_ERROR"),
            ("A | date | CUN | A", json!("2026/05/22"), "JSON_PARSER_ERROR"),
            ("A | datetime | CUN | A", json!("2015"), "JSON_PARSER_ERROR"),
            ("A | reference Lead | CUN | A", json!("nonsense"), "MALFORMED_ID"),
            (
                "A | picklist 40 | CUNR | A | values=x, y",
                json!("z"),
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            ),
            ("A | boolean | CUD | A", json!("maybe"), "JSON_PARSER_ERROR"),
        ] {
            assert_eq!(convert(&field(line), &json).unwrap_err().code, code, "{line} {json}");
        }
    }

    #[test]
    fn valid_values_are_stored() {
        assert_eq!(convert(&field("A | string 3 | CUN | A"), &json!("")).unwrap(), Value::Null);
        assert_eq!(
            convert(&field("A | string 3 | CUN | A"), &json!("姓と名")).unwrap(),
            Value::text("姓と名")
        );
        assert_eq!(
            convert(&field("A | currency 5,2 | CUN | A"), &json!("1.239")).unwrap(),
            Value::Decimal(1.239)
        );
        assert_eq!(
            convert(&field("A | picklist 40 | CUN | A | values=x"), &json!("z")).unwrap(),
            Value::text("z")
        );
    }
}
