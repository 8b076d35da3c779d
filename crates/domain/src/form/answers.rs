//! What a visitor answered, checked against the questions (B2, Q4).

use crate::form::typed::{read_email, read_kana, read_number, read_phone, read_postcode};
use crate::form::visibility::is_shown;
use crate::form::{
    Answer, Answers, FieldKind, FormField, HiddenSource, MAX_LINE, MAX_TEXT, NAME_PARTS, check_text,
};
use crate::value::{FieldProblem, PersonName, clean_line, clean_text, read_day, tidy_line};

/// Checks and normalises answers; unknown keys are faults. Names the faulty field `answers.{key}`.
///
/// Questions that are not shown are not required, and what was filled into them does not count.
pub fn check_answers(fields: &[FormField], given: &Answers) -> Result<Answers, Vec<FieldProblem>> {
    let mut problems: Vec<FieldProblem> = given
        .keys()
        .filter(|key| !fields.iter().any(|field| field.owns(key)))
        .map(|key| FieldProblem::new(format!("answers.{key}"), "unknown-field"))
        .collect();
    let mut kept = Answers::new();
    for field in fields {
        if !is_shown(field, &kept) {
            continue;
        }
        if field.kind == FieldKind::Name {
            match check_name(field, given) {
                Ok(parts) => kept.extend(parts),
                Err(found) => problems.extend(found),
            }
            continue;
        }
        // Nobody but the admin says what it is.
        let fixed = match &field.source {
            Some(HiddenSource::Fixed { value }) => Some(Answer::One(value.clone())),
            _ => None,
        };
        match check_one(field, fixed.as_ref().or_else(|| given.get(&field.key))) {
            Ok(Some(answer)) => drop(kept.insert(field.key.clone(), answer)),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(kept) } else { Err(problems) }
}

fn check_one(field: &FormField, given: Option<&Answer>) -> Result<Option<Answer>, FieldProblem> {
    let at = format!("answers.{}", field.key);
    let ticked =
        |answer: &&Answer| field.kind != FieldKind::Consent || **answer != Answer::One("false".to_owned());
    let Some(given) = given.filter(|answer| !answer.is_blank()).filter(ticked) else {
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
            check_text(&at, &text, 0, longest(field, MAX_TEXT)).map_or(Ok(()), Err)?;
            Answer::One(text.trim().to_owned())
        }
        (FieldKind::Text | FieldKind::Company | FieldKind::Name, Answer::One(typed)) => {
            check_text(&at, typed, 0, longest(field, MAX_LINE)).map_or(Ok(()), Err)?;
            Answer::One(tidy_line(typed))
        }
        (FieldKind::Email, Answer::One(typed)) => Answer::One(read_email(typed, &at)?),
        (FieldKind::Phone, Answer::One(typed)) => Answer::One(read_phone(typed, longest(field, 40), &at)?),
        (FieldKind::Number, Answer::One(typed)) => Answer::One(read_number(typed, &at)?),
        (FieldKind::Postcode, Answer::One(typed)) => Answer::One(read_postcode(typed, &at)?),
        (FieldKind::Consent, Answer::One(typed)) => match typed.as_str() {
            "true" | "on" => Answer::One("true".to_owned()),
            _ => return Err(FieldProblem::new(at, "not-true-or-false")),
        },
        // Its width stays: it may be an option of the org, written as the org writes it (K16).
        (FieldKind::Hidden, Answer::One(typed)) => {
            check_text(&at, typed, 0, MAX_LINE).map_or(Ok(()), Err)?;
            Answer::One(clean_line(typed))
        }
    };
    Ok(Some(answer).filter(|answer| !answer.is_blank()))
}

fn longest(field: &FormField, of_kind: usize) -> usize {
    field.max_length.map_or(of_kind, |length| length.min(of_kind))
}

/// Lead's and Contact's LastName hold 80 characters and FirstName 40 (contract 6.3).
const LONGEST_PARTS: [usize; 4] = [80, 40, 80, 40];

/// A name: whole under the question's key, and its parts under theirs. One that came whole is split at its first space.
fn check_name(field: &FormField, given: &Answers) -> Result<Answers, Vec<FieldProblem>> {
    let typed = |key: &str| match given.get(key) {
        Some(Answer::One(text)) => tidy_line(text),
        Some(Answer::Many(_)) | None => String::new(),
    };
    let mut parts = NAME_PARTS.map(|part| typed(&field.part(part)));
    let whole = typed(&field.key);
    let has_inputs = NAME_PARTS.iter().any(|part| given.contains_key(&field.part(part)));
    let in_parts = !parts[0].is_empty() || !parts[1].is_empty();
    if !in_parts
        && let PersonName::Split { family_name, given_name } = (PersonName::Whole { name: whole }).split()
    {
        (parts[0], parts[1]) = (family_name, given_name);
    }
    let mut problems = Vec::new();
    for (place, (part, longest)) in NAME_PARTS.iter().zip(LONGEST_PARTS).enumerate() {
        let is_kana = place >= 2;
        // Who typed one line may have one word for a name; who has two inputs fills in both.
        let is_needed =
            field.required && (place == 0 || (has_inputs && (place == 1 || (is_kana && field.kana))));
        let at = format!("answers.{}", field.part(part));
        problems.extend(check_text(&at, &parts[place], usize::from(is_needed), longest));
        if is_kana && !parts[place].is_empty() {
            problems.extend(read_kana(&parts[place], &at).err());
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut kept = Answers::new();
    let whole = format!("{} {}", parts[0], parts[1]).trim().to_owned();
    if !whole.is_empty() {
        kept.insert(field.key.clone(), Answer::One(whole));
    }
    for (part, text) in NAME_PARTS.iter().zip(parts).filter(|(_, text)| !text.is_empty()) {
        kept.insert(field.part(part), Answer::One(text));
    }
    Ok(kept)
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
