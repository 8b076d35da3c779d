//! The booking form's inputs, and what was typed into them (B2, K10).

use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use crate::ui::question_input::{answer_name, question};
use domain::booking::BookingPage;
use domain::form::FieldKind;
use domain::value::Language;

/// A form filled from an address: its values go into the inputs of the same names.
pub fn prefilled(query: &Form) -> Form {
    let mut named = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in query.pairs() {
        let attendee = crate::public::booking::url::PREFILLED.contains(&name.as_str());
        named.append_pair(&if attendee { format!("attendee.{name}") } else { answer_name(name) }, value);
    }
    Form::parse(named.finish().as_bytes())
}

/// The visible inputs, in the order of the language's habits.
pub fn inputs(t: &Translator, page: &BookingPage, typed: &Form) -> Vec<Input> {
    let mut inputs = names(t, page, typed);
    let company =
        Input::line(t, "attendee.company", t.text("attendee-company"), typed.text("attendee.company"))
            .autocomplete("organization");
    let email = Input::line(t, "attendee.email", t.text("attendee-email"), typed.text("attendee.email"))
        .required(true)
        .autocomplete("email");
    inputs.push(company);
    inputs.push(Input { keyboard: "email", ..email });
    inputs.extend(
        page.fields
            .iter()
            .filter(|field| field.kind != FieldKind::Hidden)
            .map(|field| question(t, field, typed)),
    );
    if page.ask_guests {
        let guests = Input::line(t, "guests", t.text("attendee-guests"), typed.text("guests"));
        inputs.push(guests.of(Control::Area).hint(t.text("attendee-guests-hint")));
    }
    inputs
}

/// The hidden questions' values, which the address gave (B2).
pub fn hidden(page: &BookingPage, typed: &Form) -> Vec<(String, String)> {
    let hidden = page.fields.iter().filter(|field| field.kind == FieldKind::Hidden);
    hidden
        .map(|field| answer_name(&field.key))
        .map(|name| (typed.text(&name).to_owned(), name))
        .map(|(value, name)| (name, value))
        .collect()
}

fn names(t: &Translator, page: &BookingPage, typed: &Form) -> Vec<Input> {
    let name = |name: &str, label: &str, token: &'static str| {
        Input::line(t, name, t.text(label), typed.text(name)).required(true).autocomplete(token)
    };
    if !page.salesforce.split_name {
        return vec![name("attendee.name", "attendee-name", "name")];
    }
    let family = name("attendee.family_name", "attendee-family-name", "family-name");
    let given = name("attendee.given_name", "attendee-given-name", "given-name");
    match t.language {
        Language::Japanese => vec![family, given],
        Language::English => vec![given, family],
    }
}

/// The fellow attendees' addresses: one a line, or with commas between.
pub fn guests(typed: &Form) -> Vec<String> {
    typed
        .text("guests")
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '、' | '，' | '；'))
        .filter(|guest| !guest.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What was typed into the form, to be carried while another time is chosen; nothing else of what was sent.
pub fn typed_pairs(page: &BookingPage, typed: &Form) -> Vec<(String, String)> {
    let is_own = |name: &str| {
        name == "guests"
            || name
                .strip_prefix("attendee.")
                .is_some_and(|rest| crate::public::booking::url::PREFILLED.contains(&rest))
            || page.fields.iter().any(|field| answer_name(&field.key) == name)
    };
    typed.pairs().iter().filter(|(name, value)| is_own(name) && !value.is_empty()).cloned().collect()
}
