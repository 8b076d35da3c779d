//! What a visitor answered, checked against the questions (B2, Q4).

use crate::form::{FieldKind, FormField, MAX_LINE, MAX_TEXT, check_text};
use crate::value::{FieldProblem, clean_line, clean_text, read_day, tidy_line};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An answer: one text, or the chosen ones of several options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// A text, an option, a date as `2026-05-22`.
    One(String),
    /// Chosen options, in the form's order.
    Many(Vec<String>),
}

impl Answer {
    /// Nothing was filled in.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::One(text) => clean_line(text).is_empty(),
            Self::Many(chosen) => chosen.iter().all(|one| clean_line(one).is_empty()),
        }
    }

    /// The answer as one line to read.
    pub fn to_text(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Many(chosen) => chosen.join(", "),
        }
    }
}

/// Answers by question key. Questions that were left blank are absent.
pub type Answers = BTreeMap<String, Answer>;

/// Checks and normalises answers; unknown keys are faults. Names the faulty field `answers.{key}`.
pub fn check_answers(fields: &[FormField], given: &Answers) -> Result<Answers, Vec<FieldProblem>> {
    let mut problems: Vec<FieldProblem> = given
        .keys()
        .filter(|key| !fields.iter().any(|field| field.key == **key))
        .map(|key| FieldProblem::new(format!("answers.{key}"), "unknown-field"))
        .collect();
    let mut kept = Answers::new();
    for field in fields {
        match check_one(field, given.get(&field.key)) {
            Ok(Some(answer)) => drop(kept.insert(field.key.clone(), answer)),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(kept) } else { Err(problems) }
}

fn check_one(field: &FormField, given: Option<&Answer>) -> Result<Option<Answer>, FieldProblem> {
    let at = format!("answers.{}", field.key);
    let Some(given) = given.filter(|answer| !answer.is_blank()) else {
        let missing = field.required && field.kind != FieldKind::Hidden;
        return if missing { Err(FieldProblem::new(at, "required")) } else { Ok(None) };
    };
    let answer = match (field.kind, given) {
        (FieldKind::Checkboxes, Answer::Many(chosen)) => Answer::Many(in_order(field, chosen, &at)?),
        (FieldKind::Checkboxes, Answer::One(one)) => {
            Answer::Many(in_order(field, std::slice::from_ref(one), &at)?)
        }
        (_, Answer::Many(_)) => return Err(FieldProblem::new(at, "one-only")),
        (FieldKind::Radio | FieldKind::Dropdown, Answer::One(one)) => {
            Answer::One(in_order(field, std::slice::from_ref(one), &at)?.remove(0))
        }
        (FieldKind::Date, Answer::One(typed)) => Answer::One(read_date(typed, &at)?),
        (FieldKind::Textarea, Answer::One(typed)) => {
            let text = clean_text(typed);
            check_text(&at, &text, 0, MAX_TEXT).map_or(Ok(()), Err)?;
            Answer::One(text.trim().to_owned())
        }
        (FieldKind::Text, Answer::One(typed)) => {
            check_text(&at, typed, 0, MAX_LINE).map_or(Ok(()), Err)?;
            Answer::One(tidy_line(typed))
        }
        // Its width stays: it may be an option of the org, written as the org writes it (K16).
        (FieldKind::Hidden, Answer::One(typed)) => {
            check_text(&at, typed, 0, MAX_LINE).map_or(Ok(()), Err)?;
            Answer::One(clean_line(typed))
        }
    };
    Ok(Some(answer).filter(|answer| !answer.is_blank()))
}

/// The chosen options in the form's order; a choice that isn't offered is a fault.
fn in_order(field: &FormField, chosen: &[String], at: &str) -> Result<Vec<String>, FieldProblem> {
    let means = |choice: &str| {
        let exact = field.options.iter().position(|option| option == choice);
        exact.or_else(|| field.options.iter().position(|option| clean_line(option) == clean_line(choice)))
    };
    let mut places = Vec::new();
    for choice in chosen {
        match means(choice) {
            Some(place) => places.push(place),
            None => {
                let shown: String = choice.chars().take(80).collect();
                return Err(FieldProblem::new(at, "not-an-option").with("value", shown));
            }
        }
    }
    places.sort_unstable();
    places.dedup();
    Ok(places.into_iter().map(|place| field.options[place].clone()).collect())
}

fn read_date(typed: &str, at: &str) -> Result<String, FieldProblem> {
    read_day(typed).map(|date| date.to_string()).ok_or_else(|| FieldProblem::new(at, "not-a-date"))
}
