//! A term on a person field: which operators fit, and what its values mean.

use crate::condition::{Arity, ComparedDay, Condition, Operator};
use crate::people::{PersonField, PersonFieldKind};
use crate::segment::{Bound, DayRange, ResolvedTerm, SegmentContext, Test, ValueTest, value_key};
use crate::value::{Decimal, FieldProblem, NumberUnit};
use jiff::ToSpan as _;
use jiff::civil::Date;

/// Values of one term at most.
pub const MAX_TERM_VALUES: usize = 200;
/// Characters of one value at most.
const MAX_VALUE: usize = 1_000;

/// The operators that fit a kind of field.
pub const fn segment_operators(kind: PersonFieldKind) -> &'static [Operator] {
    use Operator as O;
    match kind {
        PersonFieldKind::Text
        | PersonFieldKind::Textarea
        | PersonFieldKind::Email
        | PersonFieldKind::Phone => &[
            O::Equals,
            O::NotEquals,
            O::Contains,
            O::StartsWith,
            O::IsOneOf,
            O::IsNoneOf,
            O::IsBlank,
            O::IsNotBlank,
        ],
        PersonFieldKind::Radio | PersonFieldKind::Dropdown => {
            &[O::Equals, O::NotEquals, O::IsOneOf, O::IsNoneOf, O::IsBlank, O::IsNotBlank]
        }
        PersonFieldKind::Checkboxes => &[O::Includes, O::Excludes, O::IsBlank, O::IsNotBlank],
        PersonFieldKind::Number => &[
            O::Equals,
            O::NotEquals,
            O::LessThan,
            O::LessOrEqual,
            O::GreaterThan,
            O::GreaterOrEqual,
            O::Between,
            O::IsBlank,
            O::IsNotBlank,
        ],
        PersonFieldKind::Date => {
            &[O::On, O::Before, O::After, O::OnOrBefore, O::OnOrAfter, O::Between, O::IsBlank, O::IsNotBlank]
        }
    }
}

/// What a term on a field asks; the fault at its place if it can't be asked.
pub(super) fn resolve_field(
    condition: &Condition,
    context: &SegmentContext,
    at: &str,
) -> Result<ResolvedTerm, FieldProblem> {
    let Some(field) = context.fields.find(&condition.field) else {
        let fault = FieldProblem::new(format!("{at}.field"), "no-such-person-field");
        return Err(fault.with("value", &condition.field));
    };
    let operator = condition.operator;
    if !segment_operators(field.kind).contains(&operator) {
        let names: Vec<&str> = segment_operators(field.kind).iter().map(|one| one.name()).collect();
        let fault = FieldProblem::new(format!("{at}.operator"), "segment-operator-unfit");
        return Err(fault.with("operator", operator.name()).with("names", names.join(", ")));
    }
    let reader = ValueReader { field, context, at: format!("{at}.value") };
    let values = reader.count(&condition.values, operator)?;
    let is_not = matches!(
        operator,
        Operator::NotEquals | Operator::IsNoneOf | Operator::Excludes | Operator::IsNotBlank
    );
    let test = reader.test(operator, &values)?;
    Ok(ResolvedTerm { test: Test::Value { field: field.name.clone(), kind: field.kind, test }, is_not })
}

struct ValueReader<'a> {
    field: &'a PersonField,
    context: &'a SegmentContext,
    at: String,
}

