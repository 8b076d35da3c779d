//! `/companies`: the companies that were imported (Y2, Y5, Y8).

use crate::actions::company::list::Companies;
use crate::actions::run::request_run;
use crate::api::company::response::{ChangeResponse, CompanyDetails, CompanyList, CompanyResponse};
use crate::api::refusals::{ImportRefused, Invalid, NotFound, Refused};
use crate::api::run::StartedRun;
use crate::api::run_refusal::run_problem;
use crate::api::value::Time;
use crate::auth::api_caller::Caller;
use crate::http::json::Parameters;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::company::CompanyStatus;
use domain::run::RunKind;
use domain::value::FieldProblem;
use serde::Deserialize;
use storage::mirror::history;

/// Companies on one page of a list, at most.
const MAX_COMPANIES: u32 = 1_000;
/// Changes of one company that are told.
const MAX_CHANGES: u32 = 200;

/// Which companies are wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// An external ID, a website, a domain, an email address, or part of the name.
    #[serde(default)]
    search: String,
    /// `active`, `marked` or `archived`; by default all that are not archived.
    standing: Option<String>,
    /// Continues after a page.
    #[serde(default)]
    cursor: String,
    /// Companies per page, at most 1,000; 100 when missing.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// The imported companies.
#[utoipa::path(
    get, path = "/companies", tag = "company import", operation_id = "list_companies", params(ListQuery),
    responses((status = 200, description = "Companies in order of their external IDs, and when they were last synced", body = CompanyList), Refused, Invalid),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Parameters(wanted): Parameters<ListQuery>,
) -> Result<Json<CompanyList>, Problem> {
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
    let companies = Companies::find(&state, caller.workspace).await?;
    let rows = if wanted.search.trim().is_empty() {
        companies.list(&state, &standings, &wanted.cursor, limit).await?
    } else {
        let mut found = companies.search(&state, &wanted.search, limit).await?;
        found.retain(|row| standings.contains(&companies.standing(row)));
        found
    };
    let full = wanted.search.trim().is_empty() && rows.len() == limit as usize;
    let synced_at = companies.were_imported().then_some(companies.mirror.refreshed_at);
    Ok(Json(CompanyList {
        companies: rows.iter().map(|row| CompanyResponse::of(&companies, row)).collect(),
        cursor: rows.last().filter(|_| full).map(|row| row.record_id.clone()),
        synced_at: synced_at.map(Time::from),
    }))
}

/// One company with its changes.
#[utoipa::path(
    get, path = "/companies/{id}", tag = "company import", operation_id = "show_company",
    params(("id" = String, Path, description = "The external ID: the ID of the record, 18 characters")),
    responses((status = 200, description = "The company and its changes, latest first", body = CompanyDetails), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CompanyDetails>, Problem> {
    let companies = Companies::find(&state, caller.workspace).await?;
    let row = companies.one(&state, &id).await?.ok_or_else(Problem::not_found)?;
    let (read, stream) = (state.database.read(), &companies.mirror.stream);
    let changes = history::list(&read, caller.workspace, stream, &id, MAX_CHANGES).await?;
    let changes = changes.into_iter().map(|(at, change)| ChangeResponse::of(at, change, &companies.import));
    let company = CompanyResponse::of(&companies, &row);
    Ok(Json(CompanyDetails { company, changes: changes.collect() }))
}

/// Starts an import.
#[utoipa::path(
    post, path = "/company-import/run", tag = "company import", operation_id = "run_company_import",
    responses((status = 202, description = "The run that was started", body = StartedRun), Refused, ImportRefused),
)]
pub async fn run(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, Json<StartedRun>), Problem> {
    let asked = request_run(&state, caller.workspace, RunKind::CompanyImport, &caller.actor).await?;
    let run = asked.map_err(|refusal| run_problem(RunKind::CompanyImport, refusal))?;
    Ok((StatusCode::ACCEPTED, Json(StartedRun { run: run.into() })))
}
