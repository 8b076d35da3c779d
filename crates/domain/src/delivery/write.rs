//! One write to one record, which says by itself what its refusal, its loss and a duplicate mean.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Field values of one record, by API name, in the order in which they are sent.
pub type Fields = Map<String, Value>;

/// What is done to the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "write")]
pub enum Operation {
    /// Create a record.
    Create,
    /// Create a record, or change the one that has this value in an external ID field.
    Upsert {
        /// The external ID field's API name.
        field: String,
        /// Its value.
        value: String,
    },
    /// Change a record.
    Update {
        /// Which record.
        id: String,
    },
}

/// How to find out whether a write took effect when its response was lost (Q1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recovery {
    /// The record carries the delivery's marker in this text field, which need not be filterable.
    Marker {
        /// The field's API name.
        field: String,
    },
    /// The record has the written value in this external ID field.
    ExternalId {
        /// The field's API name.
        field: String,
    },
    /// The record was made by the connected user at that time and has the values that were written into these fields:
    /// for objects without a field that could carry a mark.
    SameValues {
        /// The fields' API names.
        fields: Vec<String>,
    },
    /// The org refuses a second one, which counts as success.
    RefusedTwice,
    /// Writing the same values once more changes nothing.
    Repeatable,
}

/// What it means when the org says that the record exists already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDuplicate {
    /// A refusal like any other.
    Fail,
    /// The record that the org's duplicate rule names is used instead if its e-mail is the one written. If it is
    /// another's, the record is saved all the same where the rule only alerts.
    // Attempts that an earlier build began say "adopt".
    #[serde(alias = "adopt")]
    AdoptSameEmail,
    /// As [`Self::AdoptSameEmail`], and the record that is used gets the values in the next try.
    UpdateSameEmail,
    /// The write has done its work already.
    Done,
}

/// Who becomes the owner of a created record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignment {
    /// The owner written, or the connected user.
    AsWritten,
    /// The org's active assignment rule decides (K11).
    ActiveRule,
}

/// One write to one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    /// What is done.
    #[serde(flatten)]
    pub operation: Operation,
    /// The object's API name.
    pub object: String,
    /// The values to set.
    pub fields: Fields,
    /// The fields that the write can't do without; a refusal of another drops that field (K16).
    pub required: Vec<String>,
    /// How a lost response is found out about.
    pub recovery: Recovery,
    /// What a duplicate means.
    pub on_duplicate: OnDuplicate,
    /// Who owns a created record.
    pub assignment: Assignment,
    /// Saves in spite of a duplicate rule that only alerts.
    #[serde(default)]
    pub allow_duplicates: bool,
    /// A field that gets the ID of the record which an earlier write of the same plan makes.
    #[serde(default)]
    pub record_of: Option<RecordOfWrite>,
}

/// The record that another write makes, as the value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordOfWrite {
    /// The field that gets its ID.
    pub field: String,
    /// The write's place in the plan.
    pub place: usize,
}

impl Write {
    /// Creates a record; duplicates fail and no assignment rule runs unless said otherwise.
    pub fn create(object: &str, fields: Fields, recovery: Recovery) -> Self {
        Self {
            operation: Operation::Create,
            object: object.to_owned(),
            fields,
            required: Vec::new(),
            recovery,
            on_duplicate: OnDuplicate::Fail,
            assignment: Assignment::AsWritten,
            allow_duplicates: false,
            record_of: None,
        }
    }

    /// Changes a record.
    pub fn update(object: &str, id: &str, fields: Fields) -> Self {
        let operation = Operation::Update { id: id.to_owned() };
        Self { operation, ..Self::create(object, fields, Recovery::Repeatable) }
    }

    /// The same write with fields that it can't do without.
    #[must_use]
    pub fn requiring(mut self, fields: &[&str]) -> Self {
        self.required.extend(fields.iter().map(|field| (*field).to_owned()));
        self
    }

    /// The same write with a meaning for duplicates.
    #[must_use]
    pub fn on_duplicate(mut self, meaning: OnDuplicate) -> Self {
        self.on_duplicate = meaning;
        self
    }

    /// The same write with the org's active assignment rule.
    #[must_use]
    pub fn assigned_by_rule(mut self) -> Self {
        self.assignment = Assignment::ActiveRule;
        self
    }

    /// The same write, saved in spite of a duplicate rule that only alerts, if `allowed`.
    #[must_use]
    pub fn allowing_duplicates(mut self, allowed: bool) -> Self {
        self.allow_duplicates = allowed;
        self
    }

    /// Whether a record may be created.
    pub fn is_create(&self) -> bool {
        !matches!(self.operation, Operation::Update { .. })
    }

    /// The value that is written into a field; `None` when it is not written, or is no text or number.
    pub fn written_value(&self, field: &str) -> Option<String> {
        match &self.operation {
            Operation::Upsert { field: key, value } if key == field => Some(value.clone()),
            _ => match self.fields.get(field)? {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            },
        }
    }

    /// Whether the field can be left out when the org refuses its value.
    pub fn may_drop(&self, field: &str) -> bool {
        self.fields.contains_key(field) && !self.required.iter().any(|required| required == field)
    }
}
