//! Companies as the API shows them, with their changes.

use crate::actions::company::list::Companies;
use crate::api::value::{CompanyObjectWord, CompanyStatusWord, FieldValue, RecordStateWord, Time};
use domain::company::{self, CompanyImport};
use domain::mirror::{MirrorRow, RecordChange};
use domain::value::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A page of a list of companies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CompanyList {
    /// Companies in order of their external IDs.
    pub companies: Vec<CompanyResponse>,
    /// Where the next page begins; null on the last page.
    #[schema(example = "001000000000001AAA")]
    pub cursor: Option<String>,
    /// When they were last synced; null before the first import.
    pub synced_at: Option<Time>,
}

/// An imported company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Company)]
pub struct CompanyResponse {
    /// The ID of its record, 18 characters.
    #[schema(example = "001000000000001AAA")]
    external_id: String,
    /// The object of its record.
    object: CompanyObjectWord,
    /// Its name.
    #[schema(example = "株式会社サンプル")]
    name: String,
    /// Whether it still counts as a company.
    standing: CompanyStatusWord,
    /// The state of its record in the org.
    state: RecordStateWord,
    /// The record that it was merged into.
    #[schema(example = "001000000000002AAA")]
    leads_to: Option<String>,
    /// When a change of it was last noticed.
    updated_at: Time,
    /// Values by company field.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "industry": "IT" }))]
    fields: Map<String, Value>,
}

impl CompanyResponse {
    /// Shows a company.
    pub(crate) fn of(companies: &Companies, row: &MirrorRow) -> Self {
        Self {
            external_id: row.record_id.clone(),
            object: companies.object.into(),
            name: company::name(row),
            standing: companies.standing(row).into(),
            state: row.state.into(),
            leads_to: row.successor_id.clone(),
            updated_at: row.changed_at.into(),
            fields: company::fields(&companies.import, row),
        }
    }
}

/// A company with its changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CompanyDetails {
    /// The company.
    #[serde(flatten)]
    pub company: CompanyResponse,
    /// Its changes, latest first.
    pub changes: Vec<ChangeResponse>,
}

/// A change of a company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CompanyChange)]
pub struct ChangeResponse {
    /// When it was noticed.
    at: Time,
    /// The new state of the record; null if it did not change.
    state: Option<RecordStateWord>,
    /// The values that changed.
    values: Vec<ValueChangeResponse>,
}

/// A value that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ValueChange)]
pub struct ValueChangeResponse {
    /// The company field; null if none is filled from the path any more.
    #[schema(example = "industry")]
    field: Option<String>,
    /// The path of the Salesforce field.
    #[schema(example = "Industry")]
    path: String,
    /// The value before.
    from: FieldValue,
    /// The value after.
    to: FieldValue,
}

impl ChangeResponse {
    /// Shows a change; `import` names the company fields.
    pub(crate) fn of(at: Timestamp, change: RecordChange, import: &CompanyImport) -> Self {
        let field = |path: &str| {
            let mapping = import.mappings.iter().find(|one| one.path.eq_ignore_ascii_case(path));
            mapping.map(|mapping| mapping.field.clone())
        };
        let values = change.values.into_iter().map(|one| ValueChangeResponse {
            field: field(&one.path),
            path: one.path,
            from: one.from.into(),
            to: one.to.into(),
        });
        Self { at: at.into(), state: change.state.map(RecordStateWord::from), values: values.collect() }
    }
}
