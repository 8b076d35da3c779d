//! The fields of people (リード項目): their types, and with which fields of the org they can be kept equal (S2).

use crate::org::{FieldType, OrgField};
use crate::people::{ConflictRule, Direction, ValueKind};
use serde::{Deserialize, Serialize};

/// What a person field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonFieldKind {
    /// テキスト(1行)
    Text,
    /// テキスト(複数行)
    Textarea,
    /// ラジオボタン
    Radio,
    /// チェックボックス: several options
    Checkboxes,
    /// プルダウン
    Dropdown,
    /// 数値
    Number,
    /// 日付, as `yyyy-mm-dd`
    Date,
    /// メールアドレス
    Email,
    /// 電話番号
    Phone,
}

/// A field of people, tied to a Lead field, a Contact field, both or neither.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonField {
    /// Its name in the API and in values.
    pub name: String,
    /// What people read; the catalogue's word where it is empty.
    #[serde(default)]
    pub label: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: PersonFieldKind,
    /// The Lead field's API name, or a path through a reference, which is only read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_field: Option<String>,
    /// The Contact field's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_field: Option<String>,
    /// Which way values go.
    #[serde(default)]
    pub direction: Direction,
    /// Who is right when both sides have changed it.
    #[serde(default)]
    pub conflict: ConflictRule,
}

/// Whether a kind of person field and a type of Salesforce field can be kept equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeMatch {
    /// Values can go both ways.
    Both,
    /// The org's value can be shown here; what is typed here would lose a part of it.
    FromSalesforce,
    /// They don't match.
    No,
}

impl PersonFieldKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Text,
        Self::Textarea,
        Self::Radio,
        Self::Checkboxes,
        Self::Dropdown,
        Self::Number,
        Self::Date,
        Self::Email,
        Self::Phone,
    ];

    /// The word in the API and for the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Textarea => "textarea",
            Self::Radio => "radio",
            Self::Checkboxes => "checkboxes",
            Self::Dropdown => "dropdown",
            Self::Number => "number",
            Self::Date => "date",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }

    /// How it goes with a Salesforce field. A Salesforce checkbox is the text `true` or `false`, as ferret One has it.
    pub const fn matches(self, target: FieldType) -> TypeMatch {
        use FieldType as T;
        let both = match self {
            Self::Text => {
                matches!(target, T::String | T::Url | T::Email | T::Phone | T::Encrypted | T::Checkbox)
            }
            Self::Textarea => matches!(target, T::LongText | T::RichText | T::String),
            Self::Radio | Self::Dropdown => matches!(target, T::Picklist),
            Self::Checkboxes => matches!(target, T::MultiPicklist),
            Self::Number => matches!(target, T::Number | T::Integer | T::Currency | T::Percent),
            Self::Date => matches!(target, T::Date),
            Self::Email => matches!(target, T::Email | T::String),
            Self::Phone => matches!(target, T::Phone | T::String),
        };
        if both {
            return TypeMatch::Both;
        }
        match (self, target) {
            (Self::Date, T::DateTime) | (Self::Text, T::Picklist) => TypeMatch::FromSalesforce,
            _ => TypeMatch::No,
        }
    }

    /// How its values are compared with those of a Salesforce field.
    pub const fn value_kind(self, target: FieldType) -> ValueKind {
        match (self, target) {
            (Self::Text, FieldType::Checkbox) => ValueKind::Checkbox,
            (Self::Text | Self::Textarea, _) => ValueKind::Text,
            (Self::Radio | Self::Dropdown, _) => ValueKind::Option,
            (Self::Checkboxes, _) => ValueKind::Options,
            (Self::Number, _) => ValueKind::Number,
            (Self::Date, _) => ValueKind::Date,
            (Self::Email, _) => ValueKind::Email,
            (Self::Phone, _) => ValueKind::Phone,
        }
    }
}

/// Which way values go between a person field and a field as the org describes it; `None` if none can.
///
/// A formula and a field that the connected user can't change are only read, whatever the setting says.
pub fn effective_direction(field: &PersonField, target: &OrgField) -> Option<Direction> {
    let reads_only = !target.updateable || target.calculated;
    match (field.kind.matches(target.kind), field.direction) {
        (TypeMatch::No, _) => None,
        (TypeMatch::FromSalesforce, Direction::ToSalesforce) => None,
        (TypeMatch::FromSalesforce, _) => Some(Direction::FromSalesforce),
        (TypeMatch::Both, Direction::ToSalesforce) if reads_only => None,
        (TypeMatch::Both, _) if reads_only => Some(Direction::FromSalesforce),
        (TypeMatch::Both, direction) => Some(direction),
    }
}
