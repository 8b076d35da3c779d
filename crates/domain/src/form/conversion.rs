//! Turning an answer into a value that a Salesforce field takes (K16).

use crate::form::Answer;
use crate::org::{FieldType, OrgField};
use crate::value::{Decimal, EmailAddress, read_day, tidy_line};
use serde_json::{Number, Value};

/// A value that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedValue {
    /// What was left out.
    pub value: String,
    /// The reason's word: `not-an-option`, `too-long`, `not-a-number`, …
    pub reason: &'static str,
}

/// The outcome: what can be written, and what had to be left out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// The value to write; `None` when nothing of the answer is left.
    pub value: Option<Value>,
    /// What was left out.
    pub dropped: Vec<DroppedValue>,
}

/// Converts one answer for one field. Dates become midnight in `time_zone` for date/time fields.
pub fn convert(answer: &Answer, field: &OrgField, time_zone: &str) -> Converted {
    let text = match answer {
        Answer::One(text) => text.clone(),
        Answer::Many(_) if field.kind == FieldType::MultiPicklist => String::new(),
        Answer::Many(chosen) => chosen.join(";"),
    };
    match field.kind {
        FieldType::MultiPicklist => multi_picklist(answer, field),
        FieldType::Picklist => one(option(&text, field).map(Value::from).ok_or("not-an-option"), &text),
        FieldType::Number | FieldType::Currency | FieldType::Percent | FieldType::Integer => {
            one(number(&text, field), &text)
        }
        FieldType::Checkbox => one(checkbox(&text), &text),
        FieldType::Date => one(date(&text).map(|date| Value::from(date.to_string())), &text),
        FieldType::DateTime => one(midnight(&text, time_zone), &text),
        FieldType::Email => one(email(&text, field), &text),
        FieldType::String
        | FieldType::Url
        | FieldType::RichText
        | FieldType::LongText
        | FieldType::Phone
        | FieldType::Encrypted => one(fitting(&text, field), &text),
        FieldType::Other => one(Err("wrong-type"), &text),
    }
}

fn one(result: Result<Value, &'static str>, text: &str) -> Converted {
    match result {
        Ok(value) => Converted { value: Some(value), dropped: Vec::new() },
        Err(reason) => {
            let value = text.chars().take(120).collect();
            Converted { value: None, dropped: vec![DroppedValue { value, reason }] }
        }
    }
}

fn multi_picklist(answer: &Answer, field: &OrgField) -> Converted {
    let chosen = match answer {
        Answer::One(text) => std::slice::from_ref(text),
        Answer::Many(chosen) => chosen,
    };
    let mut kept = Vec::new();
    let mut dropped = Vec::new();
    for choice in chosen {
        match option(choice, field) {
            Some(value) => kept.push(value),
            None => dropped.push(DroppedValue { value: choice.clone(), reason: "not-an-option" }),
        }
    }
    let value = (!kept.is_empty()).then(|| Value::from(kept.join(";")));
    Converted { value, dropped }
}

/// The stored value of the active option that a text means.
fn option<'a>(choice: &str, field: &'a OrgField) -> Option<&'a str> {
    field.option(choice, |option| option.active).map(|option| option.value.as_str())
}

fn number(text: &str, field: &OrgField) -> Result<Value, &'static str> {
    let decimal = Decimal::parse(text, field.kind.number_unit()).ok_or("not-a-number")?;
    if field.kind == FieldType::Integer {
        if !decimal.is_whole() {
            return Err("not-a-whole-number");
        }
        let value: i32 = decimal.as_str().parse().map_err(|_| "out-of-range")?;
        return Ok(Value::from(value));
    }
    if decimal.whole_digits() > field.precision.saturating_sub(field.scale) {
        return Err("out-of-range");
    }
    // A number with more digits than a double holds would arrive as a different one.
    let value: f64 = decimal.as_str().parse().map_err(|_| "not-a-number")?;
    if value.to_string() != decimal.as_str() {
        return Err("out-of-range");
    }
    Number::from_f64(value).map(Value::Number).ok_or("not-a-number")
}

fn checkbox(text: &str) -> Result<Value, &'static str> {
    match tidy_line(text).to_ascii_lowercase().as_str() {
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        _ => Err("not-true-or-false"),
    }
}

fn date(text: &str) -> Result<jiff::civil::Date, &'static str> {
    read_day(text).ok_or("not-a-date")
}

fn midnight(text: &str, time_zone: &str) -> Result<Value, &'static str> {
    let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let moment = date(text)?.to_zoned_datetime(zone).map_err(|_| "not-a-date")?.timestamp();
    Ok(Value::from(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()))
}

fn email(text: &str, field: &OrgField) -> Result<Value, &'static str> {
    let address = EmailAddress::parse(text).map_err(|_| "not-an-email")?;
    fitting(address.as_str(), field)
}

fn fitting(text: &str, field: &OrgField) -> Result<Value, &'static str> {
    let fits = field.length == 0 || text.chars().count() <= field.length;
    if fits { Ok(Value::from(text)) } else { Err("too-long") }
}
