//! `/synced-records`: the records that are kept of the org for the router (D, G2).

use crate::auth::api_caller::Caller;
use crate::http::json::Query;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use domain::mirror::row::{MirrorRow, RecordState};
use domain::synced_fields::SyncedObject;
use domain::value::{EmailAddress, FieldProblem, company_domain_in};
use serde::Deserialize;
use serde_json::{Value, json};
use storage::mirror::{lookup_index, rows};

/// Records on one page of a list, at most.
const MAX_RECORDS: u32 = 1_000;
/// Records that count as kept.
const STORED: [RecordState; 3] = [RecordState::Present, RecordState::Converted, RecordState::Hidden];

/// Which records are wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Those of this e-mail (Contact, Lead), or of the company with this site, domain or e-mail (Account).
    key: Option<String>,
    /// Those after this id.
    #[serde(default)]
    cursor: String,
    /// How many at most.
    limit: Option<u32>,
}

/// The stored records of an object.
#[utoipa::path(get, path = "/synced-records/{object}", tag = "synced fields", params(("object" = String, Path, description = "`account`, `contact` or `lead`"), ("key" = Option<String>, Query, description = "An email address; for accounts a website, a domain, or the email address of an employee"), ("cursor" = Option<String>, Query, description = "Continues after a page"), ("limit" = Option<u32>, Query, description = "Records per page, at most 1,000")), responses((status = 200, description = "Records in order of their IDs"), (status = 404, description = "There is no such object"), (status = 422, description = "A parameter is invalid"), (status = 401, description = "The API key is not valid")))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Path(object): Path<String>,
    Query(wanted): Query<ListQuery>,
) -> Result<Json<Value>, Problem> {
    let object = SyncedObject::parse(&object).ok_or_else(|| Problem::not_found())?;
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
    Ok(Json(json!({ "records": found.iter().map(record).collect::<Vec<_>>(), "cursor": cursor })))
}

/// One record, also when it was deleted, merged or hidden since; `leads_to` names what it became.
#[utoipa::path(get, path = "/synced-records/{object}/{id}", tag = "synced fields", params(("object" = String, Path, description = "`account`, `contact` or `lead`"), ("id" = String, Path, description = "The record's ID, 18 characters")), responses((status = 200, description = "The record"), (status = 404, description = "The record was never synced"), (status = 401, description = "The API key is not valid")))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path((object, id)): Path<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let object = SyncedObject::parse(&object).ok_or_else(|| Problem::not_found())?;
    let found = rows::find_record(&state.database.read(), caller.workspace, object.stream(), &id).await;
    let found = found?;
    found.map(|row| Json(record(&row))).ok_or_else(|| Problem::not_found())
}

fn match_key(object: SyncedObject, wanted: &str) -> Option<String> {
    match object {
        SyncedObject::Account => company_domain_in(wanted),
        SyncedObject::Contact | SyncedObject::Lead => {
            EmailAddress::parse(wanted).ok().map(|address| address.key())
        }
    }
}

fn record(row: &MirrorRow) -> Value {
    json!({ "id": row.record_id, "key": row.match_key, "state": row.state, "leads_to": row.successor_id,
            "changed_at": row.changed_at, "fields": row.values() })
}
