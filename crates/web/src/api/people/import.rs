//! `/people/import`: people from a CSV file.

use crate::actions::people::import::{ImportInput, import as import_people, undo as undo_import};
use crate::api::refusals::{InvalidBody, NotFound, Refused};
use crate::api::value::Id;
use crate::auth::api_caller::Caller;
use crate::http::json::Parameters;
use crate::http::problem::{FieldProblemBody, Problem};
use crate::http::request_body::{BodyError, MAX_FILE, receive_file};
use crate::state::AppState;
use crate::text::person_labels::person_labels;
use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::value::PeopleImportId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a file is imported.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportParameters {
    /// Nothing is changed: only told what would be.
    #[serde(default)]
    dry_run: bool,
    /// Rows at fault are left out instead of refusing the file.
    #[serde(default)]
    skip_faulty: bool,
    /// On which basis these people may be written to; kept with each of them as evidence.
    #[serde(default)]
    basis: String,
}

/// What became of a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportResult {
    /// The import, by which it can be undone; null if nothing was changed.
    id: Option<Id>,
    /// Rows with something in them.
    #[schema(example = 120)]
    rows: u64,
    /// People who were added.
    #[schema(example = 100)]
    created: u64,
    /// People of whom something changed.
    #[schema(example = 15)]
    updated: u64,
    /// People of whom nothing changed.
    #[schema(example = 4)]
    unchanged: u64,
    /// Rows at fault, which were left out.
    #[schema(example = 1)]
    faulty: u64,
    /// The first hundred of their faults, by line.
    faults: Vec<FieldProblemBody>,
}

/// What undoing an import did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportUndone {
    /// People who were taken out again.
    #[schema(example = 100)]
    removed: u64,
    /// People whose values were put back.
    #[schema(example = 15)]
    restored: u64,
    /// People who have changed since, or are tied to a record by now, and stay as they are.
    #[schema(example = 0)]
    kept: u64,
}

/// Imports people from a CSV file; with a row at fault, nothing is imported unless faulty rows are to be left out.
///
/// The file is UTF-8 with or without byte order mark, or Shift_JIS. Its first row names the columns by the names or labels
/// of person fields; one is the e-mail address. Blank cells change nothing. A person who is known is updated. 50,000 rows
/// at most.
#[utoipa::path(
    post, path = "/people/import", tag = "people", operation_id = "import_people", params(ImportParameters),
    request_body(content = String, content_type = "text/csv", description = "The file"),
    responses((status = 200, description = "What became of it", body = ImportResult), Refused, InvalidBody),
)]
pub async fn import(
    State(state): State<AppState>,
    caller: Caller,
    Parameters(told): Parameters<ImportParameters>,
    request: Request,
) -> Result<Json<ImportResult>, Problem> {
    let too_large = || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file-too-large");
    let (request, _turn) = receive_file(request).await.map_err(|error| match error {
        BodyError::TooLarge => too_large(),
        other => other.into(),
    })?;
    let file = to_bytes(request.into_body(), MAX_FILE).await.map_err(|_| too_large())?;
    let ImportParameters { dry_run, skip_faulty, basis } = told;
    let input = ImportInput { dry_run, skip_faulty, basis, labels: person_labels() };
    let done = import_people(&state, caller.workspace, &input, file, &caller.actor).await?;
    let done = done.map_err(Problem::invalid)?;
    Ok(Json(ImportResult {
        id: done.id.map(Into::into),
        rows: done.counts.rows,
        created: done.counts.created,
        updated: done.counts.updated,
        unchanged: done.counts.unchanged,
        faulty: done.counts.faulty,
        faults: done.faults.named.iter().map(|fault| FieldProblemBody::of(fault, caller.language)).collect(),
    }))
}

/// Undoes an import: people who came by it are taken out, values that are still the import's are put back.
#[utoipa::path(
    post, path = "/people/imports/{id}/undo", tag = "people", operation_id = "undo_people_import",
    params(("id" = String, Path, description = "The import's ID")),
    responses((status = 200, description = "What was undone", body = ImportUndone), Refused, NotFound),
)]
pub async fn undo(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ImportUndone>, Problem> {
    let id: PeopleImportId = id.parse().map_err(|_| Problem::not_found())?;
    let undone = undo_import(&state, caller.workspace, id, &caller.actor).await?;
    let undone = undone.ok_or_else(Problem::not_found)?;
    Ok(Json(ImportUndone { removed: undone.removed, restored: undone.restored, kept: undone.kept }))
}
