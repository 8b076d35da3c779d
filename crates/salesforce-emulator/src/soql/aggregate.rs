//! Preparing queries that group and count.

use crate::org::schema::{Field, FieldType};
use crate::org::value::Value;
use crate::soql::aggregation::{Aggregation, Computed, GroupOrder, Having};
use crate::soql::ast::{
    Condition, Expression, List, ListOperator, Literal, Operator, Ordering, Query, Selection,
};
use crate::soql::compile::Compiler;
use crate::soql::error::QueryError;
use crate::soql::literal::{Typed, typed};
use crate::soql::operand::{Operand, Use};
use crate::soql::pattern::pattern;

/// Keys that ROLLUP and CUBE take at most.
const MAX_SUBTOTALS: usize = 3;

/// Lays out grouping, if the query groups or counts.
pub(super) fn plan(compiler: &Compiler<'_>, query: &Query) -> Result<Option<Aggregation>, QueryError> {
    let refuse = |message: &str| Err(QueryError::new("MALFORMED_QUERY", message));
    let aggregates = |selection: &Selection| match selection {
        Selection::Expression(expression, _) => expression.aggregates(),
        Selection::Children(_) | Selection::Fields(_) | Selection::TypeOf(_) => false,
    };
    if query.group_by.is_empty() && !query.select.iter().any(aggregates) {
        return Ok(None);
    }
    let plain_count = is_plain_count(query);
    let counts = |selection: &Selection| matches!(selection, Selection::Expression(one, _) if one.call_of("COUNT").is_some_and(<[Expression]>::is_empty));
    if query.select.iter().any(counts) && (query.select.len() > 1 || !query.group_by.is_empty()) {
        return refuse("Count() must be the only element in the SELECT list");
    }
    if plain_count && !query.order_by.is_empty() {
        return refuse("Count() queries cannot have an ORDER BY clause");
    }
    let (keys, sets) = keys(&query.group_by);
    if keys.is_empty() && (query.limit.is_some() || query.offset.is_some()) && !plain_count {
        return refuse("Non-grouped query that uses overall aggregate functions cannot also use LIMIT");
    }
    let groups = keys.iter().map(|by| group(compiler, by)).collect::<Result<Vec<_>, _>>()?;
    let planner = Planner { compiler, keys, groups: &groups };
    let mut columns: Vec<(String, Computed)> = Vec::new();
    let mut unnamed = 0;
    for selection in &query.select {
        let Selection::Expression(expression, alias) = selection else {
            return refuse("Grouped queries can only select fields and aggregate functions");
        };
        let computed = planner.selected(expression)?;
        let name = match (alias, planner.field_name(expression)) {
            (Some(alias), _) => alias.clone(),
            (None, Some(name)) => name,
            (None, None) => {
                unnamed += 1;
                format!("expr{}", unnamed - 1)
            }
        };
        if columns.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            return refuse(&format!("duplicate alias: {name}"));
        }
        columns.push((name, computed));
    }
    let having = query.having.as_ref().map(|having| planner.having(having)).transpose()?;
    let order = query.order_by.iter().map(|key| planner.ordering(key)).collect::<Result<_, _>>()?;
    let limit = query.limit.and_then(|limit| usize::try_from(limit).ok());
    let offset = query.offset.and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0);
    Ok(Some(Aggregation { plain_count, groups, sets, columns, having, order, limit, offset }))
}

/// The keys of a GROUP BY, and which of them count together: ROLLUP drops them from the end, CUBE every way.
fn keys(group_by: &[Expression]) -> (&[Expression], Vec<Vec<bool>>) {
    let all = |keys: &[Expression]| vec![true; keys.len()];
    let [Expression::Call { name, arguments, .. }] = group_by else { return (group_by, vec![all(group_by)]) };
    let count = arguments.len();
    let sets = match name.to_ascii_uppercase().as_str() {
        "ROLLUP" if count <= MAX_SUBTOTALS => {
            (0..=count).rev().map(|kept| (0..count).map(|place| place < kept).collect()).collect()
        }
        "CUBE" if count <= MAX_SUBTOTALS => (0..1_usize << count)
            .rev()
            .map(|set| (0..count).map(|place| set >> place & 1 == 1).collect())
            .collect(),
        _ => return (group_by, vec![all(group_by)]),
    };
    (arguments, sets)
}

