//! `/synced-records`: the records that are kept of the org for the router (D, G2).

use crate::api::refusals::{Invalid, NotFound, Refused};
use crate::api::value::{RecordStateWord, Time};
use crate::auth::api_caller::Caller;
use crate::http::json::Parameters;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use domain::mirror::{MirrorRow, RecordState};
use domain::synced_fields::SyncedObject;
use domain::value::{EmailAddress, FieldProblem, company_domain_in};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use storage::mirror::{lookup_index, rows};
use utoipa::ToSchema;

/// Records on one page of a list, at most.
const MAX_RECORDS: u32 = 1_000;
/// Records that count as kept.
const STORED: [RecordState; 3] = [RecordState::Present, RecordState::Converted, RecordState::Hidden];

/// Which records are wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// An email address; for accounts a website, a domain, or the email address of an employee.
    key: Option<String>,
    /// Continues after a page.
    #[serde(default)]
    cursor: String,
    /// Records per page, at most 1,000.
    limit: Option<u32>,
}

/// A page of a list of records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordList {
    /// Records in order of their IDs.
    records: Vec<SyncedRecord>,
    /// Where the next page begins; null on the last page.
    #[schema(example = "00Q000000000001AAA")]
    cursor: Option<String>,
}

/// A stored record of the org.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SyncedRecord {
    /// Its ID, 18 characters.
    #[schema(example = "00Q000000000001AAA")]
    id: String,
    /// The email address or domain by which it is found.
    #[schema(example = "taro@sample.example")]
    key: Option<String>,
    /// Its state in the org.
    state: RecordStateWord,
    /// The record that it was merged into or that it became.
    #[schema(example = "003000000000001AAA")]
    leads_to: Option<String>,
    /// When a change of it was last noticed.
    changed_at: Time,
    /// Values by field path.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "Title": "部長", "Owner.Name": "佐藤 花子" }))]
    fields: Map<String, Value>,
}

impl From<&MirrorRow> for SyncedRecord {
    fn from(row: &MirrorRow) -> Self {
        Self {
            id: row.record_id.clone(),
            key: row.match_key.clone(),
            state: row.state.into(),
            leads_to: row.successor_id.clone(),
            changed_at: row.changed_at.into(),
            fields: row.values(),
        }
    }
}

/// The stored records of an object.
#[utoipa::path(
    get, path = "/synced-records/{object}", tag = "synced fields", operation_id = "list_synced_records",
    params(("object" = String, Path, description = "`account`, `contact` or `lead`"), ListQuery),
    responses((status = 200, description = "Records in order of their IDs", body = RecordList), Refused, NotFound, Invalid),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Path(object): Path<String>,
    Parameters(wanted): Parameters<ListQuery>,
) -> Result<Json<RecordList>, Problem> {
    let object = SyncedObject::parse(&object).ok_or_else(Problem::not_found)?;
    let limit = wanted.limit.unwrap_or(100);
    if !(1..=MAX_RECORDS).contains(&limit) {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_RECORDS);
        return Err(Problem::invalid_field(fault));
    }
    let (read, stream) = (state.database.read(), object.stream());
    let found = match wanted.key.as_deref().map(|key| match_key(object, key)) {
        Some(Some(key)) => lookup_index::find(&read, caller.workspace, stream, &key).await,
        // A free mail domain identifies no company, and an invalid address no person.
        Some(None) => Ok(Vec::new()),
        None => rows::list(&read, caller.workspace, stream, &STORED, &wanted.cursor, limit).await,
    };
    let found = found?;
    let full = wanted.key.is_none() && found.len() == limit as usize;
    let cursor = found.last().filter(|_| full).map(|row| row.record_id.clone());
    Ok(Json(RecordList { records: found.iter().map(SyncedRecord::from).collect(), cursor }))
}

/// One record, also when it was deleted, merged or hidden since; `leads_to` names what it became.
#[utoipa::path(
    get, path = "/synced-records/{object}/{id}", tag = "synced fields", operation_id = "show_synced_record",
    params(("object" = String, Path, description = "`account`, `contact` or `lead`"), ("id" = String, Path, description = "The record's ID, 18 characters")),
    responses((status = 200, description = "The record", body = SyncedRecord), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path((object, id)): Path<(String, String)>,
) -> Result<Json<SyncedRecord>, Problem> {
    let object = SyncedObject::parse(&object).ok_or_else(Problem::not_found)?;
    let found = rows::find_record(&state.database.read(), caller.workspace, object.stream(), &id).await;
    let found = found?;
    found.map(|row| Json(SyncedRecord::from(&row))).ok_or_else(Problem::not_found)
}

fn match_key(object: SyncedObject, wanted: &str) -> Option<String> {
    match object {
        SyncedObject::Account => company_domain_in(wanted),
        SyncedObject::Contact | SyncedObject::Lead => {
            EmailAddress::parse(wanted).ok().map(|address| address.key())
        }
    }
}
