//! The company import's settings as the API shows them, and its preview.

use crate::api::value::{CompanyFieldKindWord, CompanyObjectWord, OnRemovalWord, OperatorWord};
use domain::company::CompanyObject;
use domain::company::{
    CompanyField, CompanyImport, CompanyMapping, CompanyOption, CompanyOptions, CompanyPreview, SampleCompany,
};
use domain::condition::Condition;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Which records become companies, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CompanyImport)]
pub struct ImportResponse {
    /// Companies are imported.
    enabled: bool,
    /// From records of this object.
    object: CompanyObjectWord,
    /// Conditions that all have to hold.
    conditions: Vec<ConditionResponse>,
    /// The company fields.
    fields: Vec<FieldResponse>,
    /// Which Salesforce field fills which company field.
    mappings: Vec<MappingResponse>,
    /// Hours between two imports.
    #[schema(example = 4)]
    every_hours: u8,
    /// What happens to companies whose record no longer matches.
    when_gone: OnRemovalWord,
}

/// A condition on a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Condition)]
pub struct ConditionResponse {
    /// The path of the field from the object.
    #[schema(example = "Industry")]
    field: String,
    /// How it is compared.
    operator: OperatorWord,
    /// With what; left out for operators without a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    value: Option<ConditionValue>,
}

/// One value, or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ConditionValue {
    /// One value.
    #[schema(example = "IT")]
    One(String),
    /// Several values.
    #[schema(example = json!(["IT", "Finance"]))]
    Several(Vec<String>),
}

/// A field of companies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CompanyField)]
pub struct FieldResponse {
    /// The name under which values are stored.
    #[schema(example = "industry")]
    key: String,
    /// What people read.
    #[schema(example = "業種")]
    label: String,
    /// What it holds.
    kind: CompanyFieldKindWord,
    /// The options of a picklist, which are the org's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    options: Vec<OptionResponse>,
}

/// An option of a picklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CompanyOption)]
pub struct OptionResponse {
    /// What is stored.
    #[schema(example = "IT")]
    value: String,
    /// What people read.
    #[schema(example = "情報通信")]
    label: String,
    /// The org still has it.
    there: bool,
}

/// A company field and the Salesforce field that fills it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CompanyMapping)]
pub struct MappingResponse {
    /// The key of the company field.
    #[schema(example = "industry")]
    field: String,
    /// The path of the Salesforce field from the object.
    #[schema(example = "Industry")]
    path: String,
}

/// What an import would bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CompanyPreview)]
pub struct PreviewResponse {
    /// The object whose records become companies.
    object: CompanyObjectWord,
    /// Records that meet all conditions.
    #[schema(example = 1200)]
    count: u64,
    /// The first few of them.
    sample: Vec<SampleResponse>,
}

/// A record as the company that it would become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SampleCompany)]
pub struct SampleResponse {
    /// The ID of the record.
    #[schema(example = "001000000000001AAA")]
    external_id: String,
    /// Its name.
    #[schema(example = "株式会社サンプル")]
    name: String,
    /// Values by company field.
    #[schema(example = json!({ "industry": "IT" }))]
    fields: BTreeMap<String, Value>,
}

impl ImportResponse {
    /// Shows settings with the options of their picklists.
    pub fn of(import: &CompanyImport, options: &CompanyOptions) -> Self {
        let field = |field: &CompanyField| FieldResponse {
            key: field.key.clone(),
            label: field.label.clone(),
            kind: field.kind.into(),
            options: options.get(&field.key).into_iter().flatten().map(OptionResponse::from).collect(),
        };
        Self {
            enabled: import.enabled,
            object: import.object.into(),
            conditions: import.conditions.iter().map(ConditionResponse::from).collect(),
            fields: import.fields.iter().map(field).collect(),
            mappings: import.mappings.iter().map(MappingResponse::from).collect(),
            every_hours: import.every_hours,
            when_gone: import.when_gone.into(),
        }
    }
}

impl From<&Condition> for ConditionResponse {
    fn from(condition: &Condition) -> Self {
        let value = match condition.values.as_slice() {
            [] => None,
            [one] => Some(ConditionValue::One(one.clone())),
            several => Some(ConditionValue::Several(several.to_vec())),
        };
        Self { field: condition.field.clone(), operator: condition.operator.into(), value }
    }
}

impl From<&CompanyOption> for OptionResponse {
    fn from(option: &CompanyOption) -> Self {
        Self { value: option.value.clone(), label: option.label.clone(), there: option.there }
    }
}

impl From<&CompanyMapping> for MappingResponse {
    fn from(mapping: &CompanyMapping) -> Self {
        Self { field: mapping.field.clone(), path: mapping.path.clone() }
    }
}

impl PreviewResponse {
    /// Shows what an import of an object would bring.
    pub fn of(object: CompanyObject, preview: CompanyPreview) -> Self {
        Self {
            object: object.into(),
            count: preview.count,
            sample: preview.sample.into_iter().map(SampleResponse::from).collect(),
        }
    }
}

impl From<SampleCompany> for SampleResponse {
    fn from(sample: SampleCompany) -> Self {
        let SampleCompany { external_id, name, fields } = sample;
        Self { external_id, name, fields }
    }
}
