//! From the conditions of a query to filters over the org's fields.

use std::collections::HashSet;
use std::sync::Arc;

use crate::org::fiscal::Fiscal;
use crate::org::ids::RecordId;
use crate::org::schema::FieldType;
use crate::org::value::{Value, parse_date, parse_datetime};
use crate::soql::ast::{Condition, Expression, List, ListOperator, Literal, Operator};
use crate::soql::error::QueryError;
use crate::soql::eval::{DateFunction, DayRange, Filter, Function, Operand, Reader, Zone, pattern};
use crate::soql::format::Shape;
use crate::soql::lexer::unmarked;
use crate::soql::resolve::{End, Names};
use crate::soql::{dates, distance};

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

/// What a function in a query is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// To be shown.
    Select,
    /// In a condition.
    Where,
    /// As a key of the order.
    OrderBy,
    /// As a key of groups.
    GroupBy,
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

    /// Compiles a field, or a function of one as far as its use allows that function.
    pub(super) fn operand(&self, expression: &Expression, used: Use) -> Result<Operand, QueryError> {
        let (name, arguments, at) = match expression {
            Expression::Field(path) => {
                return Ok(Operand { path: self.names.resolve(path)?, function: None });
            }
            Expression::Call { name, arguments, at } => (name, arguments, at.0),
            Expression::Number(_) | Expression::Text(_) => {
                return Err(QueryError::new("MALFORMED_QUERY", format!("unexpected token: '{expression}'")));
            }
        };
        if name.eq_ignore_ascii_case("DISTANCE") && used != Use::GroupBy {
            let (path, distance) = distance::read(&self.names, arguments)?;
            return Ok(Operand { path, function: Some(Function::Distance(Box::new(distance))) });
        }
        let [argument] = arguments.as_slice() else { return Err(self.bad_function(name, at)) };
        if let Some(part) = DateFunction::parse(name) {
            return self.part_of_date(part, argument).ok_or_else(|| self.bad_function(name, at))?;
        }
        let shown = used == Use::Select;
        match name.to_ascii_lowercase().as_str() {
            "tolabel" if shown || used == Use::Where => {
                let inner = self.operand(argument, used)?;
                self.labelled(inner, used).ok_or_else(|| self.bad_function(name, at))
            }
            "format" if shown => {
                let inner = self.operand(argument, used)?;
                let shape = inner.path.field().and_then(Shape::of).filter(|_| inner.function.is_none());
                let shape = shape.ok_or_else(|| self.bad_function(name, at))?;
                Ok(Operand { function: Some(Function::Format(shape)), ..inner })
            }
            // With one currency there is nothing to convert.
            "convertcurrency" if shown => {
                let inner = self.operand(argument, used)?;
                let money = inner.function.is_none() && inner.path.kind() == FieldType::Currency;
                if money { Ok(inner) } else { Err(self.bad_function(name, at)) }
            }
            _ => Err(self.bad_function(name, at)),
        }
    }

    /// A part of a date field, or of a moment in the user's time zone; `None` when the argument is neither.
    fn part_of_date(&self, part: DateFunction, argument: &Expression) -> Option<Result<Operand, QueryError>> {
        let (field, zone) = match argument.call_of("convertTimezone") {
            Some([inner]) => (inner, Zone::User),
            Some(_) => return None,
            None => (argument, Zone::Utc),
        };
        let Expression::Field(path) = field else { return None };
        let path = match self.names.resolve(path) {
            Ok(path) => path,
            Err(refused) => return Some(Err(refused)),
        };
        let fits = match path.kind() {
            FieldType::Datetime => true,
            FieldType::Date => zone == Zone::Utc && !part.needs_time(),
            _ => false,
        };
        fits.then_some(Ok(Operand { path, function: Some(Function::Date(part, zone)) }))
    }

    /// Labels are those of picklists, and of record types, by which nobody can filter.
    fn labelled(&self, inner: Operand, used: Use) -> Option<Operand> {
        let picklist =
            matches!(inner.path.kind(), FieldType::Picklist | FieldType::Multipicklist | FieldType::Combobox);
        let record_type = match &inner.path.end {
            End::Field(object, _) => object.name == "RecordType" && inner.path.name() == "Name",
            End::Generic(_) => false,
        };
        let fits = inner.function.is_none() && (picklist || record_type && used == Use::Select);
        fits.then_some(Operand { function: Some(Function::Label), ..inner })
    }

    fn bad_function(&self, name: &str, at: usize) -> QueryError {
        let message = format!("Invalid function: {name}");
        QueryError::at(self.names.source, at, "MALFORMED_QUERY", &message)
    }

    fn filterable(&self, operand: &Operand, at: usize) -> Result<(), QueryError> {
        if matches!(operand.function, Some(Function::Distance(_))) {
            return Ok(());
        }
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
        Ok(Filter::Compare(operand, operator, value))
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
                Ok(Filter::Like(operand, pattern(text)))
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

    fn days(&self, name: &str, number: Option<u32>, at: usize) -> Result<DayRange, QueryError> {
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
