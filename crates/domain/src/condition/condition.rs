//! Which records become companies (連携条件; Y1): conditions as they are kept, and which of them fit a field.

use crate::org::{FieldType, OrgField};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// How a condition compares its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says what it does; the table below says for which fields")]
pub enum Operator {
    Equals,
    NotEquals,
    Contains,
    StartsWith,
    LessThan,
    LessOrEqual,
    GreaterThan,
    GreaterOrEqual,
    On,
    Before,
    After,
    OnOrBefore,
    OnOrAfter,
    Between,
    IsOneOf,
    IsNoneOf,
    Includes,
    Excludes,
    IsTrue,
    IsFalse,
    IsBlank,
    IsNotBlank,
}

/// How many values an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// No value.
    None,
    /// One.
    One,
    /// From and to.
    Two,
    /// At least one.
    Several,
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Equals,
        Self::NotEquals,
        Self::Contains,
        Self::StartsWith,
        Self::LessThan,
        Self::LessOrEqual,
        Self::GreaterThan,
        Self::GreaterOrEqual,
        Self::On,
        Self::Before,
        Self::After,
        Self::OnOrBefore,
        Self::OnOrAfter,
        Self::Between,
        Self::IsOneOf,
        Self::IsNoneOf,
        Self::Includes,
        Self::Excludes,
        Self::IsTrue,
        Self::IsFalse,
        Self::IsBlank,
        Self::IsNotBlank,
    ];

    /// The word in the API and for the catalogues (`operator-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equals => "equals",
            Self::NotEquals => "not_equals",
            Self::Contains => "contains",
            Self::StartsWith => "starts_with",
            Self::LessThan => "less_than",
            Self::LessOrEqual => "less_or_equal",
            Self::GreaterThan => "greater_than",
            Self::GreaterOrEqual => "greater_or_equal",
            Self::On => "on",
            Self::Before => "before",
            Self::After => "after",
            Self::OnOrBefore => "on_or_before",
            Self::OnOrAfter => "on_or_after",
            Self::Between => "between",
            Self::IsOneOf => "is_one_of",
            Self::IsNoneOf => "is_none_of",
            Self::Includes => "includes",
            Self::Excludes => "excludes",
            Self::IsTrue => "is_true",
            Self::IsFalse => "is_false",
            Self::IsBlank => "is_blank",
            Self::IsNotBlank => "is_not_blank",
        }
    }

    /// Reads the word, or the sign for those that have one; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        let signs = [
            ("=", Self::Equals),
            ("!=", Self::NotEquals),
            ("<", Self::LessThan),
            ("<=", Self::LessOrEqual),
            (">", Self::GreaterThan),
            (">=", Self::GreaterOrEqual),
        ];
        let signed = signs.into_iter().find(|(sign, _)| *sign == name).map(|(_, operator)| operator);
        signed.or_else(|| Self::ALL.into_iter().find(|operator| operator.name() == name))
    }

    /// How many values it takes.
    pub const fn arity(self) -> Arity {
        match self {
            Self::IsTrue | Self::IsFalse | Self::IsBlank | Self::IsNotBlank => Arity::None,
            Self::Between => Arity::Two,
            Self::IsOneOf | Self::IsNoneOf | Self::Includes | Self::Excludes => Arity::Several,
            _ => Arity::One,
        }
    }
}

/// How a field's values can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComparisonType {
    /// As texts.
    Text,
    /// As numbers.
    Number,
    /// As whole numbers.
    WholeNumber,
    /// As days.
    Day,
    /// As moments, by day.
    Moment,
    /// As one option.
    Option,
    /// As several options.
    Options,
    /// As yes or no.
    Boolean,
    /// As the id of a record.
    Reference,
}

impl ComparisonType {
    /// How values of this field are compared; `None` for kinds that nothing can be asked of.
    pub fn of(field: &OrgField) -> Option<Self> {
        if field.compound {
            return None;
        }
        if !field.reference_to.is_empty() || field.name == "Id" {
            return Some(Self::Reference);
        }
        match field.kind {
            FieldType::String
            | FieldType::Url
            | FieldType::Email
            | FieldType::Phone
            | FieldType::RichText
            | FieldType::LongText => Some(Self::Text),
            FieldType::Number | FieldType::Currency | FieldType::Percent => Some(Self::Number),
            FieldType::Integer => Some(Self::WholeNumber),
            FieldType::Date => Some(Self::Day),
            FieldType::DateTime => Some(Self::Moment),
            FieldType::Picklist => Some(Self::Option),
            FieldType::MultiPicklist => Some(Self::Options),
            FieldType::Checkbox => Some(Self::Boolean),
            FieldType::Encrypted | FieldType::Other => None,
        }
    }

    /// The word for the catalogues (`comparable-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::WholeNumber => "whole-number",
            Self::Day => "day",
            Self::Moment => "moment",
            Self::Option => "option",
            Self::Options => "options",
            Self::Boolean => "flag",
            Self::Reference => "reference",
        }
    }

    /// The operators to choose from.
    pub const fn operators(self) -> &'static [Operator] {
        use Operator as O;
        match self {
            Self::Text => {
                &[O::Equals, O::NotEquals, O::Contains, O::StartsWith, O::IsOneOf, O::IsBlank, O::IsNotBlank]
            }
            Self::Number | Self::WholeNumber => &[
                O::Equals,
                O::NotEquals,
                O::LessThan,
                O::LessOrEqual,
                O::GreaterThan,
                O::GreaterOrEqual,
                O::Between,
                O::IsBlank,
                O::IsNotBlank,
            ],
            Self::Day | Self::Moment => &[
                O::On,
                O::Before,
                O::After,
                O::OnOrBefore,
                O::OnOrAfter,
                O::Between,
                O::IsBlank,
                O::IsNotBlank,
            ],
            Self::Option => &[O::IsOneOf, O::IsNoneOf, O::IsBlank, O::IsNotBlank],
            Self::Options => &[O::Includes, O::Excludes, O::IsBlank, O::IsNotBlank],
            Self::Boolean => &[O::IsTrue, O::IsFalse],
            Self::Reference => &[O::Equals, O::NotEquals, O::IsOneOf, O::IsBlank, O::IsNotBlank],
        }
    }

    /// Whether an operator fits; "equals" is also understood where it isn't offered but its meaning is plain.
    pub fn accepts(self, operator: Operator) -> bool {
        let plain = match operator {
            Operator::Equals => !matches!(self, Self::Options),
            Operator::NotEquals => matches!(self, Self::Day | Self::Moment | Self::Option),
            _ => false,
        };
        plain || self.operators().contains(&operator)
    }
}

/// One condition; all of them have to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The path of the field, from the object.
    pub field: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what: as many texts as the operator takes values. Days are `2026-05-22` or `this_month`.
    #[serde(
        rename = "value",
        default,
        skip_serializing_if = "Vec::is_empty",
        serialize_with = "write_values",
        deserialize_with = "read_values"
    )]
    pub values: Vec<String>,
}

/// One value is written plainly, several as a list.
pub fn write_values<S: Serializer>(values: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    match values {
        [single] => single.serialize(serializer),
        several => several.serialize(serializer),
    }
}

/// Takes a text, a number, yes or no, nothing, or a list of such, as JSON writes them.
pub fn read_values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    fn text(value: Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }
    let unfit = || {
        serde::de::Error::custom("a condition's value is a text, a number, true, false, or a list of them")
    };
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(Vec::new()),
        Value::Array(values) => values.into_iter().map(text).collect::<Option<_>>().ok_or_else(unfit),
        single => text(single).map(|text| vec![text]).ok_or_else(unfit),
    }
}
