//! The conditions of a draft as rows of inputs, and back.

use crate::console::company::import::summary::source_label;
use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::company::CompanyImport;
use domain::condition::{Arity, ComparisonType, Condition, FieldSource, Operator, RelativeDay, find_source};
use domain::org::Descriptions;
use domain::value::FieldProblem;

const MAX_ROWS: usize = 100;
const USUAL_DAYS: &str = "30";
/// The word for "a day of the calendar" among the relative ones.
const A_DAY: &str = "day";

/// One condition with its inputs.
pub struct ConditionRow {
    /// Its place, for the buttons.
    pub index: usize,
    /// What people call its field.
    pub title: String,
    /// The field's path.
    pub path: String,
    /// Its inputs, each with the class that says when the style sheet shows it.
    pub inputs: Vec<(&'static str, Input)>,
}

/// The conditions that a form holds, right or wrong.
pub fn read(form: &Form) -> Vec<Condition> {
    let row = |index: usize| {
        let name = |part: &str| format!("conditions[{index}].{part}");
        let field = form.find(&name("field"))?.to_owned();
        let operator = Operator::from_name(form.text(&name("operator"))).unwrap_or(Operator::IsNotBlank);
        Some(Condition { field, operator, values: values(form, operator, name) })
    };
    (0..MAX_ROWS).map_while(row).collect()
}

fn values(form: &Form, operator: Operator, name: impl Fn(&str) -> String) -> Vec<String> {
    let when = form.text(&name("when"));
    let lines = || form.all(&name("value")).iter().flat_map(|text| text.lines()).map(str::to_owned).collect();
    match operator.arity() {
        Arity::None => Vec::new(),
        Arity::Two => vec![form.text(&name("value")).to_owned(), form.text(&name("to")).to_owned()],
        _ if RelativeDay::PLAIN.contains(&when) => vec![when.to_owned()],
        _ if RelativeDay::COUNTED.contains(&when) => {
            let days = domain::value::tidy_line(form.text(&name("days")));
            vec![format!("{when}:{}", if days.is_empty() { USUAL_DAYS } else { &days })]
        }
        _ => lines(),
    }
}

/// A new condition on a field, with the first of the operators that fit it.
pub fn begin(source: &FieldSource<'_>) -> Result<Condition, FieldProblem> {
    let fault = |code| FieldProblem::new("add", code).with("value", &source.path);
    let comparable = source.comparable().ok_or_else(|| fault("unsupported-type"))?;
    if !source.is_filterable() {
        return Err(fault("unfilterable"));
    }
    let operator = comparable.operators().first().copied().unwrap_or(Operator::IsNotBlank);
    Ok(Condition { field: source.path.to_string(), operator, values: Vec::new() })
}

/// The rows of a draft.
pub fn rows(t: &Translator, draft: &CompanyImport, known: &Descriptions) -> Vec<ConditionRow> {
    let row = |(index, condition): (usize, &Condition)| {
        let source = find_source(draft.object.name(), &condition.field, known, "").ok();
        ConditionRow {
            index,
            title: source_label(draft.object, &condition.field, known),
            path: condition.field.clone(),
            inputs: inputs(t, index, condition, source.as_ref()),
        }
    };
    draft.conditions.iter().enumerate().map(row).collect()
}

fn inputs(
    t: &Translator,
    index: usize,
    condition: &Condition,
    source: Option<&FieldSource<'_>>,
) -> Vec<(&'static str, Input)> {
    let comparable = source.and_then(FieldSource::comparable);
    let name = |part: &str| format!("conditions[{index}].{part}");
    let line = |part: &str, label: &str, value: &str| Input::line(t, &name(part), t.text(label), value);
    let first = condition.values.first().map_or("", String::as_str);
    let second = condition.values.get(1).map_or("", String::as_str);
    let mut inputs = vec![("", operator(t, &name("operator"), condition.operator, comparable))];
    match comparable {
        None | Some(ComparisonType::Boolean) => {}
        Some(ComparisonType::Text | ComparisonType::Reference) => {
            let text = line("value", "condition-value", &condition.values.join("\n"));
            inputs.push(("valued", text.of(Control::Area).hint(t.text("condition-lines-hint"))));
        }
        Some(ComparisonType::Option | ComparisonType::Options) => {
            let options = source.and_then(|source| source.field).map_or(&[][..], |field| &field.options);
            let choices = options.iter().map(|one| (one.value.clone(), one.label.clone())).collect();
            let value = line("value", "condition-options", "");
            inputs.push(("valued", value.choices(Control::Checkboxes, choices, &condition.values)));
        }
        Some(ComparisonType::Number | ComparisonType::WholeNumber) => {
            let number = |input: Input| Input { keyboard: "decimal", width: "short", ..input };
            inputs.push(("valued", number(line("value", "condition-value", first))));
            inputs.push(("between", number(line("to", "condition-to", second))));
        }
        Some(ComparisonType::Day | ComparisonType::Moment) => {
            let relative = RelativeDay::parse(first);
            let day = if relative.is_some() { "" } else { first };
            let days =
                relative.and_then(RelativeDay::days).map_or(USUAL_DAYS.to_owned(), |days| days.to_string());
            let date = Control::Line("date");
            inputs.push(("valued when", when(t, &name("when"), relative)));
            inputs.push(("valued dayed", line("value", "condition-day", day).of(date)));
            inputs.push(("between", line("to", "condition-to", second).of(date)));
            inputs.push(("valued counted", line("days", "condition-days", &days).number()));
        }
    }
    inputs
}

fn operator(t: &Translator, name: &str, chosen: Operator, comparable: Option<ComparisonType>) -> Input {
    let mut offered = comparable.map_or_else(Vec::new, |comparable| comparable.operators().to_vec());
    if !offered.contains(&chosen) {
        offered.insert(0, chosen);
    }
    let choices = offered.iter().map(|one| (one.name().to_owned(), t.word("operator", one.name()))).collect();
    let chosen = [chosen.name().to_owned()];
    Input::line(t, name, t.text("condition-operator"), "").choices(Control::Select, choices, &chosen)
}

fn when(t: &Translator, name: &str, relative: Option<RelativeDay>) -> Input {
    let words = std::iter::once(A_DAY).chain(RelativeDay::PLAIN).chain(RelativeDay::COUNTED);
    let choices = words.map(|word| (word.to_owned(), t.word("relative", word))).collect();
    let chosen = [relative.map_or(A_DAY, RelativeDay::word).to_owned()];
    Input::line(t, name, t.text("condition-when"), "").choices(Control::Select, choices, &chosen)
}
