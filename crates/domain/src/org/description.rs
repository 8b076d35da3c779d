//! What the org's describe says of objects and fields, as far as decisions need it.

use crate::value::{NumberUnit, tidy_line};
use serde::{Deserialize, Serialize};

/// The kinds of Salesforce fields that the type table names (K15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// テキスト
    String,
    /// URL
    Url,
    /// メール
    Email,
    /// リッチテキスト
    RichText,
    /// ロングテキスト
    LongText,
    /// 電話
    Phone,
    /// 数値
    Number,
    /// 数値 without decimals
    Integer,
    /// 通貨
    Currency,
    /// パーセント
    Percent,
    /// 暗号化テキスト
    Encrypted,
    /// 選択リスト
    Picklist,
    /// 選択リスト(複数選択)
    MultiPicklist,
    /// チェックボックス
    Checkbox,
    /// 日付
    Date,
    /// 日付/時間
    DateTime,
    /// Anything that forms can't fill.
    Other,
}

impl FieldType {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::String,
        Self::Url,
        Self::Email,
        Self::RichText,
        Self::LongText,
        Self::Phone,
        Self::Number,
        Self::Integer,
        Self::Currency,
        Self::Percent,
        Self::Encrypted,
        Self::Picklist,
        Self::MultiPicklist,
        Self::Checkbox,
        Self::Date,
        Self::DateTime,
        Self::Other,
    ];

    /// What may stand beside the digits of a value: the currency's sign only where an amount is meant.
    pub const fn number_unit(self) -> NumberUnit {
        match self {
            Self::Percent => NumberUnit::Percent,
            Self::Currency | Self::Number | Self::Integer => NumberUnit::Yen,
            _ => NumberUnit::None,
        }
    }

    /// The word for the catalogues (`field-type-{name}`) and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Url => "url",
            Self::Email => "email",
            Self::RichText => "richtext",
            Self::LongText => "longtext",
            Self::Phone => "phone",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Currency => "currency",
            Self::Percent => "percent",
            Self::Encrypted => "encrypted",
            Self::Picklist => "picklist",
            Self::MultiPicklist => "multipicklist",
            Self::Checkbox => "checkbox",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Other => "other",
        }
    }

    /// Takes describe's `type`; rich text is told apart by `html_formatted` (contract 2.4).
    pub fn from_describe(kind: &str, html_formatted: bool) -> Self {
        match kind {
            "string" => Self::String,
            "url" => Self::Url,
            "email" => Self::Email,
            "textarea" if html_formatted => Self::RichText,
            "textarea" => Self::LongText,
            "phone" => Self::Phone,
            "double" => Self::Number,
            "int" | "long" => Self::Integer,
            "currency" => Self::Currency,
            "percent" => Self::Percent,
            "encryptedstring" => Self::Encrypted,
            "picklist" => Self::Picklist,
            "multipicklist" => Self::MultiPicklist,
            "boolean" => Self::Checkbox,
            "date" => Self::Date,
            "datetime" => Self::DateTime,
            _ => Self::Other,
        }
    }
}

/// One choice of a picklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PicklistOption {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Can be chosen today.
    pub active: bool,
}

/// One field of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgField {
    /// The API name.
    pub name: String,
    /// The label in the language of the describe.
    pub label: String,
    /// Its kind.
    pub kind: FieldType,
    /// Longest text, in characters; 0 for other kinds.
    #[serde(default)]
    pub length: usize,
    /// Digits of a number in all; 0 for other kinds.
    #[serde(default)]
    pub precision: usize,
    /// Digits of a number behind the point.
    #[serde(default)]
    pub scale: usize,
    /// May be written in a new record.
    pub createable: bool,
    /// May be changed.
    pub updateable: bool,
    /// May be empty.
    pub nillable: bool,
    /// Gets a value by itself when none is sent.
    #[serde(default)]
    pub defaulted_on_create: bool,
    /// The choices of a picklist.
    #[serde(default)]
    pub options: Vec<PicklistOption>,
    /// What a path calls the record that a lookup leads to: `Owner`.
    #[serde(default)]
    pub relationship: Option<String>,
    /// The objects that a lookup may lead to.
    #[serde(default)]
    pub reference_to: Vec<String>,
    /// It is made of other fields, as an address is.
    #[serde(default)]
    pub compound: bool,
    /// A formula or a sum: its value changes without a mark of change on the record.
    #[serde(default)]
    pub calculated: bool,
    /// The compound field that it is a part of.
    #[serde(default)]
    pub part_of: Option<String>,
    /// Records can be upserted by it.
    #[serde(default)]
    pub external_id: bool,
    /// No two records have the same value.
    #[serde(default)]
    pub unique: bool,
    /// Can stand in a condition; long texts can't.
    #[serde(default = "default_true")]
    pub filterable: bool,
}

