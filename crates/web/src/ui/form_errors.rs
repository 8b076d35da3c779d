//! Faults of a form: a summary at its top, and each beside its input.

use crate::text::translator::Translator;
use crate::ui::input::{Control, Input, id_of};
use askama::Template;
use domain::value::FieldProblem;

/// One line of the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The id of the input at fault; empty when there is none on the page.
    pub anchor: String,
    /// What is wrong, with the input's name in front.
    pub text: String,
}

/// The summary at the top of a form.
#[derive(Clone, Debug, Template)]
#[template(path = "widgets/problems.html")]
pub struct Problems {
    /// The page's words.
    pub t: Translator,
    /// One line for each fault.
    pub lines: Vec<Line>,
}

impl Problems {
    /// A summary without faults; it shows nothing.
    pub fn none(t: &Translator) -> Self {
        Self { t: t.clone(), lines: Vec::new() }
    }

    /// Puts each fault beside its input and gives the summary.
    ///
    /// A fault of `guests[2]` belongs to the input `guests` when there is none of its own.
    pub fn add<'a>(
        t: &Translator,
        problems: &[FieldProblem],
        inputs: impl IntoIterator<Item = &'a mut Input>,
    ) -> Self {
        let mut inputs: Vec<&mut Input> = inputs.into_iter().collect();
        let mut lines: Vec<Line> = problems.iter().map(|problem| line(t, problem, &mut inputs)).collect();
        // The summary follows the form from top to bottom; what belongs to no input comes first.
        lines.sort_by_key(|line| inputs.iter().position(|input| id_of(&input.name) == line.anchor));
        Self { t: t.clone(), lines }
    }

    /// The same summary with one more line that belongs to no input.
    #[must_use]
    pub fn and(mut self, text: String) -> Self {
        self.lines.push(Line { anchor: String::new(), text });
        self
    }

    /// Nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

fn line(t: &Translator, problem: &FieldProblem, inputs: &mut [&mut Input]) -> Line {
    let text = t.problem(problem);
    let list = problem.field.split('[').next().unwrap_or_default();
    let at = inputs
        .iter()
        .position(|input| input.name == problem.field)
        .or_else(|| inputs.iter().position(|input| input.name == list));
    let Some(at) = at else {
        if problem.field.is_empty() {
            return Line { anchor: String::new(), text };
        }
        return Line { anchor: String::new(), text: t.pair(name_of(t, &problem.field), text) };
    };
    let input = &mut *inputs[at];
    let is_choice = matches!(input.control, Control::Radio | Control::Checkboxes | Control::Select);
    let text = if is_choice && problem.code == "required" { t.text("problem-required-choice") } else { text };
    let text = match problem.field.strip_prefix(input.name.as_str()).and_then(index) {
        Some(number) => t.sentence("problem-nth", [("number", number.to_string()), ("problem", text)]),
        None => text,
    };
    if input.fault.is_empty() {
        input.fault.clone_from(&text);
    }
    Line {
        anchor: id_of(&input.name),
        text: t.sentence("problem-line", [("label", input.label.clone()), ("problem", text)]),
    }
}

/// The place in a list, counted from one: 3 for `[2]` or `[2].name`.
fn index(rest: &str) -> Option<usize> {
    rest.strip_prefix('[')?.split(']').next()?.parse::<usize>().ok().map(|index| index + 1)
}

/// The name of a field that has no input on the page: its wording if there is one.
fn name_of(t: &Translator, field: &str) -> String {
    let key = format!("field-{}", field.replace(['.', '_'], "-"));
    let name = t.text(&key);
    if name == key { field.to_owned() } else { name }
}
