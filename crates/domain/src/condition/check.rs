//! Judging a condition against what is known of the org, and what it then means (Y1, Q4).

use crate::condition::{
    Arity, Compare, ComparedDay, ComparisonType, Condition, FieldSource, Filter, FilterValue, Operator,
    RelativeDay, compare_date_times, find_source,
};
use crate::org::{Descriptions, FieldPath, record_id};
use crate::value::{Decimal, FieldProblem, clean_line, tidy_line};
use jiff::tz::TimeZone;

/// Values of one condition.
const MAX_VALUES: usize = 200;
/// Characters of one value, as SOQL allows (contract 5.1).
const MAX_VALUE: usize = 1_000;

/// A condition that fits the org: as it is kept from now on, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedCondition {
    /// Tidied: values as the org has them.
    pub condition: Condition,
    /// What it means.
    pub filter: Filter,
}

/// Judges one condition on records of `object`; faults are named `{at}.field`, `{at}.operator`, `{at}.value`.
///
/// Days that are compared with moments begin and end in `zone`.
pub fn check_condition(
    condition: &Condition,
    object: &str,
    known: &Descriptions,
    zone: &TimeZone,
    at: &str,
) -> Result<CheckedCondition, FieldProblem> {
    let source = find_source(object, &condition.field, known, &format!("{at}.field"))?;
    let field_fault = |code| FieldProblem::new(format!("{at}.field"), code).with("value", &source.path);
    let comparable = source.comparable().ok_or_else(|| field_fault("unsupported-type"))?;
    if !source.is_filterable() {
        return Err(field_fault("unfilterable"));
    }
    let operator = condition.operator;
    if !comparable.accepts(operator) {
        let names: Vec<&str> = comparable.operators().iter().map(|one| one.name()).collect();
        let problem = FieldProblem::new(format!("{at}.operator"), "operator-unfit");
        let problem = problem.with("operator", operator.name()).with("comparable", comparable.name());
        return Err(problem.with("names", names.join(", ")));
    }
    let reading = ValueParser { comparable, source: &source, zone, at: format!("{at}.value") };
    let values = reading.count(&condition.values, operator)?;
    let (values, filter) = reading.filter(operator, values)?;
    let condition = Condition { field: source.path.to_string(), operator, values };
    Ok(CheckedCondition { condition, filter })
}

/// Whether records come to fit these conditions, or cease to, without being changed: as the day turns, as a parent
/// changes, or as a formula does.
pub fn drift(conditions: &[Condition], object: &str, known: &Descriptions) -> bool {
    conditions.iter().any(|condition| {
        let source = find_source(object, &condition.field, known, "").ok();
        let is_foreign = source.as_ref().is_some_and(|source| !source.path.lookups().is_empty());
        let is_calculated = source.and_then(|source| source.field).is_some_and(|field| field.calculated);
        let by_day = condition.values.iter().any(|value| RelativeDay::parse(value).is_some());
        is_foreign || is_calculated || by_day
    })
}

/// What is needed to read a condition's values.
struct ValueParser<'a> {
    comparable: ComparisonType,
    source: &'a FieldSource<'a>,
    zone: &'a TimeZone,
    at: String,
}

