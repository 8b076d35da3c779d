//! Fields that a company has here besides its name and external id (会社の項目; Y1).

use crate::form::{check_text, is_key};
use crate::org::{FieldPath, FieldType};
use crate::value::FieldProblem;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Company fields that a workspace may have.
pub const MAX_COMPANY_FIELDS: usize = 100;
const MAX_LABEL: usize = 80;
const MAX_KEY: usize = 60;
/// What every company has; no field of one's own may be called so.
const RESERVED: [&str; 7] = ["id", "name", "external_id", "object", "state", "fields", "updated_at"];

/// What a company field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompanyFieldKind {
    /// テキスト
    Text,
    /// ロングテキスト
    LongText,
    /// 数値
    Number,
    /// 日付
    Date,
    /// 日付/時間
    DateTime,
    /// チェックボックス
    Checkbox,
    /// 選択リスト; its options are the org's (Y6).
    Picklist,
    /// 選択リスト(複数選択); its options are the org's (Y6).
    MultiPicklist,
    /// URL
    Url,
    /// 電話
    Phone,
    /// メール
    Email,
}

impl CompanyFieldKind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [Self; 11] = [
        Self::Text,
        Self::LongText,
        Self::Number,
        Self::Date,
        Self::DateTime,
        Self::Checkbox,
        Self::Picklist,
        Self::MultiPicklist,
        Self::Url,
        Self::Phone,
        Self::Email,
    ];

    /// The word in the API, in the database and for the catalogues (`company-kind-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Number => "number",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Checkbox => "checkbox",
            Self::Picklist => "picklist",
            Self::MultiPicklist => "multi_picklist",
            Self::Url => "url",
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its values are options of the org.
    pub const fn has_options(self) -> bool {
        matches!(self, Self::Picklist | Self::MultiPicklist)
    }

    /// Whether a Salesforce field of this type can fill it: the type table of the import (Y1).
    pub const fn accepts(self, source: FieldType) -> bool {
        use FieldType as T;
        match self {
            Self::Text => matches!(source, T::String | T::Url | T::Email | T::Phone | T::Picklist),
            Self::LongText => matches!(source, T::LongText | T::RichText | T::String),
            Self::Number => matches!(source, T::Number | T::Integer | T::Currency | T::Percent),
            Self::Date => matches!(source, T::Date),
            Self::DateTime => matches!(source, T::DateTime),
            Self::Checkbox => matches!(source, T::Checkbox),
            Self::Picklist => matches!(source, T::Picklist),
            Self::MultiPicklist => matches!(source, T::MultiPicklist),
            Self::Url => matches!(source, T::Url),
            Self::Phone => matches!(source, T::Phone),
            Self::Email => matches!(source, T::Email),
        }
    }

    /// The kinds that a Salesforce field of this type can fill, the most fitting first.
    pub fn fitting(source: FieldType) -> Vec<Self> {
        let mut kinds: Vec<Self> = Self::ALL.into_iter().filter(|kind| kind.accepts(source)).collect();
        // A picklist can be a text, but it is a picklist first.
        let widest = |kind: &Self| matches!(kind, Self::Text) && source != FieldType::String;
        kinds.sort_by_key(widest);
        kinds
    }
}

/// One field of companies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyField {
    /// The name under which values are kept; lower-case letters, digits and `_`.
    pub key: String,
    /// What people read.
    pub label: String,
    /// What it holds.
    pub kind: CompanyFieldKind,
}

/// Checks company fields by themselves; faults are named `fields[{index}].…`.
///
/// `before` are the fields as they are in use: values of one kind can't become values of another.
pub fn check_company_fields(fields: &[CompanyField], before: &[CompanyField]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if fields.len() > MAX_COMPANY_FIELDS {
        problems.push(FieldProblem::new("fields", "too-many").with("max", MAX_COMPANY_FIELDS));
    }
    let (mut keys, mut labels) = (HashSet::new(), HashSet::new());
    for (index, field) in fields.iter().enumerate() {
        let at = |name: &str| format!("fields[{index}].{name}");
        if !is_key(&field.key) {
            problems.push(FieldProblem::new(at("key"), "bad-key"));
        } else if RESERVED.contains(&field.key.as_str()) {
            problems.push(FieldProblem::new(at("key"), "reserved").with("value", &field.key));
        } else if !keys.insert(&field.key) {
            problems.push(FieldProblem::new(at("key"), "taken").with("value", &field.key));
        }
        match check_text(&at("label"), &field.label, 1, MAX_LABEL) {
            Some(problem) => problems.push(problem),
            None if labels.insert(field.label.trim().to_lowercase()) => {}
            None => problems.push(FieldProblem::new(at("label"), "taken").with("value", &field.label)),
        }
        let old = before.iter().find(|old| old.key == field.key);
        if let Some(old) = old.filter(|old| old.kind != field.kind) {
            problems.push(FieldProblem::new(at("kind"), "company-kind-fixed").with("kind", old.kind.name()));
        }
    }
    problems
}

/// A key for a field that is filled from a path, unlike all that are taken: `owner_name` for `Owner.Name`.
pub fn free_key(path: &FieldPath, taken: &[CompanyField]) -> String {
    let path = path.key();
    let bare = path.replace("__c", "").replace("__r", "").replace('.', "_");
    let mut base: String = bare.trim_matches('_').chars().take(MAX_KEY - 4).collect();
    if RESERVED.contains(&base.as_str()) {
        base = format!("{base}_field");
    }
    let is_free = |key: &String| !taken.iter().any(|field| field.key == *key);
    let numbered = (2..).map(|number| format!("{base}_{number}"));
    std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or_default()
}
