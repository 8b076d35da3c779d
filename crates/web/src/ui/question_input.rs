//! The inputs for questions, and the answers typed into them (B2, F1).

use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::form::{Answer, Answers, FieldKind, FormField, NAME_PARTS};
use domain::value::Language;

/// The name of the input for a question.
pub fn answer_name(key: &str) -> String {
    format!("answers.{key}")
}

/// The inputs for one question: one, or those of a name's parts in the order of the language.
pub fn inputs(t: &Translator, field: &FormField, typed: &Form) -> Vec<Input> {
    if field.kind == FieldKind::Name { name_parts(t, field, typed) } else { vec![question(t, field, typed)] }
}

fn name_parts(t: &Translator, field: &FormField, typed: &Form) -> Vec<Input> {
    let part = |part: &str, label: &str, token: &'static str| {
        let name = answer_name(&field.part(part));
        Input::line(t, &name, t.text(label), typed.text(&name))
            .required(field.required)
            .autocomplete(token)
            .medium()
    };
    let family = part(NAME_PARTS[0], "attendee-family-name", "family-name");
    let given = part(NAME_PARTS[1], "attendee-given-name", "given-name");
    let mut inputs = match t.language {
        Language::Japanese => vec![family, given],
        Language::English => vec![given, family],
    };
    if field.kana {
        inputs.push(part(NAME_PARTS[2], "question-family-kana", ""));
        inputs.push(part(NAME_PARTS[3], "question-given-kana", ""));
    }
    inputs
}

/// The input for one question that has one.
pub fn question(t: &Translator, field: &FormField, typed: &Form) -> Input {
    let name = answer_name(&field.key);
    let input = Input::line(t, &name, field.label_in(t.language).to_owned(), typed.text(&name))
        .required(field.required)
        .hint(field.help_in(t.language).to_owned());
    let keyboard = |input: Input, keyboard| Input { keyboard, ..input };
    let options = || field.options.iter().map(|option| (option.clone(), option.clone())).collect::<Vec<_>>();
    match field.kind {
        FieldKind::Textarea => input.of(Control::Area),
        FieldKind::Radio => input.choices(Control::Radio, options(), &typed.all(&name)),
        FieldKind::Checkboxes => input.choices(Control::Checkboxes, options(), &typed.all(&name)),
        FieldKind::Dropdown => {
            let mut offered = vec![(String::new(), t.text("choose-one"))];
            offered.extend(options());
            input.choices(Control::Select, offered, &typed.all(&name))
        }
        FieldKind::Date => input.of(Control::Line("date")),
        FieldKind::Email => keyboard(input.of(Control::Line("email")).autocomplete("email"), "email"),
        FieldKind::Phone => keyboard(input.of(Control::Line("tel")).autocomplete("tel").medium(), "tel"),
        FieldKind::Number => keyboard(input.medium(), "decimal"),
        FieldKind::Company => input.autocomplete("organization"),
        FieldKind::Postcode => keyboard(input.autocomplete("postal-code").short(), "numeric"),
        FieldKind::Consent => {
            let chosen = if typed.is_on(&name) { vec!["true".to_owned()] } else { Vec::new() };
            input.choices(Control::Checkboxes, vec![("true".to_owned(), t.text("question-agree"))], &chosen)
        }
        FieldKind::Text | FieldKind::Hidden | FieldKind::Name => input,
    }
}

/// The answers as they were typed; whether they are good is decided by the domain.
pub fn answers(fields: &[FormField], typed: &Form) -> Answers {
    let mut answers = Answers::new();
    for field in fields {
        let name = answer_name(&field.key);
        if field.kind == FieldKind::Checkboxes {
            answers.insert(field.key.clone(), Answer::Many(typed.all(&name)));
        } else if let Some(text) = typed.find(&name) {
            answers.insert(field.key.clone(), Answer::One(text.to_owned()));
        }
        let parts = if field.kind == FieldKind::Name { &NAME_PARTS[..] } else { &[] };
        for key in parts.iter().map(|part| field.part(part)) {
            if let Some(text) = typed.find(&answer_name(&key)) {
                answers.insert(key, Answer::One(text.to_owned()));
            }
        }
    }
    answers
}