impl OrgField {
    /// Has to be filled in every new record (C8).
    pub fn is_required_on_create(&self) -> bool {
        !self.nillable && self.createable && !self.defaulted_on_create && self.kind != FieldType::Checkbox
    }

    /// What people call the record that a lookup leads to: 所有者 for 所有者 ID.
    pub fn lookup_label(&self) -> &str {
        self.label.strip_suffix(" ID").unwrap_or(&self.label)
    }

    /// A custom field of the org's own.
    pub fn is_custom(&self) -> bool {
        self.name.ends_with("__c")
    }
}

/// One object, as the connected user sees it; hidden fields are absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectDescription {
    /// The API name.
    pub name: String,
    /// The label in the language of the describe.
    pub label: String,
    /// The connected user may make records.
    pub createable: bool,
    /// The connected user may change records.
    pub updateable: bool,
    /// Its fields.
    pub fields: Vec<OrgField>,
    /// The lists of records that point to it, as paths would call them: `Contacts`.
    #[serde(default)]
    pub child_lists: Vec<String>,
    /// Its record types, the Master one included.
    #[serde(default)]
    pub record_types: Vec<RecordType>,
}

/// A record type of an object (レコードタイプ).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordType {
    /// The 18-character id.
    pub id: String,
    /// What people read.
    pub name: String,
    /// It is switched on, and the connected user may choose it.
    pub available: bool,
    /// It stands for "no record type".
    pub master: bool,
}

/// Describes that were kept before conditions existed say nothing of it.
const fn default_true() -> bool {
    true
}

impl OrgField {
    /// The option that a text means: one with exactly this value, or else this label, or else the only one that
    /// differs in nothing but width and invisible characters (K16).
    pub fn option(&self, typed: &str, allowed: impl Fn(&PicklistOption) -> bool) -> Option<&PicklistOption> {
        let offered = || self.options.iter().filter(|option| allowed(option));
        let exact = offered().find(|option| option.value == typed);
        if let Some(found) = exact.or_else(|| offered().find(|option| option.label == typed)) {
            return Some(found);
        }
        let wanted = tidy_line(typed);
        let mut similar = offered()
            .filter(|option| tidy_line(&option.value) == wanted || tidy_line(&option.label) == wanted);
        similar.next().filter(|_| !wanted.is_empty() && similar.next().is_none())
    }
}

impl ObjectDescription {
    /// A field by API name, in any case.
    pub fn field(&self, name: &str) -> Option<&OrgField> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The lookup that a path calls by this name, in any case.
    pub fn lookup(&self, relationship: &str) -> Option<&OrgField> {
        let is_called = |field: &&OrgField| {
            field.relationship.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(relationship))
        };
        self.fields.iter().find(is_called)
    }

    /// Whether paths would call a list of its children by this name, in any case.
    pub fn has_child_list(&self, name: &str) -> bool {
        self.child_lists.iter().any(|list| list.eq_ignore_ascii_case(name))
    }

    /// Fields to offer while a name or label is being typed: those that begin with it before those that hold it.
    pub fn suggest<'a>(&'a self, typed: &str, allowed: impl Fn(&OrgField) -> bool) -> Vec<&'a OrgField> {
        let wanted = typed.trim().to_lowercase();
        let mut ranked: Vec<(u8, &OrgField)> = self
            .fields
            .iter()
            .filter(|field| allowed(field))
            .filter_map(|field| {
                let (name, label) = (field.name.to_lowercase(), field.label.to_lowercase());
                if name.starts_with(&wanted) || label.starts_with(&wanted) {
                    Some((0, field))
                } else {
                    (name.contains(&wanted) || label.contains(&wanted)).then_some((1, field))
                }
            })
            .collect();
        ranked.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.label.cmp(&b.1.label)));
        ranked.into_iter().map(|(_, field)| field).collect()
    }
}
