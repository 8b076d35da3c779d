//! Person fields as rows of inputs, and back.

use crate::console::people::person::label;
use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::org::Descriptions;
use domain::people::{
    ConflictRule, Direction, EMAIL, MAX_PERSON_FIELDS, MappingState, PersonField, PersonFieldKind,
    PersonFields, PersonObject, STANDARD_PERSON_FIELDS, map_field,
};
use domain::value::tidy_line;

/// A person field with its inputs.
pub struct FieldRow {
    /// Its place, for the buttons.
    pub index: usize,
    /// What people call it.
    pub title: String,
    /// The name by which programs call it; empty where it is still to be typed.
    pub name: String,
    /// It can be taken away.
    pub is_removable: bool,
    /// Its inputs.
    pub inputs: Vec<Input>,
    /// How it goes with the org's fields: a word for the chip, and the sentence.
    pub states: Vec<(&'static str, String)>,
}

/// A field that is still to be filled in.
pub fn empty() -> PersonField {
    PersonField {
        name: String::new(),
        label: String::new(),
        kind: PersonFieldKind::Text,
        lead_field: None,
        contact_field: None,
        direction: Direction::Both,
        conflict: ConflictRule::Newest,
    }
}

/// Reads the rows.
pub fn read(form: &Form) -> Vec<PersonField> {
    let mut fields = Vec::new();
    for index in 0..=MAX_PERSON_FIELDS {
        let text = |part: &str| form.text(&format!("fields[{index}].{part}")).trim().to_owned();
        if form.find(&format!("fields[{index}].name")).is_none() {
            break;
        }
        let kind = PersonFieldKind::ALL.into_iter().find(|kind| kind.name() == text("type"));
        let path = |part: &str| Some(text(part)).filter(|path| !path.is_empty());
        fields.push(PersonField {
            name: text("name"),
            label: tidy_line(&text("label")),
            kind: kind.unwrap_or(PersonFieldKind::Text),
            lead_field: path("lead_field"),
            contact_field: path("contact_field"),
            direction: Direction::parse(&text("direction")).unwrap_or_default(),
            conflict: ConflictRule::parse(&text("conflict")).unwrap_or_default(),
        });
    }
    fields
}

/// The rows. `kept` are the fields in use, whose names and types stay.
pub fn rows(
    t: &Translator,
    fields: &[PersonField],
    kept: &PersonFields,
    known: &Descriptions,
) -> Vec<FieldRow> {
    let row = |(index, field): (usize, &PersonField)| {
        let is_kept = kept.find(&field.name).is_some();
        FieldRow {
            index,
            title: if field.name.is_empty() { t.text("person-field-new") } else { label(t, field) },
            name: if is_kept { field.name.clone() } else { String::new() },
            is_removable: field.name != EMAIL,
            inputs: inputs(t, index, field, is_kept),
            states: if is_kept { states(t, field, known) } else { Vec::new() },
        }
    };
    fields.iter().enumerate().map(row).collect()
}

fn inputs(t: &Translator, index: usize, field: &PersonField, is_kept: bool) -> Vec<Input> {
    let line = |part: &str, text: &str, value: &str| {
        Input::line(t, &format!("fields[{index}].{part}"), t.text(text), value)
    };
    let words = |family: &str, names: &[&str]| -> Vec<(String, String)> {
        names.iter().map(|name| ((*name).to_owned(), t.word(family, name))).collect()
    };
    let path = |part: &str, text: &str, object: PersonObject, value: &Option<String>| Input {
        suggest: format!("/console/people/fields/suggest/{}", object.name()),
        ..line(part, text, value.as_deref().unwrap_or_default())
    };
    let mut inputs = Vec::new();
    if !is_kept {
        inputs.push(
            line("name", "person-field-name", &field.name)
                .required(true)
                .hint(t.text("person-field-name-hint")),
        );
    }
    let is_standard = STANDARD_PERSON_FIELDS.contains(&field.name.as_str());
    let shown = if is_standard { label(t, field) } else { field.label.clone() };
    inputs.push(line("label", "person-field-label", &shown).required(!is_standard));
    let kinds = PersonFieldKind::ALL.map(PersonFieldKind::name);
    inputs.push(line("type", "person-field-type", "").choices(
        Control::Select,
        words("person-field-kind", &kinds),
        &[field.kind.name().to_owned()],
    ));
    inputs.push(path("lead_field", "person-field-lead", PersonObject::Lead, &field.lead_field));
    inputs.push(path("contact_field", "person-field-contact", PersonObject::Contact, &field.contact_field));
    let directions = Direction::ALL.map(Direction::name);
    inputs.push(line("direction", "person-field-direction", "").choices(
        Control::Select,
        words("person-direction", &directions),
        &[field.direction.name().to_owned()],
    ));
    let rules = ConflictRule::ALL.map(ConflictRule::name);
    inputs.push(line("conflict", "person-field-conflict", "").choices(
        Control::Select,
        words("person-conflict-rule", &rules),
        &[field.conflict.name().to_owned()],
    ));
    inputs
}

fn states(t: &Translator, field: &PersonField, known: &Descriptions) -> Vec<(&'static str, String)> {
    let state = |object: PersonObject| {
        let values = |code: &str, more: String| {
            t.sentence(code, [("object", t.word("object", object.name())), ("type", more)])
        };
        match map_field(field, object, known) {
            MappingState::Unmapped | MappingState::Undescribed(_) => None,
            // Nothing is known of an object before the org was asked for the first time.
            MappingState::Hidden if known.get(object.name()).is_none_or(Option::is_none) => None,
            MappingState::Hidden => Some(("suspended", values("person-field-hidden", String::new()))),
            MappingState::Unfit(kind) => {
                Some(("failed", values("person-field-unfit", t.word("field-type", kind.name()))))
            }
            MappingState::Fits { direction, .. } if direction != field.direction => {
                Some(("skipped", values("person-field-read-only", String::new())))
            }
            MappingState::Fits { .. } => None,
        }
    };
    PersonObject::ALL.into_iter().filter_map(state).collect()
}
