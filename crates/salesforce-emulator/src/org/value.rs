//! Field values as the org stores them, how they print and how they compare.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Number, Value as Json};

use crate::org::ids::RecordId;

/// One stored field value.
///
/// A missing value is [`Value::Null`]; an empty text is never stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Value {
    /// No value.
    #[default]
    Null,
    /// Text of any kind, picklist values included.
    Text(Arc<str>),
    /// A checkbox.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A currency, percent or decimal number.
    Decimal(f64),
    /// A lookup, or the record's own id.
    Id(RecordId),
    /// A day without a time.
    Date(Date),
    /// A moment, in whole seconds.
    DateTime(Timestamp),
}

impl Value {
    /// A text, or null when it is empty.
    pub(crate) fn text(text: &str) -> Self {
        if text.is_empty() { Value::Null } else { Value::Text(Arc::from(text)) }
    }

    /// Whether there is no value.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether this is a ticked checkbox.
    pub(crate) fn is_true(&self) -> bool {
        matches!(self, Value::Boolean(true))
    }

    /// The text, if it is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The id, if it is one.
    pub(crate) fn as_id(&self) -> Option<RecordId> {
        if let Value::Id(id) = self { Some(*id) } else { None }
    }

    /// The moment, if it is one.
    pub(crate) fn as_datetime(&self) -> Option<Timestamp> {
        if let Value::DateTime(moment) = self { Some(*moment) } else { None }
    }

    /// The day, if it is one.
    pub(crate) fn as_date(&self) -> Option<Date> {
        if let Value::Date(day) = self { Some(*day) } else { None }
    }

    /// The number, whole or not.
    pub(crate) fn as_number(&self) -> Option<f64> {
        match self {
            Value::Integer(number) => Some(*number as f64),
            Value::Decimal(number) => Some(*number),
            Value::Null
            | Value::Text(_)
            | Value::Boolean(_)
            | Value::Id(_)
            | Value::Date(_)
            | Value::DateTime(_) => None,
        }
    }

    /// The value as REST answers print it.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Value::Null => Json::Null,
            Value::Text(text) => Json::String(text.to_string()),
            Value::Boolean(flag) => Json::Bool(*flag),
            Value::Integer(number) => Json::from(*number),
            Value::Decimal(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
            Value::Id(id) => Json::String(id.to_string()),
            Value::Date(day) => Json::String(day.to_string()),
            Value::DateTime(moment) => Json::String(print_datetime(*moment)),
        }
    }

    /// The value as plain text, for messages and pages.
    pub(crate) fn to_text(&self) -> String {
        match self.to_json() {
            Json::Null => String::new(),
            Json::String(text) => text,
            other => other.to_string(),
        }
    }

    /// The key under which an index keeps this value: text without regard to case, numbers whatever their type.
    pub(crate) fn index_key(&self) -> Option<Key> {
        Some(match self {
            Value::Null => return None,
            Value::Text(text) => Key::Text(folded(text)),
            Value::Boolean(flag) => Key::Boolean(*flag),
            Value::Integer(number) => Key::Number(sortable(*number as f64)),
            Value::Decimal(number) => Key::Number(sortable(*number)),
            Value::Id(id) => Key::Id(*id),
            Value::Date(day) => Key::Date(*day),
            Value::DateTime(moment) => Key::DateTime(*moment),
        })
    }

    /// The order in which values sort: nulls first, text without regard to case.
    pub(crate) fn compare(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Null, Value::Null) => Ordering::Equal,
            (Value::Null, _) => Ordering::Less,
            (_, Value::Null) => Ordering::Greater,
            (Value::Text(left), Value::Text(right)) => compare_text(left, right),
            (Value::Boolean(left), Value::Boolean(right)) => left.cmp(right),
            (Value::Id(left), Value::Id(right)) => left.cmp(right),
            (Value::Date(left), Value::Date(right)) => left.cmp(right),
            (Value::DateTime(left), Value::DateTime(right)) => left.cmp(right),
            (left, right) => match (left.as_number(), right.as_number()) {
                (Some(left), Some(right)) => left.total_cmp(&right),
                _ => left.to_text().cmp(&right.to_text()),
            },
        }
    }
}

