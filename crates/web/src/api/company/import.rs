//! `/company-import`: which records of the org become companies, and with what (Y1, Y2, Y8).

use crate::actions::company::descriptions::stored;
use crate::actions::company::import;
use crate::actions::company::import::{CheckOptions, judge};
use crate::api::company::import_body::ImportBody;
use crate::api::company::import_response::{ImportResponse, PreviewResponse};
use crate::api::org_problem::{TIMEOUT, org_problem};
use crate::api::refusals::{InvalidBody, NoOrg, Refused};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::http::strict_json;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use domain::company::CompanyOptions;
use domain::company::{CompanyImport, follow_all, usable_mappings};
use domain::value::WorkspaceId;
use serde_json::Value;
use storage::StorageError;
use storage::org_request::OrgResponse;
use storage::workspace::settings;

/// The settings.
#[utoipa::path(
    get, path = "/company-import", tag = "company import", operation_id = "show_company_import",
    responses((status = 200, description = "The settings; picklists with the org's options", body = ImportResponse), Refused),
)]
pub async fn show(State(state): State<AppState>, caller: Caller) -> Result<Json<ImportResponse>, Problem> {
    let import = settings::find::<CompanyImport>(&state.database.read(), caller.workspace).await?;
    Ok(Json(to_response(&state, caller.workspace, &import).await?))
}

/// Replaces the settings after a check in the org; saves nothing if a part is invalid.
#[utoipa::path(
    put, path = "/company-import", tag = "company import", operation_id = "save_company_import", request_body = ImportBody,
    responses((status = 200, description = "The settings as saved", body = ImportResponse), Refused, InvalidBody, NoOrg),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<ImportBody>,
) -> Result<Json<ImportResponse>, Problem> {
    let used = settings::find::<CompanyImport>(&state.database.read(), caller.workspace).await?;
    let (import, add_fields) = body.read(&used.fields).map_err(Problem::invalid)?;
    let was_judged = used.enabled || !import.enabled;
    let import = if was_judged && import.imports_same_records(&used) {
        import
    } else {
        let wish = CheckOptions { add_fields, preview: false };
        let answer = judge(&state, caller.workspace, import, wish, TIMEOUT).await?;
        judged(answer)?.0
    };
    import::save(&state, caller.workspace, &import, &caller.actor).await?;
    Ok(Json(to_response(&state, caller.workspace, &import).await?))
}

/// Counts the matching records and returns examples as companies; writes nothing.
///
/// An empty object means the saved settings.
#[utoipa::path(
    post, path = "/company-import/preview", tag = "company import", operation_id = "preview_company_import", request_body = ImportBody,
    responses((status = 200, description = "The count and a sample", body = PreviewResponse), Refused, InvalidBody, NoOrg),
)]
pub async fn preview(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<Value>,
) -> Result<Json<PreviewResponse>, Problem> {
    let used = settings::find::<CompanyImport>(&state.database.read(), caller.workspace).await?;
    let (import, add_fields) = if body.as_object().is_some_and(serde_json::Map::is_empty) {
        (used, false)
    } else {
        let body: ImportBody = strict_json::read(body).map_err(Problem::invalid_field)?;
        body.read(&used.fields).map_err(Problem::invalid)?
    };
    let wish = CheckOptions { add_fields, preview: true };
    let answer = judge(&state, caller.workspace, import, wish, TIMEOUT).await?;
    let (import, preview) = judged(answer)?;
    let preview = preview.unwrap_or_default();
    Ok(Json(PreviewResponse::of(import.object, preview)))
}

/// The settings as the org takes them, with their preview, or why there is none.
fn judged(
    answer: Option<OrgResponse>,
) -> Result<(CompanyImport, Option<domain::company::CompanyPreview>), Problem> {
    match answer {
        Some(OrgResponse::CompanyImport { import, preview }) => Ok((import, preview)),
        Some(OrgResponse::CompanyImportInvalid { problems }) => Err(Problem::invalid(problems)),
        answer => Err(org_problem(answer.as_ref())),
    }
}

/// The settings; options that the org no longer has stay, as companies may still hold them (Y6).
async fn to_response(
    state: &AppState,
    workspace: WorkspaceId,
    import: &CompanyImport,
) -> Result<ImportResponse, StorageError> {
    let known = stored(state, workspace, import).await?;
    let options = settings::find::<CompanyOptions>(&state.database.read(), workspace).await?;
    Ok(ImportResponse::of(import, &follow_all(&options, &usable_mappings(import, &known).0)))
}
