//! One input of a form with its label, hint and fault.

use crate::text::translator::Translator;
use askama::Template;

/// Choices that stand one below the other; more than these stand side by side where there is room.
const MAX_CHOICES_IN_COLUMN: usize = 8;

/// What kind of control an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// One line; the name is the `type` attribute.
    Line(&'static str),
    /// Several lines.
    Area,
    /// One of the choices, all in sight.
    Radio,
    /// Any of the choices.
    Checkboxes,
    /// One of the choices, in a list.
    Select,
    /// On or off.
    Switch,
}

/// One choice of a radio group, check boxes or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Is chosen now.
    pub chosen: bool,
}

/// An input as its page shows it.
#[derive(Clone, Debug, Template)]
#[template(path = "widgets/input.html")]
pub struct Input {
    /// The page's words.
    pub t: Translator,
    /// Its name in the form; the name that faults are given, too.
    pub name: String,
    /// What people read.
    pub label: String,
    /// A sentence under the label.
    pub hint: String,
    /// What is wrong with it.
    pub fault: String,
    /// Has to be filled in.
    pub required: bool,
    /// What kind of control it is.
    pub control: Control,
    /// What was typed or is kept.
    pub value: String,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// The token by which browsers fill it in.
    pub autocomplete: &'static str,
    /// Which keyboard a phone shows.
    pub keyboard: &'static str,
    /// How wide its box is, as the style sheet calls it; empty for as wide as there is room.
    pub width: &'static str,
    /// Where suggestions come from while it is typed into; empty for none.
    pub suggest: String,
}

impl Input {
    /// A text input with a label.
    pub fn line(t: &Translator, name: &str, label: String, value: &str) -> Self {
        Self {
            t: t.clone(),
            name: name.to_owned(),
            label,
            hint: String::new(),
            fault: String::new(),
            required: false,
            control: Control::Line("text"),
            value: value.to_owned(),
            choices: Vec::new(),
            autocomplete: "",
            keyboard: "",
            width: "",
            suggest: String::new(),
        }
    }

    /// The same input with another control.
    #[must_use]
    pub fn of(mut self, control: Control) -> Self {
        self.control = control;
        self
    }

    /// The same input, on or off.
    #[must_use]
    pub fn switch(mut self, on: bool) -> Self {
        self.control = Control::Switch;
        self.value = if on { "on".to_owned() } else { String::new() };
        self
    }

    /// The same input with choices, of which those in `chosen` are taken.
    #[must_use]
    pub fn choices(mut self, control: Control, choices: Vec<(String, String)>, chosen: &[String]) -> Self {
        self.control = control;
        self.choices = choices
            .into_iter()
            .map(|(value, label)| Choice { chosen: chosen.contains(&value), value, label })
            .collect();
        self
    }

    /// The same input, which has to be filled in.
    #[must_use]
    pub fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }

    /// The same input with a sentence under its label; nothing when empty.
    #[must_use]
    pub fn hint(mut self, hint: String) -> Self {
        self.hint = hint;
        self
    }

    /// The same input with the token by which browsers fill it in.
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = token;
        self
    }

    /// The same input with a number keyboard and a short box.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.keyboard = "numeric";
        self.width = "short";
        self
    }

    /// The same input with a box for few characters.
    #[must_use]
    pub fn short(mut self) -> Self {
        self.width = "short";
        self
    }

    /// The same input with a box for one value that is not long: a name, an ID, a zone.
    #[must_use]
    pub fn medium(mut self) -> Self {
        self.width = "medium";
        self
    }

    /// The id of its control; of the first one in a group.
    pub fn id(&self) -> String {
        id_of(&self.name)
    }

    /// A group of controls with one legend.
    pub fn is_group(&self) -> bool {
        matches!(self.control, Control::Radio | Control::Checkboxes)
    }

    /// A group of so many controls that they stand side by side.
    pub fn is_many(&self) -> bool {
        self.is_group() && self.choices.len() > MAX_CHOICES_IN_COLUMN
    }

    /// The `type` attribute of its controls.
    pub fn kind(&self) -> &'static str {
        match self.control {
            Control::Line(kind) => kind,
            Control::Radio => "radio",
            Control::Checkboxes | Control::Switch => "checkbox",
            Control::Area | Control::Select => "",
        }
    }

    /// The ids of the sentences that describe it.
    pub fn described_by(&self) -> String {
        let id = self.id();
        let parts = [(!self.fault.is_empty(), "fault"), (!self.hint.is_empty(), "hint")];
        let ids: Vec<String> =
            parts.iter().filter(|(there, _)| *there).map(|(_, part)| format!("{id}-{part}")).collect();
        ids.join(" ")
    }
}

/// The id of the input with a name.
pub fn id_of(name: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("in-{safe}")
}
