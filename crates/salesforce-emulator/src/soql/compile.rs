//! From the conditions of a query to filters over the org's fields.

use std::collections::HashSet;
use std::sync::Arc;

use crate::org::ids::RecordId;
use crate::org::schema::FieldType;
use crate::org::value::{Value, parse_date, parse_datetime};
use crate::soql::ast::{Condition, Expression, List, ListOperator, Literal, Operator};
use crate::soql::dates;
use crate::soql::error::QueryError;
use crate::soql::eval::{DateFunction, DayRange, Filter, Operand, Reader, pattern};
use crate::soql::lexer::unmarked;
use crate::soql::resolve::Names;

/// Compiles conditions for one object.
pub(super) struct Compiler<'a> {
    /// Reads the org's records.
    pub(super) reader: Reader<'a>,
    /// Resolves the names of the query.
    pub(super) names: Names<'a>,
}

impl Compiler<'_> {
    /// Compiles a condition.
    pub(super) fn condition(&self, condition: &Condition) -> Result<Filter, QueryError> {
        let all = |parts: &[Condition]| {
            parts.iter().map(|part| self.condition(part)).collect::<Result<Vec<_>, _>>()
        };
        match condition {
            Condition::And(parts) => Ok(Filter::And(all(parts)?)),
            Condition::Or(parts) => {
                if parts.iter().any(is_semi_join) {
                    let message = "Semi join sub-selects are not allowed with the 'OR' operator";
                    return Err(QueryError::new("MALFORMED_QUERY", message));
                }
                Ok(Filter::Or(all(parts)?))
            }
            Condition::Not(inner) => Ok(Filter::Not(Box::new(self.condition(inner)?))),
            Condition::Compare { left, operator, right, at } => self.compare(left, *operator, right, at.0),
            Condition::List { left, operator, list, at } => self.list(left, *operator, list, at.0),
        }
    }

    /// Compiles the left side of a comparison.
    pub(super) fn operand(&self, expression: &Expression) -> Result<Operand, QueryError> {
        match expression {
            Expression::Field(path) => Ok(Operand { path: self.names.resolve(path)?, function: None }),
            Expression::Call { name, arguments, at } => {
                let [argument] = arguments.as_slice() else { return Err(self.bad_function(name, at.0)) };
                let inner = self.operand(argument)?;
                let plain = ["toLabel", "convertCurrency", "FORMAT", "convertTimezone"];
                if plain.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                    return Ok(inner);
                }
                let function = DateFunction::parse(name).ok_or_else(|| self.bad_function(name, at.0))?;
                if !matches!(inner.path.kind(), FieldType::Date | FieldType::Datetime) {
                    return Err(self.bad_function(name, at.0));
                }
                Ok(Operand { function: Some(function), ..inner })
            }
        }
    }

    fn bad_function(&self, name: &str, at: usize) -> QueryError {
        let message = format!("Invalid function: {name}");
        QueryError::at(self.names.source, at, "MALFORMED_QUERY", &message)
    }

    fn filterable(&self, operand: &Operand, at: usize) -> Result<(), QueryError> {
        if operand.path.field().is_none_or(|field| field.filterable() && field.kind != FieldType::Address) {
            return Ok(());
        }
        let message = format!("field '{}' can not be filtered in a query call", operand.path.name());
        Err(QueryError::at(self.names.source, at, "INVALID_FIELD", &message))
    }

    fn compare(
        &self,
        left: &Expression,
        operator: Operator,
        right: &Literal,
        at: usize,
    ) -> Result<Filter, QueryError> {
        let operand = self.operand(left)?;
        self.filterable(&operand, left.at())?;
        if let Literal::Relative(name, number) = right {
            return Ok(Filter::InDays(self.dated(operand, at)?, operator, self.days(name, *number, at)?));
        }
        if operator == Operator::Like {
            return self.like(operand, right, at);
        }
        let value = self.literal(&operand, right, at)?;
        let multiple = operand.path.kind() == FieldType::Multipicklist;
        if multiple && !matches!(operator, Operator::Equal | Operator::NotEqual) {
            return Err(self.invalid_operator(&operand, at));
        }
        Ok(Filter::Compare(operand, operator, value))
    }

    fn like(&self, operand: Operand, right: &Literal, at: usize) -> Result<Filter, QueryError> {
        if matches!(operand.path.kind(), FieldType::Id | FieldType::Reference) {
            let error = QueryError::at(
                self.names.source,
                at,
                "INVALID_QUERY_FILTER_OPERATOR",
                "invalid operator on id field",
            );
            return Err(error);
        }
        match right {
            Literal::Text(text) if operand.path.kind().is_text() => Ok(Filter::Like(operand, pattern(text))),
            _ => Err(self.invalid_operator(&operand, at)),
        }
    }

    fn invalid_operator(&self, operand: &Operand, at: usize) -> QueryError {
        let message = format!("invalid operator on {} field", operand.path.kind().name());
        QueryError::at(self.names.source, at, "INVALID_FIELD", &message)
    }

    fn dated(&self, operand: Operand, at: usize) -> Result<Operand, QueryError> {
        let day_only = operand.function == Some(DateFunction::DayOnly);
        let dated = matches!(operand.path.kind(), FieldType::Date | FieldType::Datetime);
        if dated && (operand.function.is_none() || day_only) {
            return Ok(operand);
        }
        Err(self.wrong_type(&operand, at))
    }

    fn days(&self, name: &str, number: Option<u32>, at: usize) -> Result<DayRange, QueryError> {
        let zone = self.reader.zone;
        let bad = || QueryError::at(self.names.source, at, "MALFORMED_QUERY", "invalid date literal");
        let days = dates::days(name, number, self.reader.org.now(), zone).ok_or_else(bad)?;
        let start = |day: jiff::civil::Date| {
            day.to_zoned_datetime(zone.clone()).map(|zoned| Value::DateTime(zoned.timestamp()))
        };
        let (from, until) = (start(days.from).map_err(|_| bad())?, start(days.until).map_err(|_| bad())?);
        Ok(DayRange { days, from, until })
    }

    /// Reads a literal as a value of the operand's type.
    fn literal(&self, operand: &Operand, literal: &Literal, at: usize) -> Result<Value, QueryError> {
        let kind = match operand.function {
            Some(DateFunction::DayOnly) => FieldType::Date,
            Some(_) => FieldType::Int,
            None => operand.path.kind(),
        };
        let value = match (kind, literal) {
            (FieldType::Boolean, Literal::Null) => Some(Value::Boolean(false)),
            (_, Literal::Null) => Some(Value::Null),
            (FieldType::Boolean, Literal::Boolean(flag)) => Some(Value::Boolean(*flag)),
            (FieldType::Id | FieldType::Reference, Literal::Text(text)) => {
                if text.is_empty() {
                    return Ok(Value::Null);
                }
                return RecordId::parse(text).map(Value::Id).ok_or_else(|| self.invalid_id(text, at));
            }
            (FieldType::Date, Literal::Date(text)) => parse_date(text).map(Value::Date),
            (FieldType::Datetime, Literal::Date(text)) => parse_datetime(text).map(Value::DateTime),
            (kind, Literal::Number(text)) if kind.is_number() => text.parse().ok().map(Value::Decimal),
            (kind, Literal::Text(text)) if kind.is_text() => Some(Value::text(&unmarked(text))),
            _ => None,
        };
        value.ok_or_else(|| self.wrong_type(operand, at))
    }

    fn invalid_id(&self, text: &str, at: usize) -> QueryError {
        let message = format!("invalid ID field: {text}");
        QueryError::at(self.names.source, at, "INVALID_QUERY_FILTER_OPERATOR", &message)
    }

    fn wrong_type(&self, operand: &Operand, at: usize) -> QueryError {
        let kind = operand.path.kind();
        let (wanted, quoted) = match kind {
            FieldType::Datetime => ("dateTime", "should not"),
            kind if kind.is_text() || kind == FieldType::Id || kind == FieldType::Reference => {
                ("string", "should")
            }
            kind => (kind.name(), "should not"),
        };
        let message = format!(
            "value of filter criterion for field '{}' must be of type {wanted} and {quoted} be enclosed in quotes",
            operand.path.name()
        );
        QueryError::at(self.names.source, at, "INVALID_FIELD", &message)
    }

    fn list(
        &self,
        left: &Expression,
        operator: ListOperator,
        list: &List,
        at: usize,
    ) -> Result<Filter, QueryError> {
        let operand = self.operand(left)?;
        self.filterable(&operand, left.at())?;
        let literals = match list {
            List::Query(query) => {
                let set = self.semi_join(&operand.path, query)?;
                return Ok(negated(operator == ListOperator::NotIn, Filter::In(operand, Arc::new(set))));
            }
            List::Literals(literals) => literals,
        };
        if matches!(operator, ListOperator::Includes | ListOperator::Excludes) {
            return self.includes(operand, operator, literals, at);
        }
        if literals.iter().any(|literal| matches!(literal, Literal::Relative(..))) {
            let parts = literals.iter().map(|literal| self.compare(left, Operator::Equal, literal, at));
            let any = Filter::Or(parts.collect::<Result<_, _>>()?);
            return Ok(negated(operator == ListOperator::NotIn, any));
        }
        let values = literals.iter().map(|literal| self.literal(&operand, literal, at));
        let set: HashSet<_> =
            values.map(|value| value.map(|value| value.index_key())).collect::<Result<_, _>>()?;
        Ok(negated(operator == ListOperator::NotIn, Filter::In(operand, Arc::new(set))))
    }

    fn includes(
        &self,
        operand: Operand,
        operator: ListOperator,
        literals: &[Literal],
        at: usize,
    ) -> Result<Filter, QueryError> {
        if operand.path.kind() != FieldType::Multipicklist {
            return Err(self.invalid_operator(&operand, at));
        }
        let group = |literal: &Literal| match literal {
            Literal::Text(text) => Ok(unmarked(text).split(';').map(str::to_lowercase).collect()),
            _ => Err(self.wrong_type(&operand, at)),
        };
        let groups = literals.iter().map(group).collect::<Result<Vec<Vec<String>>, _>>()?;
        Ok(negated(operator == ListOperator::Excludes, Filter::Includes(operand, groups)))
    }
}

fn negated(negate: bool, filter: Filter) -> Filter {
    if negate { Filter::Not(Box::new(filter)) } else { filter }
}

fn is_semi_join(condition: &Condition) -> bool {
    matches!(condition, Condition::List { list: List::Query(_), .. })
}
