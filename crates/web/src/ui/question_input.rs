//! The inputs for the questions of a booking form, and the answers typed into them (B2).

use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::booking::BookingPage;
use domain::form::{Answer, Answers, FieldKind, FormField};

/// The name of the input for a question.
pub fn answer_name(key: &str) -> String {
    format!("answers.{key}")
}

/// The input for one question.
pub fn question(t: &Translator, field: &FormField, typed: &Form) -> Input {
    let name = answer_name(&field.key);
    let input = Input::line(t, &name, field.label_in(t.language).to_owned(), typed.text(&name))
        .required(field.required);
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
        FieldKind::Text | FieldKind::Hidden => input,
    }
}

/// The answers as they were typed; whether they are good is decided by the domain.
pub fn answers(page: &BookingPage, typed: &Form) -> Answers {
    page.fields
        .iter()
        .filter_map(|field| {
            let name = answer_name(&field.key);
            let answer = match field.kind {
                FieldKind::Checkboxes => Answer::Many(typed.all(&name)),
                _ => Answer::One(typed.find(&name)?.to_owned()),
            };
            Some((field.key.clone(), answer))
        })
        .collect()
}
