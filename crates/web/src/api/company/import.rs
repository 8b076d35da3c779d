//! `/company-import`: which records of the org become companies, and with what (Y1, Y2, Y8).

use crate::actions::company::descriptions::stored;
use crate::actions::company::import;
use crate::actions::company::import::{CheckOptions, judge};
use crate::api::company::import_body::{ImportBody, shown};
use crate::api::org_problem::{TIMEOUT, org_problem};
use crate::auth::api_caller::Caller;
use crate::http::json::{Body, unreadable};
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use domain::company::{CompanyImport, CompanyOptions, follow_all, usable_mappings};
use domain::org::Descriptions;
use serde_json::{Value, json};
use storage::StorageError;
use storage::org_request::OrgResponse;
use storage::workspace::settings;

/// The settings.
#[utoipa::path(get, path = "/company-import", tag = "company import", responses((status = 200, description = "The settings; picklists with the org's options"), (status = 401, description = "The API key is not valid")))]
pub async fn show(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let found = async {
        let import = settings::company_import(&state.database.read(), caller.workspace).await?;
        let known = stored(&state, caller.workspace, &import).await?;
        let options = settings::company_options(&state.database.read(), caller.workspace).await?;
        Ok::<_, StorageError>((import, known, options))
    };
    let (import, known, options) = found.await?;
    Ok(Json(to_body(&import, &known, &options)))
}

/// Replaces the settings after a check in the org; saves nothing if a part is invalid.
#[utoipa::path(put, path = "/company-import", tag = "company import", request_body = ImportBody, responses((status = 200, description = "The settings as saved"), (status = 409, description = "Not connected"), (status = 422, description = "Some fields are invalid"), (status = 502, description = "Could not reach Salesforce"), (status = 401, description = "The API key is not valid")))]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<ImportBody>,
) -> Result<Json<Value>, Problem> {
    let used = settings::company_import(&state.database.read(), caller.workspace).await?;
    let (import, add_fields) = body.read(&used.fields).map_err(Problem::invalid)?;
    let was_judged = used.enabled || !import.enabled;
    let import = if was_judged && import.imports_same_records(&used) {
        import
    } else {
        let wish = CheckOptions { add_fields, preview: false };
        let answer = judge(&state, caller.workspace, import, wish, TIMEOUT).await?;
        judged(answer)?.0
    };
    import::save(&state, caller.workspace, &import, "api").await?;
    let known = stored(&state, caller.workspace, &import).await?;
    let options = settings::company_options(&state.database.read(), caller.workspace).await?;
    Ok(Json(to_body(&import, &known, &options)))
}

/// Counts the matching records and returns examples as companies; writes nothing.
///
/// An empty object means the saved settings.
#[utoipa::path(post, path = "/company-import/preview", tag = "company import", request_body = ImportBody, responses((status = 200, description = "The count and a sample"), (status = 409, description = "Not connected"), (status = 422, description = "Some fields are invalid"), (status = 502, description = "Could not reach Salesforce"), (status = 401, description = "The API key is not valid")))]
pub async fn preview(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<Value>,
) -> Result<Json<Value>, Problem> {
    let used = settings::company_import(&state.database.read(), caller.workspace).await?;
    let (import, add_fields) = if body.as_object().is_some_and(serde_json::Map::is_empty) {
        (used, false)
    } else {
        let body: ImportBody = serde_json::from_value(body).map_err(|error| unreadable(error))?;
        body.read(&used.fields).map_err(Problem::invalid)?
    };
    let wish = CheckOptions { add_fields, preview: true };
    let answer = judge(&state, caller.workspace, import, wish, TIMEOUT).await?;
    let (import, preview) = judged(answer)?;
    let preview = preview.unwrap_or_default();
    Ok(Json(json!({ "object": import.object, "count": preview.count, "sample": preview.sample })))
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

/// Options that the org no longer has are told as such: companies may still hold them (Y6).
fn to_body(import: &CompanyImport, known: &Descriptions, options: &CompanyOptions) -> Value {
    let options = follow_all(options, &usable_mappings(import, known).0);
    shown(import, |field| options.get(&field.key).cloned().unwrap_or_default())
}
