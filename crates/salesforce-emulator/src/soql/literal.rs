//! Literals as values of a type.

use crate::org::ids::RecordId;
use crate::org::schema::FieldType;
use crate::org::value::{Value, parse_date, parse_datetime};
use crate::soql::ast::Literal;
use crate::soql::lexer::unmarked;

/// What a literal is as a value of a type.
pub(super) enum Typed {
    /// A value of that type.
    Value(Value),
    /// A text that is no id where one is needed.
    NoId(String),
    /// A literal of another type.
    Wrong,
}

/// Reads a literal as a value of a type.
pub(super) fn typed(kind: FieldType, literal: &Literal) -> Typed {
    let value = match (kind, literal) {
        (FieldType::Boolean, Literal::Null) => Some(Value::Boolean(false)),
        (_, Literal::Null) => Some(Value::Null),
        (FieldType::Boolean, Literal::Boolean(flag)) => Some(Value::Boolean(*flag)),
        (FieldType::Id | FieldType::Reference, Literal::Text(text)) if text.is_empty() => Some(Value::Null),
        (FieldType::Id | FieldType::Reference, Literal::Text(text)) => {
            return RecordId::parse(text)
                .map_or_else(|| Typed::NoId(text.clone()), |id| Typed::Value(Value::Id(id)));
        }
        (FieldType::Date, Literal::Date(text)) => parse_date(text).map(Value::Date),
        (FieldType::Datetime, Literal::Date(text)) => parse_datetime(text).map(Value::DateTime),
        (kind, Literal::Number(text)) if kind.is_number() => text.parse().ok().map(Value::Decimal),
        (kind, Literal::Text(text)) if kind.is_text() => Some(Value::text(&unmarked(text))),
        _ => None,
    };
    value.map_or(Typed::Wrong, Typed::Value)
}
