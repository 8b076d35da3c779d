//! Grouped rows: their keys, counts and sums.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::org::records::Record;
use crate::org::schema::{FieldType, ObjectType};
use crate::org::value::{Key, Value};
use crate::soql::ast::Operator;
use crate::soql::eval::{DayRange, Filter, Reader, compares};
use crate::soql::format::Shape;
use crate::soql::operand::Operand;
use crate::soql::pattern::{Pattern, like};
use crate::soql::plan;
use crate::soql::resolve::Resolved;

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
    pub(super) order: Vec<GroupOrder>,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
}

/// One key of the order of rows.
#[derive(Clone, Debug)]
pub(super) struct GroupOrder {
    pub(super) by: Computed,
    pub(super) descending: bool,
    pub(super) nulls_last: bool,
    /// The options of a picklist, whose order in the setup is the sort order.
    pub(super) options: Vec<String>,
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
    /// FORMAT() of another value.
    Formatted(Box<Computed>, Shape),
    /// toLabel() of a grouped field.
    Labelled(Box<Computed>, Resolved),
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
    /// A comparison with some days.
    InDays(Computed, Operator, DayRange),
    /// A text pattern.
    Like(Computed, Vec<Pattern>),
    /// Membership in a list, by index key.
    In(Computed, HashSet<Option<Key>>),
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
            let orders =
                self.order.iter().map(|key| key.compare(&compute(&key.by, left), &compute(&key.by, right)));
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        groups.drain(..self.offset.min(groups.len()));
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

impl GroupOrder {
    fn compare(&self, left: &Value, right: &Value) -> std::cmp::Ordering {
        let nulls = match (left.is_null(), right.is_null()) {
            (true, true) => return std::cmp::Ordering::Equal,
            (false, false) => {
                let order = in_order(&self.options, left).compare(&in_order(&self.options, right));
                return if self.descending { order.reverse() } else { order };
            }
            (true, false) => std::cmp::Ordering::Less,
            (false, true) => std::cmp::Ordering::Greater,
        };
        if self.nulls_last { nulls.reverse() } else { nulls }
    }
}

/// A picklist's value as its place among the options; other values as they are.
fn in_order(options: &[String], value: &Value) -> Value {
    let place = options.iter().position(|option| value.as_text() == Some(option));
    place.map_or_else(|| value.clone(), |place| Value::Integer(place as i64))
}

impl Having {
    /// Whether a row satisfies the conditions.
    fn holds(&self, compute: &dyn Fn(&Computed) -> Value) -> bool {
        match self {
            Having::And(parts) => parts.iter().all(|part| part.holds(compute)),
            Having::Or(parts) => parts.iter().any(|part| part.holds(compute)),
            Having::Not(inner) => !inner.holds(compute),
            Having::Compare(computed, operator, wanted) => compares(&compute(computed), *operator, wanted),
            Having::InDays(computed, operator, days) => days.holds(&compute(computed), *operator),
            Having::Like(computed, pattern) => {
                compute(computed).as_text().is_some_and(|text| like(text, pattern))
            }
            Having::In(computed, keys) => keys.contains(&compute(computed).index_key()),
        }
    }
}

impl Computed {
    /// The type of its values.
    pub(super) fn kind(&self, groups: &[Operand]) -> FieldType {
        match self {
            Computed::Group(place) => groups.get(*place).map_or(FieldType::String, Operand::result),
            Computed::Grouping(_) | Computed::Count(_) | Computed::CountDistinct(_) => FieldType::Int,
            Computed::Sum(_) | Computed::Average(_) => FieldType::Double,
            Computed::Least(operand) | Computed::Greatest(operand) => operand.result(),
            Computed::Formatted(..) | Computed::Labelled(..) => FieldType::String,
        }
    }

    /// How a locale writes its values; `None` for values that are written in one way only.
    pub(super) fn shape(&self, groups: &[Operand]) -> Option<Shape> {
        match self {
            Computed::Group(place) => {
                let operand = groups.get(*place).filter(|operand| operand.function.is_none())?;
                operand.path.field().and_then(Shape::of)
            }
            Computed::Count(_) | Computed::CountDistinct(_) => Some(Shape::COUNT),
            Computed::Sum(operand)
            | Computed::Average(operand)
            | Computed::Least(operand)
            | Computed::Greatest(operand) => operand.path.field().and_then(Shape::of),
            Computed::Grouping(_) | Computed::Formatted(..) | Computed::Labelled(..) => None,
        }
    }

    /// The options of the picklist that its values come from, in their order.
    pub(super) fn options(&self, groups: &[Operand]) -> Vec<String> {
        let operand = match self {
            Computed::Group(place) => groups.get(*place),
            Computed::Least(operand) | Computed::Greatest(operand) => Some(operand),
            _ => None,
        };
        let field = operand.filter(|operand| operand.function.is_none()).and_then(|one| one.path.field());
        let options = field.into_iter().flat_map(|field| &field.values);
        options.map(|option| option.value.clone()).collect()
    }

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
                let keys: HashSet<_> = values(operand).iter().map(Value::index_key).collect();
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
            Computed::Least(operand) | Computed::Greatest(operand) => {
                // A picklist's values compare by their places in the setup.
                let options = self.options(&[]);
                let order = |left: &Value, right: &Value| {
                    in_order(&options, left).compare(&in_order(&options, right))
                };
                let found = values(operand).into_iter();
                let least = matches!(self, Computed::Least(_));
                if least { found.min_by(order) } else { found.max_by(order) }.unwrap_or_default()
            }
            Computed::Formatted(inner, shape) => {
                let value = inner.value(reader, object, group, records);
                shape.text(reader.org, reader.user, reader.zone, &value)
            }
            Computed::Labelled(inner, path) => {
                let value = inner.value(reader, object, group, records);
                path.field().map_or(value.clone(), |field| field.label_of(&value))
            }
        }
    }
}
