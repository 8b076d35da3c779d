//! Grouped rows: their keys, counts and sums.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::value::{Key, Value};
use crate::soql::ast::Operator;
use crate::soql::eval::{Filter, Operand, Reader, compares};
use crate::soql::plan;

/// How a query groups and counts.
#[derive(Clone, Debug)]
pub(crate) struct Aggregation {
    /// Whether it is a bare COUNT(), which answers with the number of records alone.
    pub(crate) plain_count: bool,
    pub(super) groups: Vec<Operand>,
    /// Which of the keys count together: all of them, and fewer for each kind of subtotal.
    pub(super) sets: Vec<Vec<bool>>,
    pub(super) columns: Vec<(String, Computed)>,
    pub(super) having: Option<Having>,
    pub(super) order: Vec<(Computed, bool)>,
    pub(super) limit: Option<usize>,
}

/// One row: the set of its keys, their values and its records.
struct Group {
    set: usize,
    values: Vec<Value>,
    records: Vec<Arc<Record>>,
}

/// A value of a grouped row.
#[derive(Clone, Debug)]
pub(super) enum Computed {
    /// The key at this place.
    Group(usize),
    /// GROUPING(): whether the row is a subtotal over this key.
    Grouping(usize),
    /// COUNT().
    Count(Option<Operand>),
    /// COUNT_DISTINCT().
    CountDistinct(Operand),
    /// SUM().
    Sum(Operand),
    /// AVG().
    Average(Operand),
    /// MIN().
    Least(Operand),
    /// MAX().
    Greatest(Operand),
}

/// The conditions of a HAVING clause.
#[derive(Clone, Debug)]
pub(super) enum Having {
    /// All of them.
    And(Vec<Having>),
    /// Any of them.
    Or(Vec<Having>),
    /// The opposite.
    Not(Box<Having>),
    /// A comparison with a constant.
    Compare(Computed, Operator, Value),
}

impl Aggregation {
    /// The rows of the answer.
    pub(crate) fn rows(
        &self,
        reader: &Reader<'_>,
        object: &Arc<ObjectType>,
        filter: Option<&Filter>,
    ) -> Vec<Json> {
        let records = plan::matching(reader, object, filter, usize::MAX);
        let mut places: HashMap<(usize, Vec<Option<Key>>), usize> = HashMap::new();
        let mut groups: Vec<Group> = Vec::new();
        for record in &records {
            let values: Vec<Value> =
                self.groups.iter().map(|by| reader.operand(by, object, record)).collect();
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
            computed => computed.value(reader, object, &group.values, &group.records),
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
    /// Whether a row satisfies the conditions.
    fn holds(&self, compute: &dyn Fn(&Computed) -> Value) -> bool {
        match self {
            Having::And(parts) => parts.iter().all(|part| part.holds(compute)),
            Having::Or(parts) => parts.iter().any(|part| part.holds(compute)),
            Having::Not(inner) => !inner.holds(compute),
            Having::Compare(computed, operator, wanted) => compares(&compute(computed), *operator, wanted),
        }
    }
}

impl Computed {
    /// The value for a row with these keys and records.
    fn value(
        &self,
        reader: &Reader<'_>,
        object: &Arc<ObjectType>,
        group: &[Value],
        records: &[Arc<Record>],
    ) -> Value {
        let values = |operand: &Operand| -> Vec<Value> {
            let all = records.iter().map(|record| reader.operand(operand, object, record));
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
