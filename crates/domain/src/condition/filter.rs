//! A checked condition as a typed tree, to be said in whatever language the records are asked for in.

use crate::condition::RelativeDay;
use crate::org::FieldPath;
use crate::value::{Decimal, Timestamp};
use jiff::civil::Date;

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
