//! The company import's settings as the API takes them.

use crate::api::company::import_response::{MappingResponse, OptionResponse};
use domain::company::{
    CompanyField, CompanyFieldKind, CompanyImport, CompanyMapping, CompanyObject, OnRemoval,
    check_every_hours,
};
use domain::condition::{Condition, Operator, read_values};
use domain::value::FieldProblem;
use serde::Deserialize;
use serde_json::Value;

/// Settings as they are sent.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportBody {
    /// Companies are imported; left out, they are.
    #[serde(default = "yes")]
    enabled: bool,
    /// `Account` or `Opportunity`.
    #[serde(default)]
    object: String,
    /// All of them have to hold.
    #[serde(default)]
    conditions: Vec<ConditionBody>,
    /// The company fields. Left out, those there are stay, and a mapping may name a new one.
    #[serde(default)]
    fields: Option<Vec<FieldBody>>,
    /// Which Salesforce field fills which company field.
    #[serde(default)]
    #[schema(value_type = Vec<MappingResponse>)]
    mappings: Vec<CompanyMapping>,
    /// Hours between two imports, 1 to 24.
    #[serde(default)]
    every_hours: Option<i64>,
    /// `keep`, `mark` or `archive`.
    #[serde(default)]
    when_gone: Option<String>,
}

/// One condition as it is sent.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConditionBody {
    /// The path of the field from the object: `Industry`, `Owner.Email`.
    field: String,
    /// `equals`, `contains`, `is_one_of`, `between`, …
    operator: String,
    /// One value or several. Days are `2026-05-22`, `this_month` or `last_n_days:30`.
    #[serde(rename = "value", default, deserialize_with = "read_values")]
    #[schema(value_type = Value)]
    values: Vec<String>,
}

/// One company field as it is sent.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldBody {
    /// The name under which values are stored; lower-case letters, digits and `_`.
    key: String,
    /// What people read.
    label: String,
    /// `text`, `long_text`, `number`, `date`, `date_time`, `checkbox`, `picklist`, `multi_picklist`, `url`,
    /// `phone` or `email`.
    kind: String,
    /// Part of responses and ignored here: options are the org's.
    #[serde(default, rename = "options")]
    #[schema(value_type = Vec<OptionResponse>)]
    _options: Value,
}

fn yes() -> bool {
    true
}

impl ImportBody {
    /// The settings, with the company fields in use where none were sent, and whether mappings may make new ones.
    pub fn read(self, used: &[CompanyField]) -> Result<(CompanyImport, bool), Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let usual = CompanyImport::default();
        let object = match CompanyObject::from_name(&self.object) {
            Some(object) => object,
            None => {
                problems.push(unknown(
                    "object",
                    "unknown-object",
                    &self.object,
                    &CompanyObject::ALL.map(CompanyObject::name),
                ));
                usual.object
            }
        };
        let every_hours = match self.every_hours.map_or(Ok(usual.every_hours), check_every_hours) {
            Ok(hours) => hours,
            Err(problem) => {
                problems.push(problem);
                usual.every_hours
            }
        };
        let when_gone = match self.when_gone.as_deref().map(|name| (name, OnRemoval::from_name(name))) {
            None => usual.when_gone,
            Some((_, Some(when_gone))) => when_gone,
            Some((name, None)) => {
                problems.push(unknown(
                    "when_gone",
                    "unknown-choice",
                    name,
                    &OnRemoval::ALL.map(OnRemoval::name),
                ));
                usual.when_gone
            }
        };
        let conditions = conditions(self.conditions, &mut problems);
        let add_fields = self.fields.is_none();
        let fields = self.fields.map_or_else(|| used.to_vec(), |fields| read_fields(fields, &mut problems));
        let import = CompanyImport {
            enabled: self.enabled,
            object,
            conditions,
            fields,
            mappings: self.mappings,
            every_hours,
            when_gone,
        };
        if problems.is_empty() { Ok((import, add_fields)) } else { Err(problems) }
    }
}

fn conditions(given: Vec<ConditionBody>, problems: &mut Vec<FieldProblem>) -> Vec<Condition> {
    let read = |(index, body): (usize, ConditionBody)| match Operator::from_name(&body.operator) {
        Some(operator) => Some(Condition { field: body.field, operator, values: body.values }),
        None => {
            let at = format!("conditions[{index}].operator");
            problems.push(unknown(&at, "unknown-choice", &body.operator, &Operator::ALL.map(Operator::name)));
            None
        }
    };
    given.into_iter().enumerate().filter_map(read).collect()
}

fn read_fields(given: Vec<FieldBody>, problems: &mut Vec<FieldProblem>) -> Vec<CompanyField> {
    let read = |(index, body): (usize, FieldBody)| match CompanyFieldKind::from_name(&body.kind) {
        Some(kind) => Some(CompanyField { key: body.key, label: body.label, kind }),
        None => {
            let at = format!("fields[{index}].kind");
            let names = CompanyFieldKind::ALL.map(CompanyFieldKind::name);
            problems.push(unknown(&at, "unknown-choice", &body.kind, &names));
            None
        }
    };
    given.into_iter().enumerate().filter_map(read).collect()
}

fn unknown(at: &str, code: &str, value: &str, names: &[&str]) -> FieldProblem {
    FieldProblem::new(at, code).with("value", value).with("names", names.join(", "))
}
