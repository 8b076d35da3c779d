//! `/companies`: the companies that were imported (Y2, Y5, Y8).

use crate::actions::company::list::Companies;
use crate::actions::run::request_run;
use crate::api::run_refusal::run_problem;
use crate::auth::api_caller::Caller;
use crate::http::json::Query;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::company::company;
use domain::company::company::CompanyStatus;
use domain::mirror::row::MirrorRow;
use domain::run::RunKind;
use domain::value::FieldProblem;
use serde::Deserialize;
use serde_json::{Value, json};
use storage::StorageError;
use storage::mirror::history;

/// Companies on one page of a list, at most.
const MAX_COMPANIES: u32 = 1_000;
/// Changes of one company that are told.
const MAX_CHANGES: u32 = 200;

/// Which companies are wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Those of this external id, site, domain or e-mail, or with this in their name.
    #[serde(default)]
    search: String,
    /// `active`, `marked` or `archived`; left out, those that are not archived.
    standing: Option<String>,
    /// Those after this external id.
    #[serde(default)]
    cursor: String,
    /// How many at most.
    limit: Option<u32>,
}

/// The imported companies.
#[utoipa::path(get, path = "/companies", tag = "company import", params(("search" = Option<String>, Query, description = "An external ID, a website, a domain, an email address, or part of the name"), ("standing" = Option<String>, Query, description = "`active`, `marked` or `archived`; by default all that are not archived"), ("cursor" = Option<String>, Query, description = "Continues after a page"), ("limit" = Option<u32>, Query, description = "Companies per page, at most 1,000")), responses((status = 200, description = "Companies in order of their external IDs, and when they were last synced"), (status = 422, description = "A parameter is invalid"), (status = 401, description = "The API key is not valid")))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Query(wanted): Query<ListQuery>,
) -> Result<Json<Value>, Problem> {
    let limit = wanted.limit.unwrap_or(100);
    if !(1..=MAX_COMPANIES).contains(&limit) {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_COMPANIES);
        return Err(Problem::invalid_field(fault));
    }
    let standings = match wanted.standing.as_deref() {
        None => vec![CompanyStatus::Active, CompanyStatus::Marked],
        Some(name) => vec![CompanyStatus::from_name(name).ok_or_else(|| {
            let fault = FieldProblem::new("standing", "unknown-choice").with("value", name);
            Problem::invalid_field(fault.with("names", "active, marked, archived"))
        })?],
    };
    let found = async {
        let companies = Companies::find(&state, caller.workspace).await?;
        let rows = if wanted.search.trim().is_empty() {
            companies.list(&state, &standings, &wanted.cursor, limit).await?
        } else {
            let mut found = companies.search(&state, &wanted.search, limit).await?;
            found.retain(|row| standings.contains(&companies.standing(row)));
            found
        };
        Ok::<_, StorageError>((companies, rows))
    };
    let (companies, rows) = found.await?;
    let full = wanted.search.trim().is_empty() && rows.len() == limit as usize;
    let cursor = rows.last().filter(|_| full).map(|row| row.record_id.clone());
    let synced_at = companies.were_imported().then_some(companies.mirror.refreshed_at);
    let shown: Vec<Value> = rows.iter().map(|row| to_body(&companies, row)).collect();
    Ok(Json(json!({ "companies": shown, "cursor": cursor, "synced_at": synced_at })))
}

/// One company with its changes.
#[utoipa::path(get, path = "/companies/{id}", tag = "company import", params(("id" = String, Path, description = "The external ID: the record's ID, 18 characters")), responses((status = 200, description = "The company and its changes, latest first"), (status = 404, description = "The company was never imported"), (status = 401, description = "The API key is not valid")))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let companies = Companies::find(&state, caller.workspace).await?;
    let found = companies.one(&state, &id).await?;
    let row = found.ok_or_else(|| Problem::not_found())?;
    let (read, stream) = (state.database.read(), &companies.mirror.stream);
    let changes = history::list(&read, caller.workspace, stream, &id, MAX_CHANGES).await;
    let field = |path: &str| {
        let mapping = companies.import.mappings.iter().find(|one| one.path.eq_ignore_ascii_case(path));
        mapping.map(|mapping| mapping.field.clone())
    };
    let changes: Vec<Value> = changes
        ?
        .into_iter()
        .map(|(at, change)| {
            let values: Vec<Value> = change
                .values
                .into_iter()
                .map(|one| json!({ "field": field(&one.path), "path": one.path, "from": one.from, "to": one.to }))
                .collect();
            json!({ "at": at, "state": change.state, "values": values })
        })
        .collect();
    let mut body = to_body(&companies, &row);
    body["changes"] = Value::from(changes);
    Ok(Json(body))
}

/// Starts an import.
#[utoipa::path(post, path = "/company-import/run", tag = "company import", responses((status = 202, description = "The run that was started"), (status = 409, description = "Not connected, turned off, or a run is in progress"), (status = 401, description = "The API key is not valid")))]
pub async fn run(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let asked = request_run(&state, caller.workspace, RunKind::CompanyImport, "api").await?;
    let run = asked.map_err(|refusal| run_problem(RunKind::CompanyImport, refusal))?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "run": run }))))
}

fn to_body(companies: &Companies, row: &MirrorRow) -> Value {
    json!({
        "external_id": row.record_id,
        "object": companies.object,
        "name": company::name(row),
        "standing": companies.standing(row).name(),
        "state": row.state,
        "leads_to": row.successor_id,
        "updated_at": row.changed_at,
        "fields": company::fields(&companies.import, row),
    })
}
