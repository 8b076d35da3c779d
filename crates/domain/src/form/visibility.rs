//! Which questions of a form are shown: conditions on the answers before them (F1).
//!
//! There is one evaluation, on the server: the page asks it while the form is filled in, and it decides again what counts
//! when the form is sent.

use crate::form::{Answers, FormField};
use crate::value::FieldProblem;

/// Whether a question is shown, given the answers to the shown questions before it.
pub fn is_shown(field: &FormField, answers_before: &Answers) -> bool {
    field.show_when.iter().all(|condition| condition.holds(answers_before))
}

/// The keys of the questions that are shown, given what is filled in so far, whether it is valid or not.
pub fn shown_keys<'a>(fields: &'a [FormField], typed: &Answers) -> Vec<&'a str> {
    let mut counted = Answers::new();
    let mut shown = Vec::new();
    for field in fields.iter().filter(|field| field.key.len() <= 60) {
        if !is_shown(field, &counted) {
            continue;
        }
        shown.push(field.key.as_str());
        let own = typed.iter().filter(|(key, _)| field.owns(key));
        counted.extend(own.map(|(key, answer)| (key.clone(), answer.clone())));
    }
    shown
}

/// Conditions of one question, at most.
const MAX_CONDITIONS: usize = 10;
/// Values of one condition, at most.
const MAX_VALUES: usize = 50;

/// Checks conditions against the questions before theirs: what comes later can't decide, so there are no circles.
pub(super) fn check_conditions(fields: &[FormField], prefix: &str) -> Vec<FieldProblem> {
    let of_field =
        |index: usize| check_field(&fields[..index], &fields[index], &format!("{prefix}[{index}].show_when"));
    (0..fields.len()).flat_map(of_field).collect()
}

fn check_field(before: &[FormField], field: &FormField, at: &str) -> Vec<FieldProblem> {
    if field.show_when.len() > MAX_CONDITIONS {
        return vec![FieldProblem::new(at, "too-many").with("max", MAX_CONDITIONS)];
    }
    let mut problems = Vec::new();
    for (index, condition) in field.show_when.iter().enumerate() {
        let part = |name: &str| format!("{at}[{index}].{name}");
        let Some(asked) = before.iter().find(|one| one.key == condition.field) else {
            problems.push(
                FieldProblem::new(part("field"), "not-an-earlier-question").with("value", &condition.field),
            );
            continue;
        };
        if condition.operator.takes_values() == condition.values.is_empty() {
            let code = if condition.values.is_empty() { "required" } else { "not-allowed" };
            problems.push(FieldProblem::new(part("values"), code));
        }
        if condition.values.len() > MAX_VALUES {
            problems.push(FieldProblem::new(part("values"), "too-many").with("max", MAX_VALUES));
        }
        let strange = condition.values.iter().find(|value| !asked.options.contains(value));
        if let Some(strange) = strange.filter(|_| asked.kind.has_options()) {
            let problem = FieldProblem::new(part("values"), "not-an-option");
            problems.push(problem.with("value", strange.chars().take(80).collect::<String>()));
        }
    }
    problems
}
