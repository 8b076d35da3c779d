//! Queries that group and count.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::ast::{Condition, Expression, Literal, Operator, Query, Selection};
use super::compile::Compiler;
use super::error::QueryError;
use super::eval::{Operand, Reader};
use super::plan;
use super::prepare::{Prepared, is_plain_count};
use crate::org::records::Record;
use crate::org::value::{Key, Value};

/// How a query groups and counts.
#[derive(Clone, Debug)]
pub(crate) struct Aggregation {
    /// Whether it is a bare COUNT(), which answers with the number of records alone.
    pub(crate) plain_count: bool,
    groups: Vec<Operand>,
    /// Which of the keys count together: all of them, and fewer for each kind of subtotal.
    sets: Vec<Vec<bool>>,
    columns: Vec<(String, Computed)>,
    having: Option<Having>,
    order: Vec<(Computed, bool)>,
    limit: Option<usize>,
}

/// Keys that CUBE takes at most; each doubles the rows.
const MAX_CUBED: usize = 4;

/// One row to be: which keys count in it, their values and the records behind them.
struct Group {
    set: usize,
    values: Vec<Value>,
    records: Vec<Arc<Record>>,
}

#[derive(Clone, Debug)]
enum Computed {
    Group(usize),
    /// GROUPING(): whether the key does not count in this row, which is a subtotal then.
    Grouping(usize),
    Count(Option<Operand>),
    CountDistinct(Operand),
    Sum(Operand),
    Average(Operand),
    Least(Operand),
    Greatest(Operand),
}

#[derive(Clone, Debug)]
enum Having {
    And(Vec<Having>),
    Or(Vec<Having>),
    Not(Box<Having>),
    Compare(Computed, Operator, Value),
}

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

impl Aggregation {
    /// The rows of the answer.
    pub(crate) fn rows(&self, reader: &Reader<'_>, prepared: &Prepared) -> Vec<Json> {
        let records = plan::matching(reader, &prepared.object, prepared.filter.as_ref(), usize::MAX);
        let mut places: HashMap<(usize, Vec<Option<Key>>), usize> = HashMap::new();
        let mut groups: Vec<Group> = Vec::new();
        for record in &records {
            let values: Vec<Value> =
                self.groups.iter().map(|by| reader.operand(by, &prepared.object, record)).collect();
            for (number, set) in self.sets.iter().enumerate() {
                let kept = |(value, keeps): (&Value, &bool)| if *keeps { value.clone() } else { Value::Null };
                let values: Vec<Value> = values.iter().zip(set).map(kept).collect();
                let key = (number, values.iter().map(Value::index_key).collect());
                let place = *places.entry(key).or_insert_with(|| {
                    groups.push(Group { set: number, values, records: Vec::new() });
                    groups.len() - 1
                });
                groups[place].records.push(Arc::clone(record));
            }
        }
        if groups.is_empty() && self.groups.is_empty() {
            groups.push(Group { set: 0, values: Vec::new(), records: Vec::new() });
        }
        let compute = |computed: &Computed, group: &Group| match computed {
            Computed::Grouping(place) => {
                Value::Integer(i64::from(self.sets[group.set].get(*place) == Some(&false)))
            }
            computed => computed.value(reader, prepared, &group.values, &group.records),
        };
        groups.retain(|group| {
            self.having.as_ref().is_none_or(|having| having.holds(&|one| compute(one, group)))
        });
        groups.sort_by(|left, right| {
            let orders = self.order.iter().map(|(by, descending)| {
                let order = compute(by, left).compare(&compute(by, right));
                if *descending { order.reverse() } else { order }
            });
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        groups.truncate(self.limit.unwrap_or(usize::MAX));
        groups
            .iter()
            .map(|group| {
                let mut row = Map::new();
                row.insert("attributes".to_owned(), json!({"type": "AggregateResult"}));
                for (name, computed) in &self.columns {
                    row.insert(name.clone(), compute(computed, group).to_json());
                }
                Json::Object(row)
            })
            .collect()
    }
}

impl Having {
    fn holds(&self, compute: &dyn Fn(&Computed) -> Value) -> bool {
        match self {
            Having::And(parts) => parts.iter().all(|part| part.holds(compute)),
            Having::Or(parts) => parts.iter().any(|part| part.holds(compute)),
            Having::Not(inner) => !inner.holds(compute),
            Having::Compare(computed, operator, wanted) => {
                super::eval::compares(&compute(computed), *operator, wanted)
            }
        }
    }
}

impl Computed {
    fn value(
        &self,
        reader: &Reader<'_>,
        prepared: &Prepared,
        group: &[Value],
        records: &[Arc<Record>],
    ) -> Value {
        let values = |operand: &Operand| -> Vec<Value> {
            let all = records.iter().map(|record| reader.operand(operand, &prepared.object, record));
            all.filter(|value| !value.is_null()).collect()
        };
        let numbers =
            |operand: &Operand| -> Vec<f64> { values(operand).iter().filter_map(Value::as_number).collect() };
        match self {
            Computed::Grouping(_) => Value::Null,
            Computed::Group(place) => group.get(*place).cloned().unwrap_or_default(),
            Computed::Count(None) => Value::Integer(records.len() as i64),
            Computed::Count(Some(operand)) => Value::Integer(values(operand).len() as i64),
            Computed::CountDistinct(operand) => {
                let keys: std::collections::HashSet<_> =
                    values(operand).iter().map(Value::index_key).collect();
                Value::Integer(keys.len() as i64)
            }
            Computed::Sum(operand) => {
                let numbers = numbers(operand);
                if numbers.is_empty() { Value::Null } else { Value::Decimal(numbers.iter().sum()) }
            }
            Computed::Average(operand) => {
                let numbers = numbers(operand);
                let count = numbers.len() as f64;
                if numbers.is_empty() {
                    Value::Null
                } else {
                    Value::Decimal(numbers.iter().sum::<f64>() / count)
                }
            }
            Computed::Least(operand) => {
                values(operand).into_iter().min_by(Value::compare).unwrap_or_default()
            }
            Computed::Greatest(operand) => {
                values(operand).into_iter().max_by(Value::compare).unwrap_or_default()
            }
        }
    }
}
