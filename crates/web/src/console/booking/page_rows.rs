//! The page editor's lists: questions, mappings and members as typed rows, and what the buttons do with them.

use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::removed::Removed;
use domain::booking::BookingPage;
use domain::form::{FieldMapping, FormField};
use domain::value::MemberId;
use serde::{Deserialize, Serialize};

/// One question as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRow {
    /// The key; made from the place when it was left blank.
    pub key: String,
    /// The wording.
    pub label: String,
    /// The English wording.
    pub label_en: String,
    /// The word of the kind.
    pub kind: String,
    /// Has to be answered.
    pub required: bool,
    /// The options, one a line.
    pub options: String,
    /// A few words below the label.
    pub help: String,
    /// The same in English.
    pub help_en: String,
}

/// One mapping as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingRow {
    /// The question's key.
    pub field: String,
    /// The Lead field.
    pub target: String,
}

/// The parts of the form that are lists, in the order in which they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The questions.
    pub fields: Vec<FieldRow>,
    /// The mappings.
    pub mappings: Vec<MappingRow>,
    /// Every member who could take part, in order, and whether they do.
    pub members: Vec<(MemberId, bool)>,
    /// What was just taken away and can be brought back.
    pub removed: Option<RemovedRow>,
}

/// A row that was taken away, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RemovedRow {
    /// A question.
    Field(usize, FieldRow),
    /// A mapping.
    Mapping(usize, MappingRow),
}

impl RemovedRow {
    /// As the page shows it, with a way back.
    pub fn shown(&self, t: &Translator) -> Removed {
        let name = match self {
            Self::Field(place, row) if row.label.is_empty() => t.fill("question-number", "number", place + 1),
            Self::Field(_, row) => row.label.clone(),
            Self::Mapping(place, row) if row.target.is_empty() => {
                t.fill("mapping-number", "number", place + 1)
            }
            Self::Mapping(_, row) => row.target.clone(),
        };
        Removed::new(t, &name, self)
    }
}

const MAX_ROWS: usize = 200;

impl Rows {
    /// Reads the lists of a form; a removed row is simply missing from then on.
    pub fn read(form: &Form) -> Self {
        let fields = (0..MAX_ROWS).map_while(|index| {
            let text = |name: &str| form.text(&format!("fields[{index}].{name}")).to_owned();
            form.find(&format!("fields[{index}].label"))?;
            Some(FieldRow {
                key: text("key"),
                label: text("label"),
                label_en: text("label_en"),
                kind: text("kind"),
                required: !text("required").is_empty(),
                options: text("options"),
                help: text("help"),
                help_en: text("help_en"),
            })
        });
        let mappings = (0..MAX_ROWS).map_while(|index| {
            let target = form.find(&format!("salesforce.mappings[{index}].salesforce_field"))?.to_owned();
            Some(MappingRow {
                field: form.text(&format!("salesforce.mappings[{index}].field")).to_owned(),
                target,
            })
        });
        let chosen = form.all("members");
        let members = form.all("member_order");
        let members = members.iter().filter_map(|id| Some((id.parse().ok()?, chosen.contains(id))));
        Self {
            fields: fields.collect(),
            mappings: mappings.collect(),
            members: members.collect(),
            removed: None,
        }
    }

    /// Does what a button of the lists asks for; `false` when the form is to be saved.
    ///
    /// `removed` is the row that the button to undo brings back.
    pub fn change(&mut self, wish: &str, removed: &str) -> bool {
        if wish == "undo" {
            self.restore(removed);
            return true;
        }
        let at = |prefix: &str| wish.strip_prefix(prefix).and_then(|index| index.parse::<usize>().ok());
        match wish {
            "add-field" => self.fields.push(FieldRow { kind: "text".to_owned(), ..FieldRow::default() }),
            "add-mapping" => self.mappings.push(MappingRow::default()),
            _ => {
                if let Some(index) = at("remove-field-").filter(|index| *index < self.fields.len()) {
                    self.removed = Some(RemovedRow::Field(index, self.fields.remove(index)));
                } else if let Some(index) =
                    at("up-field-").filter(|index| (1..self.fields.len()).contains(index))
                {
                    self.fields.swap(index, index - 1);
                } else if let Some(index) = at("remove-mapping-").filter(|index| *index < self.mappings.len())
                {
                    self.removed = Some(RemovedRow::Mapping(index, self.mappings.remove(index)));
                } else if let Some(index) =
                    at("up-member-").filter(|index| (1..self.members.len()).contains(index))
                {
                    self.members.swap(index, index - 1);
                } else {
                    return wish.contains("-field-")
                        || wish.contains("-mapping-")
                        || wish.contains("-member-");
                }
            }
        }
        true
    }

    fn restore(&mut self, removed: &str) {
        match serde_json::from_str(removed) {
            Ok(RemovedRow::Field(place, row)) => self.fields.insert(place.min(self.fields.len()), row),
            Ok(RemovedRow::Mapping(place, row)) => {
                self.mappings.insert(place.min(self.mappings.len()), row);
            }
            Err(_) => {}
        }
    }

    /// Leaves out rows in which nothing was typed, and gives questions without a key one.
    pub fn tidy(&mut self) {
        self.fields.retain(|row| {
            !(row.key.trim().is_empty() && row.label.trim().is_empty() && row.options.trim().is_empty())
        });
        self.mappings.retain(|row| !row.target.trim().is_empty());
        for index in 0..self.fields.len() {
            if self.fields[index].key.trim().is_empty() {
                let free = (index + 1..).map(|number| format!("question_{number}"));
                let taken = |key: &String| self.fields.iter().any(|row| row.key == *key);
                self.fields[index].key = free.into_iter().find(|key| !taken(key)).unwrap_or_default();
            }
        }
    }
}

/// The lists of a page; members who don't take part come last.
pub fn rows_of(page: &BookingPage, everybody: &[MemberId]) -> Rows {
    let field = |field: &FormField| FieldRow {
        key: field.key.clone(),
        label: field.label.clone(),
        label_en: field.label_en.clone().unwrap_or_default(),
        kind: field.kind.name().to_owned(),
        required: field.required,
        options: field.options.join("\n"),
        help: field.help.clone().unwrap_or_default(),
        help_en: field.help_en.clone().unwrap_or_default(),
    };
    let mapping = |mapping: &FieldMapping| MappingRow {
        field: mapping.field.clone(),
        target: mapping.salesforce_field.clone(),
    };
    let others = everybody.iter().filter(|id| !page.members.contains(id)).map(|id| (*id, false));
    Rows {
        fields: page.fields.iter().map(field).collect(),
        mappings: page.salesforce.mappings.iter().map(mapping).collect(),
        members: page.members.iter().map(|id| (*id, true)).chain(others).collect(),
        removed: None,
    }
}