fn group(compiler: &Compiler<'_>, by: &Expression) -> Result<Operand, QueryError> {
    let operand = compiler.operand(by, Use::GroupBy)?;
    if operand.function.is_none() && operand.path.field().is_some_and(|field| !field.groupable()) {
        let message = format!("field '{}' can not be grouped in a query call", operand.path.name());
        return Err(QueryError::at(compiler.names.source, by.at(), "INVALID_FIELD", &message));
    }
    Ok(operand)
}

struct Planner<'a> {
    compiler: &'a Compiler<'a>,
    keys: &'a [Expression],
    groups: &'a [Operand],
}

impl Planner<'_> {
    /// A value of a row, as its locale writes it or as people see it if the query asks for that.
    fn selected(&self, expression: &Expression) -> Result<Computed, QueryError> {
        let refuse = || QueryError::new("MALFORMED_QUERY", format!("Invalid function: {expression}"));
        if let Some(arguments) = expression.call_of("FORMAT") {
            let [inner] = arguments else { return Err(refuse()) };
            let inner = self.computed(inner)?;
            let shape = inner.shape(self.groups).ok_or_else(refuse)?;
            return Ok(Computed::Formatted(Box::new(inner), shape));
        }
        if let Some(arguments) = expression.call_of("toLabel") {
            let [inner] = arguments else { return Err(refuse()) };
            let labelled = self.compiler.operand(expression, Use::Select)?;
            return Ok(Computed::Labelled(Box::new(self.computed(inner)?), labelled.path));
        }
        self.computed(expression)
    }

    /// The name a grouped field gives its column, with or without toLabel.
    fn field_name(&self, expression: &Expression) -> Option<String> {
        let inner = match expression.call_of("toLabel") {
            Some([inner]) => inner,
            _ => expression,
        };
        let Expression::Field(path) = inner else { return None };
        self.compiler.names.resolve(path).ok().map(|resolved| resolved.name().to_owned())
    }

    fn computed(&self, expression: &Expression) -> Result<Computed, QueryError> {
        if let Some(place) = self.key(expression) {
            return Ok(Computed::Group(place));
        }
        let Expression::Call { name, arguments, at } = expression else {
            return Err(self.ungrouped(expression));
        };
        if name.eq_ignore_ascii_case("GROUPING") {
            let place = arguments.first().and_then(|one| self.key(one));
            return place.map(Computed::Grouping).ok_or_else(|| self.ungrouped(expression));
        }
        if !expression.is_aggregate() {
            return Err(self.ungrouped(expression));
        }
        let upper = name.to_ascii_uppercase();
        let operand = match arguments.as_slice() {
            [] if upper == "COUNT" => return Ok(Computed::Count(None)),
            [Expression::Field(path)] => Operand { path: self.compiler.names.resolve(path)?, function: None },
            _ => {
                return Err(QueryError::at(
                    self.compiler.names.source,
                    at.0,
                    "MALFORMED_QUERY",
                    &format!("Invalid function: {expression}"),
                ));
            }
        };
        if !aggregates(&upper, &operand) {
            let message =
                format!("field {} does not support aggregate operator {upper}", operand.path.name());
            return Err(QueryError::at(self.compiler.names.source, at.0, "MALFORMED_QUERY", &message));
        }
        Ok(match upper.as_str() {
            "COUNT" => Computed::Count(Some(operand)),
            "COUNT_DISTINCT" => Computed::CountDistinct(operand),
            "SUM" => Computed::Sum(operand),
            "AVG" => Computed::Average(operand),
            "MIN" => Computed::Least(operand),
            _ => Computed::Greatest(operand),
        })
    }

    fn key(&self, expression: &Expression) -> Option<usize> {
        self.keys.iter().position(|by| self.same(by, expression))
    }

    /// Whether two expressions mean the same, however they are written.
    fn same(&self, left: &Expression, right: &Expression) -> bool {
        let way = |expression: &Expression| match expression {
            Expression::Field(path) => self.compiler.names.relative(&path.parts).join("."),
            other => other.to_string(),
        };
        way(left).eq_ignore_ascii_case(&way(right))
    }

    fn ungrouped(&self, expression: &Expression) -> QueryError {
        QueryError::new("MALFORMED_QUERY", format!("Field must be grouped or aggregated: {expression}"))
    }

    fn ordering(&self, key: &Ordering) -> Result<GroupOrder, QueryError> {
        let by = self.computed(&key.by)?;
        let options = by.options(self.groups);
        Ok(GroupOrder {
            by,
            descending: key.descending,
            nulls_last: key.nulls_last.unwrap_or(false),
            options,
        })
    }

    fn having(&self, condition: &Condition) -> Result<Having, QueryError> {
        let all =
            |parts: &[Condition]| parts.iter().map(|part| self.having(part)).collect::<Result<Vec<_>, _>>();
        match condition {
            Condition::And(parts) => Ok(Having::And(all(parts)?)),
            Condition::Or(parts) => Ok(Having::Or(all(parts)?)),
            Condition::Not(inner) => Ok(Having::Not(Box::new(self.having(inner)?))),
            Condition::Compare { left, operator: Operator::Like, right, .. } => {
                let computed = self.computed(left)?;
                match right {
                    Literal::Text(text) if computed.kind(self.groups).is_text() => {
                        Ok(Having::Like(computed, pattern(text)))
                    }
                    _ => Err(self.wrong_value(left)),
                }
            }
            Condition::Compare { left, operator, right: Literal::Relative(name, number), at } => {
                let computed = self.computed(left)?;
                if !matches!(computed.kind(self.groups), FieldType::Date | FieldType::Datetime) {
                    return Err(self.wrong_value(left));
                }
                Ok(Having::InDays(computed, *operator, self.compiler.days(name, *number, at.0)?))
            }
            Condition::Compare { left, operator, right, .. } => {
                let computed = self.computed(left)?;
                let value = self.value(left, &computed, right)?;
                Ok(Having::Compare(computed, *operator, value))
            }
            Condition::List { list: List::Query(_), .. } => Err(QueryError::new(
                "MALFORMED_QUERY",
                "Semi join sub-selects are not allowed in a HAVING clause",
            )),
            Condition::List { left, operator, list: List::Literals(literals), .. } => {
                let computed = self.computed(left)?;
                let negated = match operator {
                    ListOperator::In => false,
                    ListOperator::NotIn => true,
                    ListOperator::Includes | ListOperator::Excludes => return Err(self.wrong_value(left)),
                };
                let keys = literals.iter().map(|literal| self.value(left, &computed, literal));
                let keys =
                    keys.map(|value| value.map(|value| value.index_key())).collect::<Result<_, _>>()?;
                let within = Having::In(computed, keys);
                Ok(if negated { Having::Not(Box::new(within)) } else { within })
            }
        }
    }

    fn value(&self, left: &Expression, computed: &Computed, literal: &Literal) -> Result<Value, QueryError> {
        match typed(computed.kind(self.groups), literal) {
            Typed::Value(value) => Ok(value),
            Typed::NoId(_) | Typed::Wrong => Err(self.wrong_value(left)),
        }
    }

    fn wrong_value(&self, left: &Expression) -> QueryError {
        let message = format!("the value does not fit '{left}' in the HAVING clause");
        QueryError::at(self.compiler.names.source, left.at(), "INVALID_FIELD", &message)
    }
}

/// Whether an aggregate function takes values of a field.
fn aggregates(function: &str, operand: &Operand) -> bool {
    let countable = operand.path.field().is_none_or(Field::aggregatable);
    let number = operand.path.kind().is_number();
    let flag = matches!(operand.path.kind(), FieldType::Boolean | FieldType::Multipicklist);
    match function {
        "SUM" | "AVG" => countable && number,
        _ => countable && !flag,
    }
}

/// Whether a query only counts records.
fn is_plain_count(query: &Query) -> bool {
    matches!(
        query.select.as_slice(),
        [Selection::Expression(Expression::Call { name, arguments, .. }, None)]
            if arguments.is_empty() && name.eq_ignore_ascii_case("COUNT")
    )
}
