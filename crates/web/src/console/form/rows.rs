//! The form editor's lists: questions and fixed values as typed rows, and what the buttons do with them.

use crate::http::form::Form as Typed;
use crate::text::translator::Translator;
use crate::ui::removed::Removed;
use domain::form::{Form, FormField, HiddenSource, NAME_PARTS, ShowWhen};
use serde::{Deserialize, Serialize};

/// One question as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct QuestionRow {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) label_en: String,
    pub(super) kind: String,
    pub(super) required: bool,
    pub(super) kana: bool,
    pub(super) options: String,
    pub(super) help: String,
    pub(super) help_en: String,
    pub(super) source: String,
    pub(super) source_value: String,
    /// The fields that it fills, with commas between; whole answer first, then the parts of a name.
    pub(super) targets: [String; 5],
    pub(super) conditions: Vec<ConditionRow>,
}

/// One condition as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ConditionRow {
    pub(super) field: String,
    pub(super) operator: String,
    /// One a line.
    pub(super) values: String,
}

/// One fixed value as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ConstantRow {
    pub(super) target: String,
    pub(super) value: String,
}

/// The parts of the editor that are lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) questions: Vec<QuestionRow>,
    pub(super) constants: Vec<ConstantRow>,
    /// What was just taken away and can be brought back.
    pub(super) removed: Option<RemovedRow>,
    /// The question that a button was just pressed for: it stays open.
    pub(super) touched: Option<usize>,
}

/// A row that was taken away, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum RemovedRow {
    /// A question.
    Question(usize, Box<QuestionRow>),
    /// A fixed value.
    Constant(usize, ConstantRow),
}

impl RemovedRow {
    /// As the page shows it, with a way back.
    pub(super) fn shown(&self, t: &Translator) -> Removed {
        let name = match self {
            Self::Question(place, row) if row.label.is_empty() => {
                t.fill("question-number", "number", place + 1)
            }
            Self::Question(_, row) => row.label.clone(),
            Self::Constant(place, row) if row.target.is_empty() => {
                t.fill("constant-number", "number", place + 1)
            }
            Self::Constant(_, row) => row.target.clone(),
        };
        Removed::new(t, &name, self)
    }
}

const MAX_ROWS: usize = 60;
const MAX_CONDITIONS: usize = 10;

/// The names of the inputs for the fields that a question fills.
pub(super) const TARGETS: [&str; 5] =
    ["target", "target_family", "target_given", "target_family_kana", "target_given_kana"];

impl Rows {
    /// Reads the lists of a form; a removed row is simply missing from then on.
    pub(super) fn read(typed: &Typed) -> Self {
        let questions = (0..MAX_ROWS).map_while(|index| {
            let text = |name: &str| typed.text(&format!("fields[{index}].{name}")).to_owned();
            typed.find(&format!("fields[{index}].label"))?;
            Some(QuestionRow {
                key: text("key"),
                label: text("label"),
                label_en: text("label_en"),
                kind: text("kind"),
                required: !text("required").is_empty(),
                kana: !text("kana").is_empty(),
                options: text("options"),
                help: text("help"),
                help_en: text("help_en"),
                source: text("source"),
                source_value: text("source_value"),
                targets: TARGETS.map(text),
                conditions: conditions(typed, index),
            })
        });
        let constants = (0..MAX_ROWS).map_while(|index| {
            let text = |name: &str| typed.text(&format!("salesforce.constants[{index}].{name}")).to_owned();
            typed.find(&format!("salesforce.constants[{index}].salesforce_field"))?;
            Some(ConstantRow { target: text("salesforce_field"), value: text("value") })
        });
        Self { questions: questions.collect(), constants: constants.collect(), removed: None, touched: None }
    }

    /// Does what a button of the lists asks for; `false` when the form is to be saved.
    pub(super) fn change(&mut self, wish: &str, removed: &str) -> bool {
        let at = |prefix: &str| wish.strip_prefix(prefix).and_then(|index| index.parse::<usize>().ok());
        match wish {
            "undo" => self.restore(removed),
            "add-field" => {
                self.questions.push(QuestionRow { kind: "text".to_owned(), ..QuestionRow::default() });
            }
            "add-constant" => self.constants.push(ConstantRow::default()),
            _ => {
                let questions = self.questions.len();
                self.touched = at("follow-field-").or(at("condition-field-"));
                if at("follow-field-").is_some() {
                    // The inputs follow the kind that was chosen.
                } else if let Some(index) = at("remove-field-").filter(|index| *index < questions) {
                    let row = self.questions.remove(index);
                    self.removed = Some(RemovedRow::Question(index, Box::new(row)));
                } else if let Some(index) = at("up-field-").filter(|index| (1..questions).contains(index)) {
                    self.questions.swap(index, index - 1);
                } else if let Some(index) = at("condition-field-").filter(|index| *index < questions) {
                    self.questions[index].conditions.push(ConditionRow::default());
                } else if let Some(index) =
                    at("remove-constant-").filter(|index| *index < self.constants.len())
                {
                    self.removed = Some(RemovedRow::Constant(index, self.constants.remove(index)));
                } else {
                    return wish.contains("-field-") || wish.contains("-constant-");
                }
            }
        }
        true
    }

