//! A checked condition as a typed tree, to be said in whatever language the records are asked for in.

use crate::condition::RelativeDay;
use crate::org::FieldPath;
use crate::value::Timestamp;
use jiff::civil::Date;
use std::fmt;

/// Which records are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// A field compared with a value.
    Compare {
        /// The field.
        path: FieldPath,
        /// How.
        compare: Compare,
        /// With what.
        value: FilterValue,
    },
    /// A text that holds another somewhere.
    Contains {
        /// The field.
        path: FieldPath,
        /// The other text.
        text: String,
    },
    /// A text that begins with another.
    StartsWith {
        /// The field.
        path: FieldPath,
        /// The other text.
        text: String,
    },
    /// The value is one of these.
    OneOf {
        /// The field.
        path: FieldPath,
        /// The texts or ids; never none.
        values: Vec<String>,
    },
    /// The value is none of these.
    NoneOf {
        /// The field.
        path: FieldPath,
        /// The texts or ids; never none.
        values: Vec<String>,
    },
    /// At least one of these options is chosen.
    Includes {
        /// The field.
        path: FieldPath,
        /// The options; never none.
        options: Vec<String>,
    },
    /// None of these options is chosen.
    Excludes {
        /// The field.
        path: FieldPath,
        /// The options; never none.
        options: Vec<String>,
    },
    /// The field is empty.
    Blank(FieldPath),
    /// The field is not empty.
    NotBlank(FieldPath),
    /// All of these; never none.
    All(Vec<Filter>),
    /// At least one of these; never none.
    Any(Vec<Filter>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `=`
    Equal,
    /// `≠`; an empty field is unlike every value.
    NotEqual,
    /// `<`
    Less,
    /// `≤`
    LessOrEqual,
    /// `>`
    Greater,
    /// `≥`
    GreaterOrEqual,
}

/// A value of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterValue {
    /// A text, an option, an id.
    Text(String),
    /// A number.
    Number(Decimal),
    /// Yes or no.
    Flag(bool),
    /// A day of the calendar.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
    /// A day or span counted from today.
    Relative(RelativeDay),
}

/// A number as it was written, digit by digit: a sign, digits, perhaps a point and digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal(String);

/// Digits of a number, on both sides of the point together.
const MAX_DIGITS: usize = 18;

impl Decimal {
    /// Reads a number as people type it: full-width digits, commas between thousands, a currency's sign.
    pub fn parse(typed: &str) -> Option<Self> {
        let line = crate::value::tidy_line(typed);
        let bare: String =
            line.chars().filter(|c| !matches!(c, ',' | ' ' | '¥' | '$' | '%' | '円')).collect();
        let (sign, digits) = match bare.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", bare.strip_prefix('+').unwrap_or(&bare)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let length = whole.len() + fraction.len();
        if !only_digits(whole) || !only_digits(fraction) || !(1..=MAX_DIGITS).contains(&length) {
            return None;
        }
        let whole = Some(whole.trim_start_matches('0')).filter(|kept| !kept.is_empty()).unwrap_or("0");
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        Some(Self(format!("{sign}{whole}{point}{fraction}")))
    }

    /// The number in plain digits: `-1234.5`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Has nothing behind the point.
    pub fn is_whole(&self) -> bool {
        !self.0.contains('.')
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
