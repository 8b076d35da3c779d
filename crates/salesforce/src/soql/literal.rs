//! Values in a query.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{DateLiteral, Decimal};
use crate::SalesforceId;

/// A text as a SOQL string in single quotes, safe whatever it holds.
///
/// Backslash, both quotes and all control characters are escaped (contract 5.2), so the value can
/// neither end the string nor make it invalid.
pub fn quote(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('\'');
    for character in value.chars() {
        match character {
            '\\' => quoted.push_str("\\\\"),
            '\'' => quoted.push_str("\\'"),
            '"' => quoted.push_str("\\\""),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            control if control.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

/// A text quoted for LIKE with `%` and `_` meaning themselves, without the surrounding quotes.
///
/// Put wildcards around it and then single quotes: `format!("Name LIKE '{}%'", escape_like(name))`.
pub fn escape_like(value: &str) -> String {
    let quoted = quote(value);
    quoted[1..quoted.len() - 1].replace('%', "\\%").replace('_', "\\_")
}

/// A value to compare a field with.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A text, quoted when written. Also for picklists, e-mail addresses and ids.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with decimals.
    Decimal(Decimal),
    /// TRUE or FALSE.
    Boolean(bool),
    /// A day, for fields of type date.
    Date(Date),
    /// An instant, for fields of type datetime; written in UTC.
    DateTime(Timestamp),
    /// A date counted from today, for fields of both types.
    Relative(DateLiteral),
    /// No value. On a boolean field it means FALSE (contract 5.2).
    Null,
}

impl Literal {
    pub(super) fn to_soql(&self) -> String {
        match self {
            Self::Text(text) => quote(text),
            Self::Integer(number) => number.to_string(),
            Self::Decimal(number) => number.to_string(),
            Self::Boolean(true) => "TRUE".to_owned(),
            Self::Boolean(false) => "FALSE".to_owned(),
            Self::Date(date) => date.to_string(),
            Self::DateTime(instant) => format!("{instant:.3}"),
            Self::Relative(date) => date.to_string(),
            Self::Null => "NULL".to_owned(),
        }
    }
}

impl From<&str> for Literal {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Literal {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&String> for Literal {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<SalesforceId> for Literal {
    fn from(value: SalesforceId) -> Self {
        Self::Text(value.to_string())
    }
}

impl From<&SalesforceId> for Literal {
    fn from(value: &SalesforceId) -> Self {
        Self::Text(value.to_string())
    }
}

impl From<i64> for Literal {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<Decimal> for Literal {
    fn from(value: Decimal) -> Self {
        Self::Decimal(value)
    }
}

impl From<DateLiteral> for Literal {
    fn from(value: DateLiteral) -> Self {
        Self::Relative(value)
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<Date> for Literal {
    fn from(value: Date) -> Self {
        Self::Date(value)
    }
}

impl From<Timestamp> for Literal {
    fn from(value: Timestamp) -> Self {
        Self::DateTime(value)
    }
}