impl ValueReader<'_> {
    fn fault(&self, code: &str) -> FieldProblem {
        FieldProblem::new(&self.at, code)
    }

    /// As many values as the operator takes, without empty ones.
    fn count<'v>(&self, given: &'v [String], operator: Operator) -> Result<Vec<&'v str>, FieldProblem> {
        let values: Vec<&str> =
            given.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
        let is_long = values.iter().any(|value| value.chars().count() > MAX_VALUE);
        match operator.arity() {
            Arity::None if values.is_empty() => Ok(values),
            Arity::None => Err(self.fault("not-allowed")),
            _ if values.is_empty() => Err(self.fault("required")),
            _ if is_long => Err(self.fault("too-long").with("max", MAX_VALUE)),
            Arity::One if values.len() > 1 => Err(self.fault("one-only")),
            Arity::Two if values.len() != 2 => Err(self.fault("from-and-to")),
            Arity::Several if values.len() > MAX_TERM_VALUES => {
                Err(self.fault("too-many").with("max", MAX_TERM_VALUES))
            }
            _ => Ok(values),
        }
    }

    fn test(&self, operator: Operator, values: &[&str]) -> Result<ValueTest, FieldProblem> {
        if matches!(operator, Operator::IsBlank | Operator::IsNotBlank) {
            return Ok(ValueTest::Blank);
        }
        match self.field.kind {
            PersonFieldKind::Number => self.numbers(operator, values),
            PersonFieldKind::Date => self.days(operator, values),
            PersonFieldKind::Checkboxes => Ok(ValueTest::Includes(self.keys(PersonFieldKind::Text, values)?)),
            kind => {
                let mut keys = self.keys(kind, values)?;
                Ok(match operator {
                    Operator::Contains => ValueTest::Contains(keys.swap_remove(0)),
                    Operator::StartsWith => ValueTest::StartsWith(keys.swap_remove(0)),
                    _ => ValueTest::OneOf(keys),
                })
            }
        }
    }

    /// A text without anything to compare would fit every value.
    fn keys(&self, kind: PersonFieldKind, values: &[&str]) -> Result<Vec<String>, FieldProblem> {
        let keys: Vec<String> = values.iter().map(|value| value_key(kind, value)).collect();
        if keys.iter().any(String::is_empty) { Err(self.fault("required")) } else { Ok(keys) }
    }

    fn numbers(&self, operator: Operator, values: &[&str]) -> Result<ValueTest, FieldProblem> {
        let read = |value: &&str| {
            let number = Decimal::parse(value, NumberUnit::None);
            number.ok_or_else(|| self.fault("not-a-number").with("value", value))
        };
        let numbers: Vec<Decimal> = values.iter().map(read).collect::<Result<_, _>>()?;
        if numbers.len() == 2 && numbers[0] > numbers[1] {
            return Err(self.fault("numbers-reversed"));
        }
        let keys: Vec<String> =
            numbers.iter().map(|number| value_key(PersonFieldKind::Number, number.as_str())).collect();
        let bound =
            |place: usize, is_included| keys.get(place).map(|key| Bound { key: key.clone(), is_included });
        Ok(match operator {
            Operator::LessThan => ValueTest::Range { from: None, to: bound(0, false) },
            Operator::LessOrEqual => ValueTest::Range { from: None, to: bound(0, true) },
            Operator::GreaterThan => ValueTest::Range { from: bound(0, false), to: None },
            Operator::GreaterOrEqual => ValueTest::Range { from: bound(0, true), to: None },
            Operator::Between => ValueTest::Range { from: bound(0, true), to: bound(1, true) },
            _ => ValueTest::OneOf(keys),
        })
    }

    fn days(&self, operator: Operator, values: &[&str]) -> Result<ValueTest, FieldProblem> {
        let read = |value: &&str| match ComparedDay::parse(value, false) {
            Some(ComparedDay::Day(day)) => Ok(DayRange::of(day)),
            Some(ComparedDay::Relative(word)) => Ok(DayRange::relative(word, self.context.today())),
            _ => Err(self.fault("not-a-day").with("value", value)),
        };
        let ranges: Vec<DayRange> = values.iter().map(read).collect::<Result<_, _>>()?;
        let (first, last) = (ranges[0], ranges[ranges.len() - 1]);
        if first.from > last.to {
            return Err(self.fault("days-reversed"));
        }
        let bound = |day: Date| Some(Bound { key: day_key(day), is_included: true });
        let (from, to) = match operator {
            Operator::Before => (None, bound(first.from.saturating_sub(1.day()))),
            Operator::After => (bound(first.to.saturating_add(1.day())), None),
            Operator::OnOrBefore => (None, bound(first.to)),
            Operator::OnOrAfter => (bound(first.from), None),
            _ => (bound(first.from), bound(last.to)),
        };
        Ok(ValueTest::Range { from, to })
    }
}

/// The key of a day, which may lie beyond those that a field can hold.
fn day_key(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year().max(0), day.month(), day.day())
}
