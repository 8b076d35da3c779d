//! From the conditions of a query to filters over the org's fields.

use std::collections::HashSet;
use std::sync::Arc;

use crate::org::fiscal::Fiscal;
use crate::org::schema::FieldType;
use crate::org::value::Value;
use crate::soql::ast::{Condition, Expression, List, ListOperator, Literal, Operator};
use crate::soql::dates;
use crate::soql::error::QueryError;
use crate::soql::eval::{DayRange, Filter, Reader};
use crate::soql::lexer::unmarked;
use crate::soql::literal::{Typed, typed};
use crate::soql::operand::{Function, Operand, Use};
use crate::soql::pattern::{exact_pattern, pattern};
use crate::soql::resolve::Names;

/// Characters of a text in a condition.
const MAX_TEXT: usize = 4_000;

/// Compiles one query over one object.
pub(super) struct Compiler<'a> {
    /// Reads the org's records.
    pub(super) reader: Reader<'a>,
    /// Resolves the names of the query.
    pub(super) names: Names<'a>,
    /// Where the query stands within the whole.
    pub(super) place: Place,
}

/// Where a query stands within the whole one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the whole query.
    Whole,
    /// It lists children, so many levels below the whole one.
    Children(usize),
    /// It is inside an IN.
    SemiJoin,
}

impl Compiler<'_> {
    /// Compiles a condition.
    pub(super) fn condition(&self, condition: &Condition) -> Result<Filter, QueryError> {
        let all = |parts: &[Condition]| {
            parts.iter().map(|part| self.condition(part)).collect::<Result<Vec<_>, _>>()
        };
        match condition {
            Condition::And(parts) => Ok(Filter::And(all(parts)?)),
            Condition::Or(parts) => Ok(Filter::Or(all(parts)?)),
            Condition::Not(inner) => Ok(Filter::Not(Box::new(self.condition(inner)?))),
            Condition::Compare { left, operator, right, at } => self.compare(left, *operator, right, at.0),
            Condition::List { left, operator, list, at } => self.list(left, *operator, list, at.0),
        }
    }

    fn filterable(&self, operand: &Operand, at: usize) -> Result<(), QueryError> {
        if matches!(operand.function, Some(Function::Distance(_))) {
            return Ok(());
        }
        if operand.path.field().is_none_or(|field| field.filterable() && !field.kind.is_compound()) {
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
        let operand = self.operand(left, Use::Where)?;
        self.filterable(&operand, left.at())?;
        if let Some(Function::Distance(_)) = &operand.function {
            return self.compare_distance(operand, operator, right, at);
        }
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
        let exact = operand.is_case_sensitive() && !value.is_null();
        Ok(match operator {
            Operator::Equal | Operator::NotEqual if exact => {
                let same = Filter::Compare(operand.clone(), Operator::Equal, value.clone());
                let both = Filter::And(vec![same, Filter::Exactly(operand, vec![value])]);
                negated(operator == Operator::NotEqual, both)
            }
            _ => Filter::Compare(operand, operator, value),
        })
    }

    /// Distances are never equal, only nearer or farther.
    fn compare_distance(
        &self,
        operand: Operand,
        operator: Operator,
        right: &Literal,
        at: usize,
    ) -> Result<Filter, QueryError> {
        let number = match right {
            Literal::Number(number) if matches!(operator, Operator::Less | Operator::Greater) => {
                number.parse().ok()
            }
            _ => None,
        };
        let number = number.ok_or_else(|| {
            let message = "DISTANCE can only be compared with a number, by < or >";
            QueryError::at(self.names.source, at, "MALFORMED_QUERY", message)
        })?;
        Ok(Filter::Compare(operand, operator, Value::Decimal(number)))
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
            Literal::Text(text) if operand.path.kind().is_text() && !self.is_date_part(&operand) => {
                self.short_enough(text)?;
                let pattern = if operand.is_case_sensitive() { exact_pattern(text) } else { pattern(text) };
                Ok(Filter::Like(operand, pattern))
            }
            _ => Err(self.invalid_operator(&operand, at)),
        }
    }

    fn invalid_operator(&self, operand: &Operand, at: usize) -> QueryError {
        let message = format!("invalid operator on {} field", operand.path.kind().name());
        QueryError::at(self.names.source, at, "INVALID_FIELD", &message)
    }

    fn dated(&self, operand: Operand, at: usize) -> Result<Operand, QueryError> {
        if matches!(operand.result(), FieldType::Date | FieldType::Datetime) {
            return Ok(operand);
        }
        Err(self.wrong_type(&operand, at))
    }

    fn is_date_part(&self, operand: &Operand) -> bool {
        matches!(operand.function, Some(Function::Date(..)))
    }

    fn short_enough(&self, text: &str) -> Result<(), QueryError> {
        if text.len() > MAX_TEXT && text.chars().count() > MAX_TEXT {
            let message = format!("a text in WHERE cannot be longer than {MAX_TEXT} characters");
            return Err(QueryError::new("MALFORMED_QUERY", message));
        }
        Ok(())
    }

    /// The days a relative date stands for.
    pub(super) fn days(&self, name: &str, number: Option<u32>, at: usize) -> Result<DayRange, QueryError> {
        let zone = self.reader.zone;
        let bad = || QueryError::at(self.names.source, at, "MALFORMED_QUERY", "invalid date literal");
        let fiscal = Fiscal::of(self.reader.org);
        let days = dates::days(name, number, self.reader.org.now(), zone, fiscal).ok_or_else(bad)?;
        let start = |day: jiff::civil::Date| {
            day.to_zoned_datetime(zone.clone()).map(|zoned| Value::DateTime(zoned.timestamp()))
        };
        let (from, until) = (start(days.from).map_err(|_| bad())?, start(days.until).map_err(|_| bad())?);
        Ok(DayRange { days, from, until })
    }

    /// Reads a literal as a value of the operand's type.
    fn literal(&self, operand: &Operand, literal: &Literal, at: usize) -> Result<Value, QueryError> {
        if let Literal::Text(text) = literal {
            self.short_enough(text)?;
        }
        let found = match (operand.path.kind(), literal) {
            // The order in which options are chosen does not matter.
            (FieldType::Multipicklist, Literal::Text(text)) => {
                let field = operand.path.field();
                Some(field.map_or_else(|| Value::text(text), |field| field.in_order(&unmarked(text))))
            }
            _ => match typed(operand.result(), literal) {
                Typed::Value(value) => Some(value),
                Typed::NoId(text) => return Err(self.invalid_id(&text, at)),
                Typed::Wrong => None,
            },
        };
        found.ok_or_else(|| self.wrong_type(operand, at))
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
        let operand = self.operand(left, Use::Where)?;
        self.filterable(&operand, left.at())?;
        if let Some(Function::Distance(_)) = &operand.function {
            return Err(self.invalid_operator(&operand, at));
        }
        let literals = match list {
            List::Query(query) => {
                if matches!(operator, ListOperator::Includes | ListOperator::Excludes) {
                    return Err(self.invalid_operator(&operand, at));
                }
                let set = self.semi_join(&operand, query)?;
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
        let values = values.collect::<Result<Vec<_>, _>>()?;
        let set: HashSet<_> = values.iter().map(Value::index_key).collect();
        let within = Filter::In(operand.clone(), Arc::new(set));
        let within = if operand.is_case_sensitive() {
            Filter::And(vec![within, Filter::Exactly(operand, values)])
        } else {
            within
        };
        Ok(negated(operator == ListOperator::NotIn, within))
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
