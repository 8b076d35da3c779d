//! What forms and bookings tell of a person: which of its answers are values of person fields.

use crate::booking::Booking;
use crate::form::{Answer, Answers, FieldKind, FieldMapping, Form, FormField};
use crate::people::{EMAIL, PersonFields, Values};
use crate::value::PersonName;

/// What a submission of a form tells of the person who sent it. Answers go to the person fields that are tied to the same
/// Salesforce fields; name, company and phone to the standard ones.
pub fn values_of_submission(form: &Form, answers: &Answers, email: &str, fields: &PersonFields) -> Values {
    let mut told = Told { fields, values: Values::new() };
    told.put(EMAIL, email);
    told.mapped(&form.salesforce.object, &form.salesforce.mappings, answers);
    for question in &form.fields {
        told.standard(question, answers);
    }
    told.values
}

/// What a booking tells of its attendee.
pub fn values_of_booking(booking: &Booking, mappings: &[FieldMapping], fields: &PersonFields) -> Values {
    let mut told = Told { fields, values: Values::new() };
    told.put(EMAIL, booking.attendee.email.as_str());
    told.name(&booking.attendee.name);
    told.put("company", &booking.attendee.company);
    told.mapped("Lead", mappings, &booking.answers);
    told.values
}

struct Told<'a> {
    fields: &'a PersonFields,
    values: Values,
}

impl Told<'_> {
    /// The first value that is told counts.
    fn put(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if !value.is_empty() && self.fields.find(name).is_some() && !self.values.contains_key(name) {
            self.values.insert(name.to_owned(), value.to_owned());
        }
    }

    fn mapped(&mut self, object: &str, mappings: &[FieldMapping], answers: &Answers) {
        for mapping in mappings {
            let Some(answer) = answers.get(&mapping.field) else { continue };
            let text = match answer {
                Answer::One(text) => text.clone(),
                Answer::Many(chosen) => chosen.join(";"),
            };
            let is_same = |path: &Option<String>| {
                path.as_deref().is_some_and(|path| path.eq_ignore_ascii_case(&mapping.salesforce_field))
            };
            let tied = self.fields.fields.iter().find(|field| match object {
                "Contact" => is_same(&field.contact_field),
                "Lead" => is_same(&field.lead_field),
                _ => false,
            });
            if let Some(field) = tied {
                let name = field.name.clone();
                self.put(&name, &text);
            }
        }
    }

    fn standard(&mut self, question: &FormField, answers: &Answers) {
        let text = |key: &str| match answers.get(key) {
            Some(Answer::One(text)) => text.clone(),
            _ => String::new(),
        };
        match question.kind {
            FieldKind::Name => {
                self.put("last_name", &text(&question.part("family")));
                self.put("first_name", &text(&question.part("given")));
            }
            FieldKind::Company => self.put("company", &text(&question.key)),
            FieldKind::Phone => self.put("phone", &text(&question.key)),
            _ => {}
        }
    }

    fn name(&mut self, name: &PersonName) {
        match name.clone().split() {
            PersonName::Split { family_name, given_name } => {
                self.put("last_name", &family_name);
                self.put("first_name", &given_name);
            }
            PersonName::Whole { name } => self.put("last_name", &name),
        }
    }
}
