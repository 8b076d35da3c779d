//! The rules of the inclusion filter as rows of inputs, and back.

use crate::console::people::person::label;
use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::people::{FilterOperator, FilterRule, PersonFields};

const MAX_ROWS: usize = 40;
/// Empty rows behind those that are filled in.
const SPARE: usize = 2;

/// A rule with its inputs.
pub struct RuleRow {
    /// What a screen reader calls the row.
    pub title: String,
    /// Field, operator and values.
    pub inputs: Vec<Input>,
}

/// Reads the rules of a list; rows without a field are left out.
pub fn read(form: &Form, list: &str) -> Vec<FilterRule> {
    let mut rules = Vec::new();
    for index in 0..MAX_ROWS {
        let text = |part: &str| form.text(&format!("filter.{list}[{index}].{part}")).to_owned();
        let field = text("field");
        if field.is_empty() {
            continue;
        }
        let operator = FilterOperator::parse(&text("operator")).unwrap_or(FilterOperator::IsNotBlank);
        let typed = text("values");
        let values = typed.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        let values = if operator.takes_values() { values.collect() } else { Vec::new() };
        rules.push(FilterRule { field, operator, values });
    }
    rules
}

/// The rows of a list, with some more to be filled in.
pub fn rows(t: &Translator, list: &str, rules: &[FilterRule], fields: &PersonFields) -> Vec<RuleRow> {
    let row = |index: usize| {
        let rule = rules.get(index);
        let line = |part: &str, text: &str, value: &str| {
            Input::line(t, &format!("filter.{list}[{index}].{part}"), t.text(text), value)
        };
        let mut names = vec![(String::new(), t.text("people-filter-no-field"))];
        names.extend(fields.fields.iter().map(|field| (field.name.clone(), label(t, field))));
        let field = rule.map(|rule| rule.field.clone()).unwrap_or_default();
        if !names.iter().any(|(name, _)| *name == field) {
            names.push((field.clone(), field.clone()));
        }
        let operators = FilterOperator::ALL
            .map(|operator| (operator.name().to_owned(), t.word("people-filter-operator", operator.name())));
        let operator = rule.map_or(FilterOperator::IsOneOf, |rule| rule.operator).name().to_owned();
        let values = rule.map(|rule| rule.values.join("\n")).unwrap_or_default();
        RuleRow {
            title: t.fill("people-filter-row", "number", index + 1),
            inputs: vec![
                line("field", "people-filter-field", "").choices(Control::Select, names, &[field]),
                line("operator", "people-filter-how", "").choices(
                    Control::Select,
                    operators.to_vec(),
                    &[operator],
                ),
                line("values", "people-filter-values", &values).of(Control::Area),
            ],
        }
    };
    (0..(rules.len() + SPARE).min(MAX_ROWS)).map(row).collect()
}
