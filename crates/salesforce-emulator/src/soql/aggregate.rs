//! Preparing queries that group and count.

use crate::org::value::Value;
use crate::soql::aggregation::{Aggregation, Computed, Having};
use crate::soql::ast::{Condition, Expression, Literal, Query, Selection};
use crate::soql::compile::Compiler;
use crate::soql::error::QueryError;
use crate::soql::eval::Operand;

/// Keys that CUBE takes at most; each doubles the rows.
const MAX_CUBED: usize = 4;

/// Lays out grouping, if the query groups or counts.
pub(super) fn plan(compiler: &Compiler<'_>, query: &Query) -> Result<Option<Aggregation>, QueryError> {
    let computes = |selection: &Selection| match selection {
        Selection::Expression(expression, _) => expression.is_aggregate(),
        Selection::Children(_) | Selection::Fields(_) | Selection::TypeOf(_) => false,
    };
    if query.group_by.is_empty() && !query.select.iter().any(computes) {
        return Ok(None);
    }
    let plain_count = is_plain_count(query);
    if plain_count && !query.order_by.is_empty() {
        return Err(QueryError::new("MALFORMED_QUERY", "Count() queries cannot have an ORDER BY clause"));
    }
    let (keys, sets) = keys(&query.group_by);
    if keys.is_empty() && query.limit.is_some() && !plain_count {
        let message = "Non-grouped query that uses overall aggregate functions cannot also use LIMIT";
        return Err(QueryError::new("MALFORMED_QUERY", message));
    }
    let groups = keys.iter().map(|by| group(compiler, by)).collect::<Result<Vec<_>, _>>()?;
    let planner = Planner { compiler, keys };
    let mut columns = Vec::new();
    let mut unnamed = 0;
    for selection in &query.select {
        let Selection::Expression(expression, alias) = selection else {
            return Err(QueryError::new("MALFORMED_QUERY", "Grouped queries cannot select this"));
        };
        let computed = planner.computed(expression)?;
        let name = match (alias, expression) {
            (Some(alias), _) => alias.clone(),
            (None, Expression::Field(path)) => compiler.names.resolve(path)?.name().to_owned(),
            (None, Expression::Call { .. }) => {
                unnamed += 1;
                format!("expr{}", unnamed - 1)
            }
        };
        columns.push((name, computed));
    }
    let having = query.having.as_ref().map(|having| planner.having(having)).transpose()?;
    let mut order = Vec::new();
    for key in &query.order_by {
        order.push((planner.computed(&key.by)?, key.descending));
    }
    let limit = query.limit.and_then(|limit| usize::try_from(limit).ok());
    Ok(Some(Aggregation { plain_count, groups, sets, columns, having, order, limit }))
}

/// The keys of a GROUP BY, and which of them count together: ROLLUP drops them from the end, CUBE every way.
fn keys(group_by: &[Expression]) -> (&[Expression], Vec<Vec<bool>>) {
    let all = |keys: &[Expression]| vec![true; keys.len()];
    let [Expression::Call { name, arguments, .. }] = group_by else { return (group_by, vec![all(group_by)]) };
    let count = arguments.len();
    let sets = match name.to_ascii_uppercase().as_str() {
        "ROLLUP" => (0..=count).rev().map(|kept| (0..count).map(|place| place < kept).collect()).collect(),
        "CUBE" if count < MAX_CUBED => (0..1_usize << count)
            .rev()
            .map(|set| (0..count).map(|place| set >> place & 1 == 1).collect())
            .collect(),
        _ => return (group_by, vec![all(group_by)]),
    };
    (arguments, sets)
}

fn group(compiler: &Compiler<'_>, by: &Expression) -> Result<Operand, QueryError> {
    let operand = compiler.operand(by)?;
    if operand.function.is_none() && operand.path.field().is_some_and(|field| !field.groupable()) {
        let message = format!("field '{}' can not be grouped in a query call", operand.path.name());
        return Err(QueryError::at(compiler.names.source, by.at(), "INVALID_FIELD", &message));
    }
    Ok(operand)
}

struct Planner<'a> {
    compiler: &'a Compiler<'a>,
    keys: &'a [Expression],
}

impl Planner<'_> {
    fn computed(&self, expression: &Expression) -> Result<Computed, QueryError> {
        if let Some(place) = self.keys.iter().position(|by| same(by, expression)) {
            return Ok(Computed::Group(place));
        }
        let Expression::Call { name, arguments, .. } = expression else {
            return Err(self.ungrouped(expression));
        };
        if name.eq_ignore_ascii_case("GROUPING") {
            let place = arguments.first().and_then(|one| self.keys.iter().position(|by| same(by, one)));
            return place.map(Computed::Grouping).ok_or_else(|| self.ungrouped(expression));
        }
        let argument = arguments.first().map(|argument| self.compiler.operand(argument)).transpose()?;
        let upper = name.to_ascii_uppercase();
        match (upper.as_str(), argument) {
            ("COUNT", argument) => Ok(Computed::Count(argument)),
            ("COUNT_DISTINCT", Some(argument)) => Ok(Computed::CountDistinct(argument)),
            ("SUM", Some(argument)) => Ok(Computed::Sum(argument)),
            ("AVG", Some(argument)) => Ok(Computed::Average(argument)),
            ("MIN", Some(argument)) => Ok(Computed::Least(argument)),
            ("MAX", Some(argument)) => Ok(Computed::Greatest(argument)),
            _ => Err(self.ungrouped(expression)),
        }
    }

    fn ungrouped(&self, expression: &Expression) -> QueryError {
        QueryError::new("MALFORMED_QUERY", format!("Field must be grouped or aggregated: {expression}"))
    }

    fn having(&self, condition: &Condition) -> Result<Having, QueryError> {
        let all =
            |parts: &[Condition]| parts.iter().map(|part| self.having(part)).collect::<Result<Vec<_>, _>>();
        match condition {
            Condition::And(parts) => Ok(Having::And(all(parts)?)),
            Condition::Or(parts) => Ok(Having::Or(all(parts)?)),
            Condition::Not(inner) => Ok(Having::Not(Box::new(self.having(inner)?))),
            Condition::Compare { left, operator, right, .. } => {
                let value = match right {
                    Literal::Number(number) => number.parse().map(Value::Decimal).unwrap_or_default(),
                    Literal::Text(text) => Value::text(text),
                    Literal::Boolean(flag) => Value::Boolean(*flag),
                    Literal::Null | Literal::Date(_) | Literal::Relative(..) => Value::Null,
                };
                Ok(Having::Compare(self.computed(left)?, *operator, value))
            }
            Condition::List { .. } => {
                Err(QueryError::new("MALFORMED_QUERY", "HAVING cannot use a list here"))
            }
        }
    }
}

fn same(left: &Expression, right: &Expression) -> bool {
    left.to_string().eq_ignore_ascii_case(&right.to_string())
}

/// Whether a query only counts records.
fn is_plain_count(query: &Query) -> bool {
    matches!(
        query.select.as_slice(),
        [Selection::Expression(Expression::Call { name, arguments, .. }, None)]
            if arguments.is_empty() && name.eq_ignore_ascii_case("COUNT")
    )
}
