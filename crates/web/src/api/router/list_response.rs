//! Lists as the API shows them.

use crate::actions::router::list_import::ListReplaced;
use crate::api::value::{ListKeyWord, ListKindWord, Time};
use crate::http::problem::FieldProblemBody;
use domain::router::{EntryBody, ListEntry, LookupList};
use domain::value::Language;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// All lists.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LookupLists {
    /// Lists, by name.
    pub lists: Vec<LookupListResponse>,
}

/// A list without its rows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LookupList)]
pub struct LookupListResponse {
    /// Its name in charts and addresses.
    #[schema(example = "key-accounts")]
    slug: String,
    /// What it is called.
    #[schema(example = "重点顧客")]
    name: String,
    /// What its rows are.
    kind: ListKindWord,
    /// By what it is asked; null for routing lists and group companies.
    by: Option<ListKeyWord>,
    /// How many rows it has.
    #[schema(example = 200)]
    rows: u32,
    /// Grows each time it is replaced.
    #[schema(example = 3)]
    version: u32,
    /// When it was last replaced.
    updated_at: Time,
}

impl From<LookupList> for LookupListResponse {
    fn from(list: LookupList) -> Self {
        Self {
            slug: list.slug,
            name: list.name,
            kind: list.kind.into(),
            by: list.by.map(ListKeyWord::from),
            rows: list.rows,
            version: list.version,
            updated_at: list.updated_at.into(),
        }
    }
}

/// A row of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ListRow)]
pub struct ListRowResponse {
    /// Its line in the file, from 1.
    #[schema(example = 2)]
    line: u32,
    /// The value that is listed, as it is compared; null in a routing list.
    #[schema(example = "example.co.jp")]
    value: Option<String>,
    /// What the row says: `members` and `page`, `main`, or `order`, `fact`, `operator` and `values`.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "members": ["suzuki@example.co.jp"], "page": "sales/demo" }))]
    says: Value,
}

impl From<ListEntry> for ListRowResponse {
    fn from(entry: ListEntry) -> Self {
        let mut says = serde_json::to_value(&entry.body).unwrap_or(Value::Null);
        if let Some(says) = says.as_object_mut() {
            says.shift_remove("kind");
        }
        let is_condition = matches!(entry.body, EntryBody::Condition(_));
        Self { line: entry.line, value: (!is_condition).then_some(entry.key), says }
    }
}

/// A list with its first rows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListRows {
    /// The list.
    #[serde(flatten)]
    pub list: LookupListResponse,
    /// The first rows.
    pub first_rows: Vec<ListRowResponse>,
    /// The row for the value that was asked for; null if there is none.
    pub found: Option<ListRowResponse>,
}

/// What became of a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ListReplaced)]
pub struct ListReplacedResponse {
    /// The list as it is now.
    #[serde(flatten)]
    list: LookupListResponse,
    /// Faulty rows that were left out.
    #[schema(example = 1)]
    left_out: u32,
    /// The first of their faults.
    faults: Vec<FieldProblemBody>,
}

impl ListReplacedResponse {
    /// In a language.
    pub(super) fn of(replaced: ListReplaced, language: Language) -> Self {
        let faults = replaced.left_out.named.iter().map(|fault| FieldProblemBody::of(fault, language));
        Self { left_out: replaced.left_out.faulty_rows, faults: faults.collect(), list: replaced.list.into() }
    }
}
