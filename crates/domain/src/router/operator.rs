//! How a condition compares a fact with a value. Texts are compared as people take them: width, case and outer blanks
//! make no difference. Numbers and days are compared as such, or not at all.

use crate::router::FactValue;
use crate::value::{Decimal, NumberUnit, match_key, read_day};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Ordering;

/// How a fact is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says what it does")]
pub enum RouteOperator {
    Equals,
    NotEquals,
    Contains,
    NotContains,
    StartsWith,
    EndsWith,
    In,
    NotIn,
    GreaterThan,
    GreaterOrEqual,
    LessThan,
    LessOrEqual,
    Exists,
    NotExists,
}

/// What an operator needs beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Nothing.
    None,
    /// One value.
    One,
    /// At least one value.
    Several,
}

/// What a comparison gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// It holds.
    Holds,
    /// It doesn't.
    Fails,
    /// The two can't be compared: one is no number and no day.
    NotComparable,
}

impl RouteOperator {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 14] = [
        Self::Equals,
        Self::NotEquals,
        Self::Contains,
        Self::NotContains,
        Self::StartsWith,
        Self::EndsWith,
        Self::In,
        Self::NotIn,
        Self::GreaterThan,
        Self::GreaterOrEqual,
        Self::LessThan,
        Self::LessOrEqual,
        Self::Exists,
        Self::NotExists,
    ];

    /// The word in the API and for the catalogues (`route-operator-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equals => "equals",
            Self::NotEquals => "not_equals",
            Self::Contains => "contains",
            Self::NotContains => "not_contains",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
            Self::In => "in",
            Self::NotIn => "not_in",
            Self::GreaterThan => "greater_than",
            Self::GreaterOrEqual => "greater_or_equal",
            Self::LessThan => "less_than",
            Self::LessOrEqual => "less_or_equal",
            Self::Exists => "exists",
            Self::NotExists => "not_exists",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.name() == name)
    }

    /// What it needs beside it.
    pub const fn operand(self) -> Operand {
        match self {
            Self::Exists | Self::NotExists => Operand::None,
            Self::In | Self::NotIn => Operand::Several,
            _ => Operand::One,
        }
    }

    /// Whether it puts values in an order, so that it fits numbers and days only.
    pub const fn orders(self) -> bool {
        matches!(self, Self::GreaterThan | Self::GreaterOrEqual | Self::LessThan | Self::LessOrEqual)
    }

    /// Compares; a fact that nobody knows must not get here, and counts as absent.
    pub fn compare(self, fact: &FactValue, operand: &[String]) -> Compared {
        let values: &[String] = match fact {
            FactValue::Absent | FactValue::Unknown(_) => &[],
            FactValue::One(text) => std::slice::from_ref(text),
            FactValue::Many(several) => several,
        };
        let any = |holds: &dyn Fn(&str, &str) -> bool| {
            values.iter().any(|value| {
                let value = match_key(value);
                operand.iter().any(|wanted| holds(&value, &match_key(wanted)))
            })
        };
        let held = match self {
            Self::Exists => !values.is_empty(),
            Self::NotExists => values.is_empty(),
            Self::Equals | Self::In => any(&|value, wanted| is_same(value, wanted)),
            Self::NotEquals | Self::NotIn => !any(&|value, wanted| is_same(value, wanted)),
            Self::Contains => any(&|value, wanted| value.contains(wanted)),
            Self::NotContains => !any(&|value, wanted| value.contains(wanted)),
            Self::StartsWith => any(&|value, wanted| value.starts_with(wanted)),
            Self::EndsWith => any(&|value, wanted| value.ends_with(wanted)),
            Self::GreaterThan | Self::GreaterOrEqual | Self::LessThan | Self::LessOrEqual => {
                return self.compare_order(values, operand);
            }
        };
        if held { Compared::Holds } else { Compared::Fails }
    }

    fn compare_order(self, values: &[String], operand: &[String]) -> Compared {
        let [value] = values else { return Compared::Fails };
        let Some(order) = operand.first().and_then(|wanted| order(value, wanted)) else {
            return Compared::NotComparable;
        };
        let held = match self {
            Self::GreaterThan => order == Ordering::Greater,
            Self::GreaterOrEqual => order != Ordering::Less,
            Self::LessThan => order == Ordering::Less,
            _ => order != Ordering::Greater,
        };
        if held { Compared::Holds } else { Compared::Fails }
    }
}

/// `100` and `100.0` are the same number.
fn is_same(value: &str, wanted: &str) -> bool {
    value == wanted || order_of_numbers(value, wanted) == Some(Ordering::Equal)
}

fn order(value: &str, wanted: &str) -> Option<Ordering> {
    order_of_numbers(value, wanted).or_else(|| Some(day(value)?.cmp(&day(wanted)?)))
}

fn order_of_numbers(value: &str, wanted: &str) -> Option<Ordering> {
    let number = |text: &str| Decimal::parse(text, NumberUnit::None);
    Some(number(value)?.cmp(&number(wanted)?))
}

/// A day, also of a moment such as `2026-05-22T10:00:00Z`, whose day is the one that is written.
fn day(text: &str) -> Option<jiff::civil::Date> {
    read_day(text.trim().split('T').next()?)
}

/// What a condition compares with, as texts.
pub fn operand_texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(several) => several.iter().flat_map(operand_texts).collect(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => vec![value.to_string()],
    }
}
