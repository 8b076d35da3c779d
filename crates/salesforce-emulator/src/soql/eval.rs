//! Which records satisfy a condition.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::{FieldType, ObjectType};
use crate::org::store::Org;
use crate::org::value::{Key, Value};
use crate::soql::ast::Operator;
use crate::soql::dates::Days;
use crate::soql::operand::{Function, Operand, Zone};
use crate::soql::pattern::{Pattern, like, like_exactly};
use crate::soql::resolve::End;

/// A condition whose names and values are known to the org.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    /// All of these.
    And(Vec<Filter>),
    /// At least one of these.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A comparison with a value.
    Compare(Operand, Operator, Value),
    /// A comparison with some days.
    InDays(Operand, Operator, DayRange),
    /// A text in exactly this case, on top of a comparison that does not ask for it.
    Exactly(Operand, Vec<Value>),
    /// A text pattern.
    Like(Operand, Vec<Pattern>),
    /// Membership in a list, by index key; `None` stands for null.
    In(Operand, Arc<HashSet<Option<Key>>>),
    /// A multi-select field that has all values of at least one group.
    Includes(Operand, Vec<Vec<String>>),
}

/// Days as both kinds of field see them.
#[derive(Clone, Debug)]
pub(crate) struct DayRange {
    pub(super) days: Days,
    pub(super) from: Value,
    pub(super) until: Value,
}

/// The org as one query sees it.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// The org.
    pub(crate) org: &'a Org,
    /// Who asks.
    pub(crate) user: RecordId,
    /// The user's time zone.
    pub(crate) zone: &'a TimeZone,
    /// The API version, such as 66.
    pub(crate) version: u32,
    /// Whether deleted records are read too.
    pub(crate) all_rows: bool,
    /// The path in front of record addresses.
    pub(crate) base_path: &'a str,
}

impl Reader<'_> {
    /// Whether a record may be read at all.
    pub(crate) fn reads(&self, object: &ObjectType, record: &Record) -> bool {
        (self.all_rows || !record.is_deleted(object) && !record.is_archived(object))
            && !self.org.hidden_records.contains(&record.id)
    }

    /// Whether a record may be read and satisfies the filter, if there is one.
    pub(crate) fn matches(
        &self,
        filter: Option<&Filter>,
        object: &Arc<ObjectType>,
        record: &Arc<Record>,
    ) -> bool {
        self.reads(object, record) && filter.is_none_or(|filter| self.holds(filter, object, record))
    }

    /// Whether a record satisfies the filter.
    pub(crate) fn holds(&self, filter: &Filter, object: &Arc<ObjectType>, record: &Arc<Record>) -> bool {
        match filter {
            Filter::And(parts) => parts.iter().all(|part| self.holds(part, object, record)),
            Filter::Or(parts) => parts.iter().any(|part| self.holds(part, object, record)),
            Filter::Not(inner) => !self.holds(inner, object, record),
            Filter::Compare(operand, operator, wanted) => match own_value(operand, record) {
                Some(value) => compares(value, *operator, wanted),
                None => compares(&self.operand(operand, object, record), *operator, wanted),
            },
            Filter::InDays(operand, operator, range) => {
                range.holds(&self.operand(operand, object, record), *operator)
            }
            Filter::Exactly(operand, wanted) => wanted.contains(&self.operand(operand, object, record)),
            Filter::Like(operand, pattern) => {
                let value = self.operand(operand, object, record);
                value.as_text().is_some_and(|text| match operand.is_case_sensitive() {
                    true => like_exactly(text, pattern),
                    false => like(text, pattern),
                })
            }
            Filter::In(operand, set) => set.contains(&self.operand(operand, object, record).index_key()),
            Filter::Includes(operand, groups) => {
                let value = self.operand(operand, object, record);
                let chosen: Vec<String> =
                    value.as_text().unwrap_or_default().split(';').map(str::to_lowercase).collect();
                groups.iter().any(|group| group.iter().all(|option| chosen.contains(option)))
            }
        }
    }

    /// What an operand is for one record.
    pub(crate) fn operand(&self, operand: &Operand, object: &Arc<ObjectType>, record: &Arc<Record>) -> Value {
        match &operand.function {
            None => operand.path.value(self.org, object, record),
            Some(Function::Distance(distance)) => distance.value(self.org, &operand.path, object, record),
            Some(function) => self.apply(function, operand, operand.path.value(self.org, object, record)),
        }
    }

    fn apply(&self, function: &Function, operand: &Operand, value: Value) -> Value {
        match function {
            Function::Date(part, Zone::Utc) => part.apply(&value, &TimeZone::UTC, self.org),
            Function::Date(part, Zone::User) => part.apply(&value, self.zone, self.org),
            Function::Label => operand.path.field().map_or(value.clone(), |field| field.label_of(&value)),
            Function::Format(shape) => shape.text(self.org, self.user, self.zone, &value),
            Function::Distance(_) => value,
        }
    }
}

/// The value that a plain field of the record itself has; borrowed, as most conditions only look at one.
fn own_value<'a>(operand: &Operand, record: &'a Record) -> Option<&'a Value> {
    let End::Field(object, index) = &operand.path.end else { return None };
    let plain = operand.path.is_own() && operand.function.is_none();
    let checkbox = || object.fields().get(*index).is_some_and(|field| field.kind == FieldType::Boolean);
    (plain && !checkbox()).then(|| record.get(*index))
}

impl DayRange {
    /// Whether a day or a moment compares with these days as asked.
    pub(super) fn holds(&self, value: &Value, operator: Operator) -> bool {
        if value.is_null() {
            return operator == Operator::NotEqual;
        }
        let dated = value
            .as_date()
            .map(|day| (Value::Date(day), Value::Date(self.days.from), Value::Date(self.days.until)));
        let (value, from, until) = dated.unwrap_or((value.clone(), self.from.clone(), self.until.clone()));
        let inside = value.compare(&from).is_ge() && value.compare(&until).is_lt();
        match operator {
            Operator::Equal | Operator::Like => inside,
            Operator::NotEqual => !inside,
            Operator::Less => value.compare(&from).is_lt(),
            Operator::LessOrEqual => value.compare(&until).is_lt(),
            Operator::Greater => value.compare(&until).is_ge(),
            Operator::GreaterOrEqual => value.compare(&from).is_ge(),
        }
    }
}

pub(super) fn compares(value: &Value, operator: Operator, wanted: &Value) -> bool {
    let order = value.compare(wanted);
    let both = !value.is_null() && !wanted.is_null();
    match operator {
        Operator::Equal | Operator::Like => order == Ordering::Equal,
        // Unlike in SQL, a record without a value is different from every value.
        Operator::NotEqual => order != Ordering::Equal,
        Operator::Less => both && order.is_lt(),
        Operator::LessOrEqual => both && order.is_le(),
        Operator::Greater => both && order.is_gt(),
        Operator::GreaterOrEqual => both && order.is_ge(),
    }
}
