//! The tag's settings as a form holds them, and back; rows are added and taken away without JavaScript.

use crate::http::form::Form;
use domain::tag::{
    Caps, ConsentMode, FirstScreen, OtherFormsInput, TagFormInput, TagInput, ThenInput, VisitorRuleInput,
    Wording,
};
use std::collections::BTreeMap;

/// Rows of each kind that are read.
const MAX_ROWS: usize = 250;

/// The dialogs with a wording of their own.
pub const WORDINGS: [&str; 3] = ["form", "list", "visitor"];

/// Reads a form.
pub fn read(form: &Form) -> TagInput {
    let number = |name: &str| form.number::<u8>(name).unwrap_or_default();
    TagInput {
        origins: lines(form.text("origins")),
        forms: rows(form, "forms", "name", |at| TagFormInput {
            id: form.text(&at("id")).to_owned(),
            name: form.text(&at("name")).to_owned(),
            url: form.text(&at("url")).to_owned(),
            selector: form.text(&at("selector")).to_owned(),
            form_name: form.text(&at("form_name")).to_owned(),
            fields: read_fields(form.text(&at("fields"))),
            grade: form.text(&at("grade")).to_owned(),
            on: form.is_on(&at("on")),
            then: read_then(form, &at("then.page")),
        }),
        other_forms: OtherFormsInput {
            on: form.is_on("other_forms.on"),
            grade: form.text("other_forms.grade").to_owned(),
            then: read_then(form, "other_forms.then.page"),
        },
        rules: rows(form, "rules", "url", |at| {
            let chosen = read_then(form, &at("page"));
            let url = form.text(&at("url")).to_owned();
            match chosen.kind.as_str() {
                "router" => VisitorRuleInput { url, page: String::new(), then: chosen },
                _ => VisitorRuleInput { url, page: chosen.page, then: ThenInput::default() },
            }
        }),
        consent: match form.text("consent") {
            "not_required" => ConsentMode::NotRequired,
            _ => ConsentMode::Required,
        },
        parameters: lines(form.text("parameters")),
        cookie_domain: form.text("cookie_domain").to_owned(),
        strict: form.is_on("strict"),
        caps: Caps { session: number("caps.session"), month: number("caps.month") },
        form_wording: read_wording(form, "form"),
        list_wording: read_wording(form, "list"),
        visitor_wording: read_wording(form, "visitor"),
    }
}

/// Texts with one on each line.
fn lines(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '、'));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn rows<T>(form: &Form, list: &str, first: &str, read: impl Fn(&dyn Fn(&str) -> String) -> T) -> Vec<T> {
    let row = |index: usize| {
        let at = move |name: &str| format!("{list}[{index}].{name}");
        form.find(&at(first))?;
        Some(read(&at))
    };
    (0..MAX_ROWS).map_while(row).collect()
}

/// `property = input`, one on each line.
fn read_fields(text: &str) -> BTreeMap<String, String> {
    let pair = |line: &str| {
        let (property, input) = line.split_once(['=', '＝']).unwrap_or((line, ""));
        (property.trim().to_owned(), input.trim().to_owned())
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(pair).collect()
}

/// The fields of a form as they are typed.
pub fn fields_text(fields: &BTreeMap<String, String>) -> String {
    fields.iter().map(|(property, input)| format!("{property} = {input}")).collect::<Vec<_>>().join("\n")
}

/// What stands before a router's name in the choice of what follows.
pub const ROUTER: &str = "router:";

/// A page, a router, or nothing.
fn read_then(form: &Form, name: &str) -> ThenInput {
    let chosen = form.text(name);
    match chosen.strip_prefix(ROUTER) {
        Some(router) => {
            ThenInput { kind: "router".to_owned(), router: router.to_owned(), ..ThenInput::default() }
        }
        None if chosen.is_empty() => ThenInput { kind: "nothing".to_owned(), ..ThenInput::default() },
        None => ThenInput { kind: "page".to_owned(), page: chosen.to_owned(), ..ThenInput::default() },
    }
}

fn read_wording(form: &Form, name: &str) -> Wording {
    let text = |part: &str| form.text(&format!("{name}_wording.{part}")).to_owned();
    Wording {
        heading: text("heading"),
        heading_en: text("heading_en"),
        message: text("message"),
        message_en: text("message_en"),
        first: if text("first") == "message" { FirstScreen::Message } else { FirstScreen::Slots },
    }
}

/// Does what a button of the rows asks for; `false` if the form is to be saved.
pub fn change(input: &mut TagInput, wish: &str) -> bool {
    let at = |prefix: &str| wish.strip_prefix(prefix).and_then(|index| index.parse::<usize>().ok());
    if wish == "add-form" {
        input.forms.push(TagFormInput::default());
    } else if wish == "add-rule" {
        input.rules.push(VisitorRuleInput::default());
    } else if let Some(index) = at("remove-form-").filter(|index| *index < input.forms.len()) {
        input.forms.remove(index);
    } else if let Some(index) = at("remove-rule-").filter(|index| *index < input.rules.len()) {
        input.rules.remove(index);
    } else if let Some(index) = at("up-rule-").filter(|index| (1..input.rules.len()).contains(index)) {
        input.rules.swap(index, index - 1);
    } else {
        return false;
    }
    true
}

/// Leaves out rows in which nothing was typed.
pub fn tidy(input: &mut TagInput) {
    let is_typed = |text: &str| !text.trim().is_empty();
    input.rules.retain(|rule| is_typed(&rule.url) || is_typed(&rule.page) || !rule.then.kind.is_empty());
    input.forms.retain(|form| is_typed(&form.name) || is_typed(&form.url) || !form.fields.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_are_written() {
        let typed = "email = your-email\n\n company＝ kaisha \nbroken";
        let fields = read_fields(typed);
        assert_eq!(fields_text(&fields), "broken = \ncompany = kaisha\nemail = your-email");
    }
}
