//! A form's inputs, and what an address fills into them.

use crate::actions::form::submission::without_parameters;
use crate::http::form::Form as Typed;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::input::Input;
use crate::ui::question_input::{self, answer_name};
use domain::form::{FieldKind, Form, HiddenSource, NAME_PARTS, shown_keys};
use domain::value::{FieldProblem, PersonName};

/// A question as the page shows it.
pub(super) struct Question {
    pub(super) key: String,
    /// Its conditions hold now.
    pub(super) is_shown: bool,
    /// Other questions depend on its answer.
    pub(super) decides: bool,
    /// What they are called together, when there are several inputs.
    pub(super) legend: String,
    pub(super) inputs: Vec<Input>,
}

/// The questions with what was typed, and the summary of what is wrong.
pub(super) fn questions(
    t: &Translator,
    form: &Form,
    typed: &Typed,
    problems: &[FieldProblem],
) -> (Vec<Question>, Problems) {
    let answers = question_input::answers(&form.fields, typed);
    let shown = shown_keys(&form.fields, &answers);
    let decides =
        |key: &str| form.fields.iter().any(|field| field.show_when.iter().any(|one| one.field == key));
    let visible: Vec<_> = form.fields.iter().filter(|field| field.kind != FieldKind::Hidden).collect();
    let mut all: Vec<Input> = Vec::new();
    let mut counts = Vec::new();
    for field in &visible {
        let inputs = question_input::inputs(t, field, typed);
        counts.push(inputs.len());
        all.extend(inputs);
    }
    let problems = Problems::add(t, problems, &mut all);
    let mut rest = all.into_iter();
    let questions = visible.into_iter().zip(counts).map(|(field, count)| Question {
        key: field.key.clone(),
        is_shown: shown.contains(&field.key.as_str()),
        decides: decides(&field.key),
        legend: if count > 1 { field.label_in(t.language).to_owned() } else { String::new() },
        inputs: rest.by_ref().take(count).collect(),
    });
    (questions.collect(), problems)
}

/// Whether some questions come and go with the answers.
pub(super) fn has_conditions(form: &Form) -> bool {
    form.fields.iter().any(|field| !field.show_when.is_empty())
}

/// The pages between which a visitor moves, as far as they are known.
pub(super) struct Origin<'a> {
    /// The page on which the form stands.
    pub(super) page: &'a str,
    /// The page from which the visitor came.
    pub(super) referrer: &'a str,
}

/// A form filled in from its address: only its own questions, and hidden ones by what fills them.
pub(super) fn prefilled(form: &Form, query: &Typed, origin: &Origin<'_>) -> Typed {
    let mut named: Vec<(String, String)> = Vec::new();
    for field in &form.fields {
        let name = answer_name(&field.key);
        match (field.kind, &field.source) {
            (FieldKind::Hidden, Some(source)) => {
                let value = match source {
                    HiddenSource::Parameter { name } => query.text(name).to_owned(),
                    HiddenSource::Referrer => without_parameters(origin.referrer),
                    HiddenSource::Page => without_parameters(origin.page),
                    HiddenSource::Fixed { value } => value.clone(),
                };
                named.push((name, value));
            }
            // Agreeing is the visitor's own doing.
            (FieldKind::Consent, _) => {}
            (FieldKind::Name, _) => {
                let whole = query.text(&field.key).to_owned();
                let split = match (PersonName::Whole { name: whole }).split() {
                    PersonName::Split { family_name, given_name } => [family_name, given_name],
                    PersonName::Whole { name } => [name, String::new()],
                };
                for (place, part) in NAME_PARTS.iter().enumerate() {
                    let typed = query.text(&field.part(part)).to_owned();
                    let value =
                        if typed.is_empty() { split.get(place).cloned().unwrap_or_default() } else { typed };
                    named.push((answer_name(&field.part(part)), value));
                }
            }
            _ => named.extend(query.all(&field.key).into_iter().map(|value| (name.clone(), value))),
        }
    }
    named.push(("page_url".to_owned(), without_parameters(origin.page)));
    Typed::of(named)
}

/// The hidden questions' values, and the page, to be carried along.
pub(super) fn hidden(form: &Form, typed: &Typed) -> Vec<(String, String)> {
    let hidden = form.fields.iter().filter(|field| field.kind == FieldKind::Hidden);
    let names = hidden.map(|field| answer_name(&field.key)).chain(["page_url".to_owned()]);
    names.map(|name| (typed.text(&name).to_owned(), name)).map(|(value, name)| (name, value)).collect()
}

/// What belongs to the form among what was sent.
pub(super) fn own_pairs(form: &Form, typed: &Typed) -> Vec<(String, String)> {
    let is_own = |name: &str| {
        name == "page_url" || name.strip_prefix("answers.").is_some_and(|key| form.question(key).is_some())
    };
    typed.pairs().iter().filter(|(name, value)| is_own(name) && !value.is_empty()).cloned().collect()
}
