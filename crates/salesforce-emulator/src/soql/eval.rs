//! Which records satisfy a condition.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::org::fiscal::Fiscal;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::{FieldType, ObjectType};
use crate::org::store::Org;
use crate::org::value::{Key, Value};
use crate::soql::ast::Operator;
use crate::soql::dates::Days;
use crate::soql::distance::Distance;
use crate::soql::format::Shape;
use crate::soql::lexer::LIKE_ESCAPE;
use crate::soql::resolve::{End, Resolved};

/// What a condition looks at: a field, perhaps through a function.
#[derive(Clone, Debug)]
pub(crate) struct Operand {
    /// The field.
    pub(crate) path: Resolved,
    /// The function applied to it.
    pub(crate) function: Option<Function>,
}

impl Operand {
    /// The type of its values.
    pub(crate) fn result(&self) -> FieldType {
        match &self.function {
            None => self.path.kind(),
            Some(Function::Date(DateFunction::DayOnly, _)) => FieldType::Date,
            Some(Function::Date(..)) => FieldType::Int,
            Some(Function::Label | Function::Format(_)) => FieldType::String,
            Some(Function::Distance(_)) => FieldType::Double,
        }
    }
}

/// A function of one field.
#[derive(Clone, Debug)]
pub(crate) enum Function {
    /// A part of a date, counted in UTC or in the user's time zone.
    Date(DateFunction, Zone),
    /// What people see of a picklist's value.
    Label,
    /// The value as the user's locale writes it.
    Format(Shape),
    /// How far a place is from another one.
    Distance(Box<Distance>),
}

/// The time zone in which a moment falls on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// UTC, as Salesforce counts unless told otherwise.
    Utc,
    /// The user's own: `convertTimezone()`.
    User,
}

/// A function that takes a part of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateFunction {
    /// The year.
    Year,
    /// The fiscal year.
    FiscalYear,
    /// The fiscal quarter, from 1.
    FiscalQuarter,
    /// The fiscal month, from 1.
    FiscalMonth,
    /// The quarter, from 1.
    Quarter,
    /// The month, from 1.
    Month,
    /// The day of the month.
    DayInMonth,
    /// The day of the week, Sunday being 1.
    DayInWeek,
    /// The day of the year.
    DayInYear,
    /// The week of the month; the first is that of the first seven days.
    WeekInMonth,
    /// The week of the year; the first is that of the first seven days.
    WeekInYear,
    /// The hour.
    Hour,
    /// The day of a moment.
    DayOnly,
}

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

/// One piece of a LIKE pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// Any run of characters.
    Any,
    /// Any one character.
    One,
    /// This character, in lower case.
    Letter(char),
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
            Filter::Like(operand, pattern) => {
                let value = self.operand(operand, object, record);
                value.as_text().is_some_and(|text| like(text, pattern))
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

impl DateFunction {
    /// Reads the name of a function.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().as_str() {
            "CALENDAR_YEAR" => DateFunction::Year,
            "CALENDAR_QUARTER" => DateFunction::Quarter,
            "CALENDAR_MONTH" => DateFunction::Month,
            "FISCAL_YEAR" => DateFunction::FiscalYear,
            "FISCAL_QUARTER" => DateFunction::FiscalQuarter,
            "FISCAL_MONTH" => DateFunction::FiscalMonth,
            "DAY_IN_MONTH" => DateFunction::DayInMonth,
            "DAY_IN_WEEK" => DateFunction::DayInWeek,
            "DAY_IN_YEAR" => DateFunction::DayInYear,
            "WEEK_IN_MONTH" => DateFunction::WeekInMonth,
            "WEEK_IN_YEAR" => DateFunction::WeekInYear,
            "HOUR_IN_DAY" => DateFunction::Hour,
            "DAY_ONLY" => DateFunction::DayOnly,
            _ => return None,
        })
    }

    /// Whether it needs a time, not just a day.
    pub(crate) fn needs_time(self) -> bool {
        matches!(self, DateFunction::Hour | DateFunction::DayOnly)
    }

    /// Applies the function; moments count in the time zone.
    pub(crate) fn apply(self, value: &Value, zone: &TimeZone, org: &Org) -> Value {
        let moment = value.as_datetime().map(|moment| moment.to_zoned_datetime(zone.clone()).datetime());
        let Some(when) = moment.or_else(|| value.as_date().map(|day| day.at(0, 0, 0, 0))) else {
            return Value::Null;
        };
        Value::Integer(match self {
            DateFunction::Year => i64::from(when.year()),
            DateFunction::Quarter => i64::from((when.month() + 2) / 3),
            DateFunction::FiscalYear => i64::from(Fiscal::of(org).year(when.date())),
            DateFunction::FiscalQuarter => i64::from(Fiscal::of(org).quarter(when.date())),
            DateFunction::FiscalMonth => i64::from(Fiscal::of(org).month(when.date())),
            DateFunction::Month => i64::from(when.month()),
            DateFunction::DayInMonth => i64::from(when.day()),
            DateFunction::DayInWeek => i64::from(when.date().weekday().to_sunday_one_offset()),
            DateFunction::DayInYear => i64::from(when.date().day_of_year()),
            DateFunction::WeekInMonth => i64::from((when.day() - 1) / 7 + 1),
            DateFunction::WeekInYear => i64::from((when.date().day_of_year() - 1) / 7 + 1),
            DateFunction::Hour => i64::from(when.hour()),
            DateFunction::DayOnly => return Value::Date(when.date()),
        })
    }
}

impl DayRange {
    fn holds(&self, value: &Value, operator: Operator) -> bool {
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

/// Reads a LIKE pattern.
pub(crate) fn pattern(text: &str) -> Vec<Pattern> {
    let mut pattern = Vec::new();
    let mut escaped = false;
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            LIKE_ESCAPE if !escaped => {
                escaped = true;
                continue;
            }
            '%' if !escaped => pattern.push(Pattern::Any),
            '_' if !escaped => pattern.push(Pattern::One),
            other => pattern.push(Pattern::Letter(other)),
        }
        escaped = false;
    }
    pattern
}

/// Whether a text matches a pattern, without regard to case; takes at most length × pattern steps.
pub(crate) fn like(text: &str, pattern: &[Pattern]) -> bool {
    let letters: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let (mut at, mut place) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < letters.len() {
        match pattern.get(place) {
            Some(Pattern::Any) => {
                retry = Some((at, place));
                place += 1;
            }
            Some(Pattern::One) => (at, place) = (at + 1, place + 1),
            Some(Pattern::Letter(letter)) if *letter == letters[at] => (at, place) = (at + 1, place + 1),
            _ => match retry {
                Some((from, star)) => {
                    retry = Some((from + 1, star));
                    (at, place) = (from + 1, star + 1);
                }
                None => return false,
            },
        }
    }
    pattern[place.min(pattern.len())..].iter().all(|piece| *piece == Pattern::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_matches_percent_underscore_and_escapes() {
        for (text, shape, expected) in [
            ("Tsugite", "tsu%", true),
            ("Tsugite", "%GI%", true),
            ("Tsugite", "t_ugite", true),
            ("Tsugite", "t_gite", false),
            ("株式会社継手", "%継手", true),
            ("100%", "100\u{e000}%", true),
            ("1000", "100\u{e000}%", false),
            ("", "%", true),
            ("a", "", false),
        ] {
            assert_eq!(like(text, &pattern(shape)), expected, "{text} LIKE {shape}");
        }
    }
}