impl ValueParser<'_> {
    fn problem(&self, code: &str) -> FieldProblem {
        FieldProblem::new(&self.at, code)
    }

    /// As many values as the operator takes, without empty ones.
    fn count(&self, given: &[String], operator: Operator) -> Result<Vec<String>, FieldProblem> {
        let values: Vec<String> = given.iter().filter(|value| !value.trim().is_empty()).cloned().collect();
        let long = values.iter().any(|value| value.chars().count() > MAX_VALUE);
        match operator.arity() {
            Arity::None if values.is_empty() => Ok(values),
            Arity::None => Err(self.problem("not-allowed")),
            _ if values.is_empty() => Err(self.problem("required")),
            _ if long => Err(self.problem("too-long").with("max", MAX_VALUE)),
            Arity::One if values.len() > 1 => Err(self.problem("one-only")),
            Arity::Two if values.len() != 2 => Err(self.problem("from-and-to")),
            Arity::Several if values.len() > MAX_VALUES => {
                Err(self.problem("too-many").with("max", MAX_VALUES))
            }
            _ => Ok(values),
        }
    }

    /// The values as they are kept, and what the condition means.
    fn filter(&self, operator: Operator, values: Vec<String>) -> Result<(Vec<String>, Filter), FieldProblem> {
        let path = self.source.path.clone();
        match operator {
            Operator::IsBlank => return Ok((values, Filter::Blank(path))),
            Operator::IsNotBlank => return Ok((values, Filter::NotBlank(path))),
            Operator::IsTrue | Operator::IsFalse => {
                let value = FilterValue::Flag(operator == Operator::IsTrue);
                return Ok((values, Filter::Compare { path, compare: Compare::Equal, value }));
            }
            _ => {}
        }
        match self.comparable {
            ComparisonType::Text
            | ComparisonType::Option
            | ComparisonType::Options
            | ComparisonType::Reference => {
                let values: Vec<String> =
                    values.iter().map(|value| self.text(value)).collect::<Result<_, _>>()?;
                let filter = texts(path, operator, values.clone());
                Ok((values, filter))
            }
            ComparisonType::Number | ComparisonType::WholeNumber => {
                let numbers: Vec<Decimal> =
                    values.iter().map(|value| self.number(value)).collect::<Result<_, _>>()?;
                if let (Operator::Between, [from, to]) = (operator, numbers.as_slice())
                    && from > to
                {
                    return Err(self.problem("numbers-reversed"));
                }
                let kept = numbers.iter().map(ToString::to_string).collect();
                Ok((kept, compared(&path, operator, numbers.into_iter().map(FilterValue::Number).collect())))
            }
            ComparisonType::Boolean => {
                let flag = match tidy_line(&values[0]).to_lowercase().as_str() {
                    "true" => true,
                    "false" => false,
                    _ => return Err(self.problem("not-true-or-false")),
                };
                Ok((vec![flag.to_string()], compared(&path, operator, vec![FilterValue::Flag(flag)])))
            }
            ComparisonType::Day | ComparisonType::Moment => self.times(&path, operator, &values),
        }
    }

    fn text(&self, typed: &str) -> Result<String, FieldProblem> {
        match self.comparable {
            ComparisonType::Option | ComparisonType::Options => self
                .source
                .field
                .and_then(|field| field.option(typed, |_| true))
                .map(|option| option.value.clone())
                .ok_or_else(|| self.problem("not-an-option").with("value", typed)),
            ComparisonType::Reference => {
                record_id::read(typed).ok_or_else(|| self.problem("not-an-id").with("value", typed))
            }
            _ => Ok(clean_line(typed)),
        }
    }

    fn number(&self, typed: &str) -> Result<Decimal, FieldProblem> {
        let unit = self.source.kind().number_unit();
        let number =
            Decimal::parse(typed, unit).ok_or_else(|| self.problem("not-a-number").with("value", typed))?;
        match self.comparable {
            ComparisonType::WholeNumber if !number.is_whole() => Err(self.problem("not-a-whole-number")),
            _ => Ok(number),
        }
    }

    fn times(
        &self,
        path: &FieldPath,
        operator: Operator,
        values: &[String],
    ) -> Result<(Vec<String>, Filter), FieldProblem> {
        let with_moments = self.comparable == ComparisonType::Moment;
        let read = |value: &String| {
            let day = ComparedDay::parse(value, with_moments);
            day.ok_or_else(|| self.problem("not-a-day").with("value", value.trim()))
        };
        let days: Vec<ComparedDay> = values.iter().map(read).collect::<Result<_, FieldProblem>>()?;
        if let [ComparedDay::Day(from), ComparedDay::Day(to)] = days.as_slice()
            && from > to
        {
            return Err(self.problem("days-reversed"));
        }
        let kept = days.iter().map(ToString::to_string).collect();
        if !with_moments {
            return Ok((kept, compared(path, operator, days.into_iter().map(ComparedDay::scalar).collect())));
        }
        let filter = compare_date_times(path, operator, &days, self.zone);
        Ok((kept, filter.ok_or_else(|| self.problem("not-a-date"))?))
    }
}

fn texts(path: FieldPath, operator: Operator, values: Vec<String>) -> Filter {
    let first = || values.first().cloned().unwrap_or_default();
    match operator {
        Operator::Contains => Filter::Contains { path, text: first() },
        Operator::StartsWith => Filter::StartsWith { path, text: first() },
        Operator::IsOneOf => Filter::OneOf { path, values },
        Operator::IsNoneOf => Filter::NoneOf { path, values },
        Operator::Includes => Filter::Includes { path, options: values },
        Operator::Excludes => Filter::Excludes { path, options: values },
        _ => compared(&path, operator, values.into_iter().map(FilterValue::Text).collect()),
    }
}

fn compared(path: &FieldPath, operator: Operator, values: Vec<FilterValue>) -> Filter {
    let part = |compare, value| Filter::Compare { path: path.clone(), compare, value };
    let compare = match operator {
        Operator::NotEquals => Compare::NotEqual,
        Operator::LessThan | Operator::Before => Compare::Less,
        Operator::LessOrEqual | Operator::OnOrBefore => Compare::LessOrEqual,
        Operator::GreaterThan | Operator::After => Compare::Greater,
        Operator::GreaterOrEqual | Operator::OnOrAfter => Compare::GreaterOrEqual,
        Operator::Between => {
            let ends = [Compare::GreaterOrEqual, Compare::LessOrEqual];
            return Filter::All(ends.into_iter().zip(values).map(|(end, value)| part(end, value)).collect());
        }
        _ => Compare::Equal,
    };
    let parts: Vec<Filter> = values.into_iter().map(|value| part(compare, value)).collect();
    match <[Filter; 1]>::try_from(parts) {
        Ok([single]) => single,
        Err(parts) => Filter::All(parts),
    }
}