    fn restore(&mut self, removed: &str) {
        match serde_json::from_str(removed) {
            Ok(RemovedRow::Question(place, row)) => {
                self.questions.insert(place.min(self.questions.len()), *row);
            }
            Ok(RemovedRow::Constant(place, row)) => {
                self.constants.insert(place.min(self.constants.len()), row);
            }
            Err(_) => {}
        }
    }

    /// Leaves out rows in which nothing was typed, and gives questions without a key one.
    pub(super) fn tidy(&mut self) {
        self.questions.retain(|row| !(row.key.trim().is_empty() && row.label.trim().is_empty()));
        self.constants.retain(|row| !(row.target.trim().is_empty() && row.value.trim().is_empty()));
        for row in &mut self.questions {
            row.conditions.retain(|condition| !condition.field.is_empty());
        }
        for index in 0..self.questions.len() {
            if self.questions[index].key.trim().is_empty() {
                let kind = self.questions[index].kind.clone();
                let taken = |key: &String| self.questions.iter().any(|row| row.key == *key);
                let by_kind =
                    Some(kind).filter(|kind| matches!(kind.as_str(), "email" | "name" | "company" | "phone"));
                let numbered = (index + 1..).map(|number| format!("question_{number}"));
                let free = by_kind.into_iter().chain(numbered).find(|key| !taken(key));
                self.questions[index].key = free.unwrap_or_default();
            }
        }
    }

    /// The lists of a form.
    pub(super) fn of_form(form: &Form) -> Self {
        let constants = form.salesforce.constants.iter();
        Self {
            questions: form.fields.iter().map(|field| question(form, field)).collect(),
            constants: constants
                .map(|one| ConstantRow { target: one.salesforce_field.clone(), value: one.value.clone() })
                .collect(),
            removed: None,
            touched: None,
        }
    }
}

fn conditions(typed: &Typed, index: usize) -> Vec<ConditionRow> {
    let rows = (0..MAX_CONDITIONS).map_while(|place| {
        let text = |name: &str| typed.text(&format!("fields[{index}].show_when[{place}].{name}")).to_owned();
        typed.find(&format!("fields[{index}].show_when[{place}].field"))?;
        Some(ConditionRow { field: text("field"), operator: text("operator"), values: text("values") })
    });
    rows.collect()
}

fn question(form: &Form, field: &FormField) -> QuestionRow {
    let fills = |key: &str| {
        let mappings = form.salesforce.mappings.iter().filter(|mapping| mapping.field == key);
        mappings.map(|mapping| mapping.salesforce_field.as_str()).collect::<Vec<_>>().join(", ")
    };
    let [family, given, family_kana, given_kana] = NAME_PARTS.map(|part| fills(&field.part(part)));
    let (source, source_value) = match &field.source {
        Some(HiddenSource::Parameter { name }) => ("parameter", name.clone()),
        Some(HiddenSource::Referrer) => ("referrer", String::new()),
        Some(HiddenSource::Page) => ("page", String::new()),
        Some(HiddenSource::Fixed { value }) => ("fixed", value.clone()),
        None => ("", String::new()),
    };
    let condition = |one: &ShowWhen| ConditionRow {
        field: one.field.clone(),
        operator: one.operator.name().to_owned(),
        values: one.values.join("\n"),
    };
    QuestionRow {
        key: field.key.clone(),
        label: field.label.clone(),
        label_en: field.label_en.clone().unwrap_or_default(),
        kind: field.kind.name().to_owned(),
        required: field.required,
        kana: field.kana,
        options: field.options.join("\n"),
        help: field.help.clone().unwrap_or_default(),
        help_en: field.help_en.clone().unwrap_or_default(),
        source: source.to_owned(),
        source_value,
        targets: [fills(&field.key), family, given, family_kana, given_kana],
        conditions: field.show_when.iter().map(condition).collect(),
    }
}