/// What an index keeps of a value; keys of one field sort as its values do, except text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    /// Text in lower case.
    Text(Arc<str>),
    /// A checkbox.
    Boolean(bool),
    /// A number, as bits that sort like it.
    Number(i64),
    /// An id.
    Id(RecordId),
    /// A day.
    Date(Date),
    /// A moment.
    DateTime(Timestamp),
}

/// The text in lower case; the same allocation when it already is.
fn folded(text: &Arc<str>) -> Arc<str> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Arc::clone(text);
    }
    let lower = text.to_lowercase();
    if lower == **text { Arc::clone(text) } else { Arc::from(lower) }
}

/// The bits of a number so that they sort as numbers do; both zeros are one.
fn sortable(number: f64) -> i64 {
    let bits = (number + 0.0).to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// Compares two texts without regard to case.
pub(crate) fn compare_text(left: &str, right: &str) -> Ordering {
    let fold = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<Vec<_>>();
    if left.is_ascii() && right.is_ascii() {
        let lower = |byte: u8| byte.to_ascii_lowercase();
        left.bytes().map(lower).cmp(right.bytes().map(lower))
    } else {
        fold(left).cmp(&fold(right))
    }
}

/// A moment as REST prints it: UTC, milliseconds, `+0000`.
pub(crate) fn print_datetime(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
}

/// Reads a moment in any of the forms a client may send.
///
/// Milliseconds may be there or not (they are dropped); the zone is `Z`, `+0200` or `+02:00`; without a zone it is UTC.
pub(crate) fn parse_datetime(text: &str) -> Option<Timestamp> {
    let (day, time) = text.split_once('T')?;
    let zone_at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    let offset = match zone {
        "" | "Z" | "z" => 0,
        signed => {
            let digits: String = signed[1..].chars().filter(char::is_ascii_digit).collect();
            let hours: i64 = digits.get(..2)?.parse().ok()?;
            let minutes: i64 = digits.get(2..4).unwrap_or("00").parse().ok()?;
            (hours * 60 + minutes) * if signed.starts_with('-') { -60 } else { 60 }
        }
    };
    let clock = if clock.len() == 5 { format!("{clock}:00") } else { clock.to_owned() };
    let clock = clock.split('.').next()?;
    let local: jiff::civil::DateTime = format!("{day}T{clock}").parse().ok()?;
    if !(1700..=4000).contains(&local.year()) {
        return None;
    }
    let moment = local.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Timestamp::from_second(moment.as_second() - offset).ok()
}

/// Reads a day written `yyyy-mm-dd`.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    if text.len() != 10 {
        return None;
    }
    let day: Date = text.parse().ok()?;
    (1700..=4000).contains(&day.year()).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_keys_sort_numerically() {
        let numbers = [f64::NEG_INFINITY, -2.5, -1.0, 0.0, 0.25, 1.0, 3.0e9];
        for pair in numbers.windows(2) {
            assert!(Value::Decimal(pair[0]).index_key() < Value::Decimal(pair[1]).index_key(), "{pair:?}");
        }
        assert_eq!(Value::Decimal(-0.0).index_key(), Value::Integer(0).index_key());
        assert_eq!(Value::text("Ärger").index_key(), Value::text("äRGER").index_key());
    }

    #[test]
    fn timestamps_are_read_in_every_form() {
        for text in [
            "2026-05-22T10:00:00Z",
            "2026-05-22T12:00:00+0200",
            "2026-05-22T12:00:00.000+02:00",
            "2026-05-22T19:00:00.123456+09:00",
            "2026-05-22T10:00Z",
        ] {
            assert_eq!(print_datetime(parse_datetime(text).unwrap()), "2026-05-22T10:00:00.000+0000");
        }
        for text in ["2026-05-22", "2026-13-01T00:00:00Z", "1699-01-01T00:00:00Z", "T", "2026-05-22T"] {
            assert_eq!(parse_datetime(text), None, "{text}");
        }
    }
}
