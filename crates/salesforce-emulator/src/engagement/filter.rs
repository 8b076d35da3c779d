//! Which records a query asks for.

use crate::engagement::error::{Problem, Refusal};
use crate::engagement::row::Row;
use crate::engagement::schema::{EngagementField, EngagementObject, FieldKind};
use crate::org::value::{Value, parse_datetime};

/// Fields that one query may filter by.
const MAX_FIELDS: usize = 3;
/// Values in one list.
const MAX_VALUES: usize = 1000;
/// Parameters of a query that are not filters.
const OTHERS: [&str; 6] = ["fields", "limit", "orderBy", "offset", "nextPageToken", "deleted"];

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// The endings of parameters that compare numbers, and those that compare moments.
const NUMBERS: [(&str, Comparison); 4] = [
    ("GreaterThanOrEqualTo", Comparison::GreaterOrEqual),
    ("GreaterThan", Comparison::Greater),
    ("LessThanOrEqualTo", Comparison::LessOrEqual),
    ("LessThan", Comparison::Less),
];
const MOMENTS: [(&str, Comparison); 4] = [
    ("AfterOrEqualTo", Comparison::GreaterOrEqual),
    ("After", Comparison::Greater),
    ("BeforeOrEqualTo", Comparison::LessOrEqual),
    ("Before", Comparison::Less),
];

/// One condition.
#[derive(Clone, Debug)]
struct Condition {
    field: usize,
    comparison: Comparison,
    values: Vec<Value>,
}

/// Everything a query asks of a record.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    conditions: Vec<Condition>,
    /// Whether records in the recycle bin are wanted; nothing means that both are.
    deleted: Option<bool>,
}

impl Filter {
    /// Reads the parameters of a query.
    pub(super) fn read(object: &EngagementObject, parameters: &[(String, String)]) -> Result<Self, Problem> {
        let mut conditions: Vec<Condition> = Vec::new();
        let mut deleted = Some(false);
        for (name, text) in parameters {
            match name.as_str() {
                "deleted" => {
                    deleted = match text.as_str() {
                        "false" => Some(false),
                        "true" => Some(true),
                        "all" => None,
                        _ => return Err(Refusal::InvalidParameter.about("deleted")),
                    }
                }
                name if OTHERS.contains(&name) => {}
                name => conditions.push(condition(object, name, text)?),
            }
        }
        let mut fields: Vec<usize> = conditions.iter().map(|condition| condition.field).collect();
        fields.sort_unstable();
        fields.dedup();
        if fields.len() > MAX_FIELDS {
            return Err(Refusal::TooManyFilters.into());
        }
        Ok(Filter { conditions, deleted })
    }

    /// No condition but that the record is not deleted.
    pub(super) fn live() -> Self {
        Filter { conditions: Vec::new(), deleted: Some(false) }
    }

    /// A condition on a moment: not before the first, and before the second, where there are such.
    pub(super) fn between(field: usize, from: Option<Value>, until: Option<Value>) -> Self {
        let condition = |comparison, value| Condition { field, comparison, values: vec![value] };
        let from = from.map(|from| condition(Comparison::GreaterOrEqual, from));
        let until = until.map(|until| condition(Comparison::Less, until));
        Filter { conditions: from.into_iter().chain(until).collect(), ..Filter::live() }
    }

    /// Whether a record is asked for.
    pub(super) fn takes(&self, object: &EngagementObject, row: &Row) -> bool {
        let deleted = self
            .deleted
            .is_none_or(|wanted| crate::engagement::business_unit::is_deleted(object, row) == wanted);
        deleted && self.conditions.iter().all(|condition| condition.holds(object, row))
    }

    /// The indexed field and the one value that every record found has in it, if there is such a condition.
    pub(super) fn key(&self, object: &EngagementObject) -> Option<(usize, &Value)> {
        self.conditions.iter().find_map(|condition| match condition.values.as_slice() {
            [value]
                if condition.comparison == Comparison::Equal && object.fields[condition.field].indexed =>
            {
                Some((condition.field, value))
            }
            _ => None,
        })
    }
}

impl Condition {
    fn holds(&self, object: &EngagementObject, row: &Row) -> bool {
        let found = row.shown(self.field, &object.fields[self.field]);
        self.values.iter().any(|wanted| {
            let order = found.compare(wanted);
            match self.comparison {
                Comparison::Equal => order.is_eq(),
                _ if found.is_null() => false,
                Comparison::Greater => order.is_gt(),
                Comparison::GreaterOrEqual => order.is_ge(),
                Comparison::Less => order.is_lt(),
                Comparison::LessOrEqual => order.is_le(),
            }
        })
    }
}

fn condition(object: &EngagementObject, name: &str, text: &str) -> Result<Condition, Problem> {
    let refuse = || Refusal::InvalidParameter.about(name);
    let (field, comparison) = target(object, name).ok_or_else(refuse)?;
    let texts: Vec<&str> = match comparison {
        Comparison::Equal if object.fields[field].kind != FieldKind::Text => text.split(',').collect(),
        _ => vec![text],
    };
    if texts.len() > MAX_VALUES {
        return Err(refuse());
    }
    let values = texts.iter().map(|text| value(&object.fields[field].kind, text.trim()));
    let values = values.collect::<Option<Vec<_>>>().ok_or_else(refuse)?;
    Ok(Condition { field, comparison, values })
}

/// The field a parameter is about, and how it compares.
fn target(object: &EngagementObject, name: &str) -> Option<(usize, Comparison)> {
    let filterable = |name: &str| {
        let index = object.index_of(name)?;
        object.fields[index].filterable.then_some((index, &object.fields[index]))
    };
    if let Some((index, _)) = filterable(name) {
        return Some((index, Comparison::Equal));
    }
    let fits = |field: &EngagementField, moments: bool| {
        if moments { field.kind == FieldKind::DateTime } else { field.kind == FieldKind::Id }
    };
    [(NUMBERS, false), (MOMENTS, true)].into_iter().find_map(|(endings, moments)| {
        endings.into_iter().find_map(|(ending, comparison)| {
            let (index, field) = filterable(name.strip_suffix(ending)?)?;
            fits(field, moments).then_some((index, comparison))
        })
    })
}

fn value(kind: &FieldKind, text: &str) -> Option<Value> {
    match kind {
        FieldKind::Text | FieldKind::Email => Some(Value::text(text)),
        FieldKind::Boolean => text.parse().ok().map(Value::Boolean),
        // An unescaped plus sign arrives as a space.
        FieldKind::DateTime => parse_datetime(&text.replace(' ', "+")).map(Value::DateTime),
        FieldKind::Id | FieldKind::Integer | FieldKind::Reference(_) => {
            text.parse().ok().filter(|number: &i64| *number >= 0).map(Value::Integer)
        }
    }
}
