//! A field of an object, as `describe` tells it (contract 2.4).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One field; what is not named here is kept in [`Field::rest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// API name.
    pub name: String,
    /// Name for people, in the user's language.
    #[serde(default)]
    pub label: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Most characters of a text; 0 for other types.
    #[serde(default)]
    pub length: u32,
    /// Digits in all of a number with decimals.
    #[serde(default)]
    pub precision: u32,
    /// Digits behind the point.
    #[serde(default)]
    pub scale: u32,
    /// Digits of a whole number.
    #[serde(default)]
    pub digits: u32,
    /// Whether it may be empty.
    #[serde(default)]
    pub nillable: bool,
    /// Whether the user may set it on a new row.
    #[serde(default)]
    pub createable: bool,
    /// Whether the user may change it.
    #[serde(default)]
    pub updateable: bool,
    /// Whether the org fills it in when it is left out.
    #[serde(default)]
    pub defaulted_on_create: bool,
    /// Whether it is a formula or roll-up.
    #[serde(default)]
    pub calculated: bool,
    /// Whether it was added to the object by the org's people or a package.
    #[serde(default)]
    pub custom: bool,
    /// Whether it can stand in a WHERE.
    #[serde(default)]
    pub filterable: bool,
    /// Whether its values must be unique.
    #[serde(default)]
    pub unique: bool,
    /// Whether it can be the key of an upsert.
    #[serde(default)]
    pub external_id: bool,
    /// Whether it identifies rows like an external id although it is a standard field.
    #[serde(default)]
    pub id_lookup: bool,
    /// Whether field-level security can hide it.
    #[serde(default)]
    pub permissionable: bool,
    /// Whether a formula renders as HTML, or a text area is rich.
    #[serde(default)]
    pub html_formatted: bool,
    /// A finer type: `richtextarea`, `plaintextarea`, `personname`…
    #[serde(default)]
    pub extra_type_info: Option<String>,
    /// Whether values outside the picklist are refused.
    #[serde(default)]
    pub restricted_picklist: bool,
    /// Whether its choices depend on another field.
    #[serde(default)]
    pub dependent_picklist: bool,
    /// The picklist's choices, inactive ones included.
    #[serde(default)]
    pub picklist_values: Vec<PicklistValue>,
    /// The objects a lookup points to.
    #[serde(default)]
    pub reference_to: Vec<String>,
    /// The name of the parent in paths: `Owner` for `OwnerId`.
    #[serde(default)]
    pub relationship_name: Option<String>,
    /// The compound field this is a part of.
    #[serde(default)]
    pub compound_field_name: Option<String>,
    /// Help for people.
    #[serde(default)]
    pub inline_help_text: Option<String>,
    /// Everything else the org said, by its own names.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A choice of a picklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PicklistValue {
    /// What is stored; write this.
    pub value: String,
    /// What people see.
    #[serde(default)]
    pub label: Option<String>,
    /// Whether it can be chosen.
    #[serde(default)]
    pub active: bool,
    /// Whether it is the default.
    #[serde(default)]
    pub default_value: bool,
    /// For a dependent picklist, the bitmap of controlling values it is allowed for, in base64.
    #[serde(default)]
    pub valid_for: Option<String>,
}

/// The type of a field's values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are Salesforce's own")]
pub enum FieldType {
    Id,
    String,
    Picklist,
    MultiPicklist,
    Combobox,
    Reference,
    Boolean,
    TextArea,
    Double,
    Int,
    Long,
    Currency,
    Percent,
    Date,
    DateTime,
    Time,
    Phone,
    Email,
    Url,
    Address,
    Location,
    EncryptedString,
    Base64,
    #[serde(rename = "anyType")]
    AnyType,
    /// A type this library does not know.
    #[serde(untagged)]
    Other(String),
}

impl Field {
    /// Whether every new row must give it: not empty, no default, writable, and no check box.
    pub fn is_required_on_create(&self) -> bool {
        let can_be_missing = self.nillable || self.defaulted_on_create || self.kind == FieldType::Boolean;
        self.createable && !can_be_missing
    }
}
