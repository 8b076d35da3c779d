//! WHERE clauses.

use super::error::{SoqlError, check_path};
use super::{Literal, escape_like, quote};

/// How a field is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `=`, which ignores case on texts.
    Equal,
    /// `!=`, which also returns rows without a value.
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Compare {
    fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// A condition on rows, always written with the brackets SOQL demands around mixed AND and OR.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// A field compared with one value.
    Field(String, Compare, Literal),
    /// A field whose value is one of several.
    In(String, Vec<Literal>),
    /// A field whose value is none of several. Rows without a value are returned, too.
    NotIn(String, Vec<Literal>),
    /// A text field that starts with a text.
    StartsWith(String, String),
    /// A text field that holds a text somewhere.
    Contains(String, String),
    /// A multi-select picklist of which at least one of these options is chosen.
    Includes(String, Vec<String>),
    /// A multi-select picklist of which none of these options is chosen.
    Excludes(String, Vec<String>),
    /// All of them.
    All(Vec<Condition>),
    /// At least one of them.
    Any(Vec<Condition>),
    /// A clause written by the caller, who answers for its safety.
    Raw(String),
}

impl Condition {
    /// A field equal to a value.
    pub fn equals(field: &str, value: impl Into<Literal>) -> Self {
        Self::Field(field.to_owned(), Compare::Equal, value.into())
    }

    /// A field compared with a value.
    pub fn compare(field: &str, compare: Compare, value: impl Into<Literal>) -> Self {
        Self::Field(field.to_owned(), compare, value.into())
    }

    /// A field equal to one of several values; building a query fails when there are none.
    pub fn is_in<V: Into<Literal>>(field: &str, values: impl IntoIterator<Item = V>) -> Self {
        Self::In(field.to_owned(), values.into_iter().map(Into::into).collect())
    }

    pub(super) fn to_soql(&self) -> Result<String, SoqlError> {
        match self {
            Self::Field(field, compare, value) => {
                check_path(field)?;
                Ok(format!("{field} {} {}", compare.sign(), value.to_soql()))
            }
            Self::In(field, values) => list(field, "IN", values.iter().map(Literal::to_soql)),
            Self::NotIn(field, values) => list(field, "NOT IN", values.iter().map(Literal::to_soql)),
            Self::Includes(field, options) => list(field, "INCLUDES", options.iter().map(|one| quote(one))),
            Self::Excludes(field, options) => list(field, "EXCLUDES", options.iter().map(|one| quote(one))),
            Self::StartsWith(field, start) => {
                check_path(field)?;
                Ok(format!("{field} LIKE '{}%'", escape_like(start)))
            }
            Self::Contains(field, part) => {
                check_path(field)?;
                Ok(format!("{field} LIKE '%{}%'", escape_like(part)))
            }
            Self::All(parts) => join(parts, " AND "),
            Self::Any(parts) => join(parts, " OR "),
            Self::Raw(text) => Ok(format!("({text})")),
        }
    }
}

fn list(field: &str, word: &'static str, values: impl Iterator<Item = String>) -> Result<String, SoqlError> {
    check_path(field)?;
    let values: Vec<String> = values.collect();
    if values.is_empty() {
        return Err(SoqlError::Empty(word));
    }
    Ok(format!("{field} {word} ({})", values.join(",")))
}

fn join(parts: &[Condition], word: &'static str) -> Result<String, SoqlError> {
    if parts.is_empty() {
        return Err(SoqlError::Empty(word.trim()));
    }
    let parts: Vec<String> = parts.iter().map(Condition::to_soql).collect::<Result<_, _>>()?;
    Ok(format!("({})", parts.join(word)))
}
