//! Values on their way between a person and a record: exact, or refused with the reason (S2, S3).

use crate::org::{FieldType, OrgField};
use crate::people::PersonFieldKind;
use crate::value::{Decimal, EmailAddress, NumberUnit, Timestamp, read_day};
use serde_json::{Number, Value};

/// Why a value can't be what the other side takes: every code that the functions here give, and that of an address that
/// was cleared. The catalogues have them under `step-people-{code}`.
pub const VALUE_REFUSALS: [&str; 11] = [
    "required",
    "not-a-date",
    "not-an-email",
    "wrong-type",
    "not-true-or-false",
    "not-an-option",
    "not-a-number",
    "not-a-whole-number",
    "out-of-range",
    "too-long",
    "email-cleared",
];

/// A record's value as text: blank for null, `true` or `false`, a number's digits.
pub fn remote_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            let digits = number.to_string();
            digits.strip_suffix(".0").map_or_else(|| digits.clone(), str::to_owned)
        }
        other => other.to_string(),
    }
}

/// A record's value as a person stores it.
///
/// # Errors
/// The code of the reason.
pub fn to_local(
    kind: PersonFieldKind,
    field: &OrgField,
    remote: &str,
    time_zone: &str,
) -> Result<String, String> {
    if kind == PersonFieldKind::Date && field.kind == FieldType::DateTime && !remote.is_empty() {
        let moment = Timestamp::parse(remote).ok_or("not-a-date")?;
        let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
        return Ok(moment.to_jiff().to_zoned_datetime(zone).date().to_string());
    }
    Ok(remote.to_owned())
}

/// A person's value as the record would hold it; blank stays blank.
///
/// # Errors
/// The code of the reason: the value is not what the field takes. It is never made to fit.
pub fn to_remote(kind: PersonFieldKind, field: &OrgField, local: &str) -> Result<String, String> {
    let text = local.trim();
    // A checkbox is never blank there, and false is something that nobody has said.
    if text.is_empty() && field.kind != FieldType::Checkbox {
        return if field.nillable { Ok(String::new()) } else { Err("required".to_owned()) };
    }
    let converted = match field.kind {
        FieldType::Checkbox => checkbox(text),
        FieldType::Picklist => option(local, field),
        FieldType::MultiPicklist => options(local, field),
        FieldType::Number | FieldType::Integer | FieldType::Currency | FieldType::Percent => {
            number(text, field)
        }
        FieldType::Date => read_day(text).map(|day| day.to_string()).ok_or("not-a-date"),
        FieldType::Email => match EmailAddress::parse(text) {
            Ok(address) => fitting(address.as_str(), field),
            Err(_) => Err("not-an-email"),
        },
        FieldType::String if kind == PersonFieldKind::Email => match EmailAddress::parse(text) {
            Ok(address) => fitting(address.as_str(), field),
            Err(_) => Err("not-an-email"),
        },
        FieldType::String
        | FieldType::Url
        | FieldType::RichText
        | FieldType::LongText
        | FieldType::Phone
        | FieldType::Encrypted => fitting(text, field),
        FieldType::DateTime | FieldType::Other => Err("wrong-type"),
    };
    converted.map_err(str::to_owned)
}

/// What a write sends for a text that [`to_remote`] has made.
pub fn remote_value(field: &OrgField, remote: &str) -> Value {
    match field.kind {
        FieldType::Checkbox => Value::Bool(remote == "true"),
        _ if remote.is_empty() => Value::Null,
        FieldType::Integer => remote.parse::<i64>().map_or(Value::Null, Value::from),
        FieldType::Number | FieldType::Currency | FieldType::Percent => {
            let number = remote.parse::<f64>().ok().and_then(Number::from_f64);
            number.map_or(Value::Null, Value::Number)
        }
        _ => Value::from(remote),
    }
}

fn checkbox(text: &str) -> Result<String, &'static str> {
    match text {
        "true" | "True" | "TRUE" => Ok("true".to_owned()),
        "false" | "False" | "FALSE" => Ok("false".to_owned()),
        _ => Err("not-true-or-false"),
    }
}

/// The API value exactly: two options may be the same but for what a reader would overlook.
fn option(value: &str, field: &OrgField) -> Result<String, &'static str> {
    let is_offered = field.options.iter().any(|option| option.active && option.value == value);
    if is_offered { Ok(value.to_owned()) } else { Err("not-an-option") }
}

fn options(value: &str, field: &OrgField) -> Result<String, &'static str> {
    let parts: Vec<&str> = value.split(';').filter(|part| !part.is_empty()).collect();
    for part in &parts {
        option(part, field)?;
    }
    Ok(parts.join(";"))
}

fn number(text: &str, field: &OrgField) -> Result<String, &'static str> {
    let decimal = Decimal::parse(text, NumberUnit::None).ok_or("not-a-number")?;
    if field.kind == FieldType::Integer {
        let is_held = decimal.is_whole() && decimal.as_str().parse::<i32>().is_ok();
        return if is_held { Ok(decimal.as_str().to_owned()) } else { Err("not-a-whole-number") };
    }
    let digits_behind = decimal.as_str().split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if decimal.whole_digits() > field.precision.saturating_sub(field.scale) || digits_behind > field.scale {
        return Err("out-of-range");
    }
    // A number with more digits than a double holds would arrive as a different one.
    let value: f64 = decimal.as_str().parse().map_err(|_| "not-a-number")?;
    if value.to_string() == decimal.as_str() { Ok(value.to_string()) } else { Err("out-of-range") }
}

fn fitting(text: &str, field: &OrgField) -> Result<String, &'static str> {
    let fits = field.length == 0 || text.chars().count() <= field.length;
    if fits { Ok(text.to_owned()) } else { Err("too-long") }
}
