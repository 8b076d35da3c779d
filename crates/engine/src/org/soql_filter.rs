//! The conditions of the company import, said in SOQL (Y1). Every value goes through the query builder.

use domain::company::{CompanyImport, check_conditions};
use domain::condition::{Compare, Filter, FilterValue};
use domain::org::Descriptions;
use domain::value::FieldProblem;
use jiff::tz::TimeZone;
use salesforce::soql;
use salesforce::soql::{Condition, DateLiteral, Decimal, Literal};

/// Which records an import is to bring; `None` for all of its object.
///
/// A run asks this each time: days begin in `zone`, and the org's fields may have changed.
///
/// # Errors
/// What is wrong with the conditions. A run must not go on without them: it would bring too much.
pub(crate) fn filter(
    import: &CompanyImport,
    known: &Descriptions,
    zone: &TimeZone,
) -> Result<Option<Condition>, Vec<FieldProblem>> {
    let checked = check_conditions(import, known, zone)?;
    let parts: Vec<Condition> = checked.iter().map(|(_, filter)| in_soql(filter)).collect();
    Ok((!parts.is_empty()).then_some(Condition::All(parts)))
}

/// A checked filter as a condition.
pub(crate) fn in_soql(filter: &Filter) -> Condition {
    let texts = |values: &[String]| values.iter().map(Literal::from).collect();
    match filter {
        Filter::Compare { path, compare, value } => {
            Condition::Field(path.to_string(), comparison(*compare), literal(value))
        }
        Filter::Contains { path, text } => Condition::Contains(path.to_string(), text.clone()),
        Filter::StartsWith { path, text } => Condition::StartsWith(path.to_string(), text.clone()),
        Filter::OneOf { path, values } => Condition::In(path.to_string(), texts(values)),
        Filter::NoneOf { path, values } => Condition::NotIn(path.to_string(), texts(values)),
        Filter::Includes { path, options } => Condition::Includes(path.to_string(), options.clone()),
        Filter::Excludes { path, options } => Condition::Excludes(path.to_string(), options.clone()),
        Filter::Blank(path) => Condition::equals(&path.to_string(), Literal::Null),
        Filter::NotBlank(path) => {
            Condition::compare(&path.to_string(), soql::Compare::NotEqual, Literal::Null)
        }
        Filter::All(parts) => Condition::All(parts.iter().map(in_soql).collect()),
        Filter::Any(parts) => Condition::Any(parts.iter().map(in_soql).collect()),
    }
}

const fn comparison(compare: Compare) -> soql::Compare {
    match compare {
        Compare::Equal => soql::Compare::Equal,
        Compare::NotEqual => soql::Compare::NotEqual,
        Compare::Less => soql::Compare::Less,
        Compare::LessOrEqual => soql::Compare::LessOrEqual,
        Compare::Greater => soql::Compare::Greater,
        Compare::GreaterOrEqual => soql::Compare::GreaterOrEqual,
    }
}

fn literal(value: &FilterValue) -> Literal {
    match value {
        FilterValue::Text(text) => text.into(),
        // Both sides write numbers and relative days in one way; a text that is neither would match nothing.
        FilterValue::Number(number) => {
            Decimal::new(number.as_str()).map_or_else(|| number.as_str().into(), Literal::Decimal)
        }
        FilterValue::Relative(day) => {
            DateLiteral::new(day.word(), day.days()).map_or_else(|| day.word().into(), Literal::Relative)
        }
        FilterValue::Flag(flag) => Literal::Boolean(*flag),
        FilterValue::Day(day) => Literal::Date(*day),
        FilterValue::Moment(moment) => Literal::DateTime(moment.to_jiff()),
    }
}

#[cfg(test)]
#[path = "soql_filter_tests.rs"]
mod tests;
