//! Objects and fields of the org while they are typed (K17).

use crate::actions::org::lead_description::object_description;
use crate::actions::org_request::request_and_wait;
use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::suggestion::Suggestion;
use axum::Json;
use axum::extract::{Path, State};
use domain::form::{FieldKind, is_fillable};
use domain::org::{ObjectDescription, OrgField};
use std::time::Duration;
use storage::form::forms;
use storage::org_request::{OrgObject, OrgRequest, OrgResponse};
use storage::{StorageError, org_request};

const MAX: usize = 12;
/// The org's objects change rarely: they are asked for once in so many seconds.
const OBJECTS_FRESH_SECONDS: i64 = 600;
const TIMEOUT: Duration = Duration::from_secs(5);

/// What begins with or holds what was typed: objects, fields that a question may fill, or any that can be written.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(form): Path<String>,
    visitor: RequestLanguage,
) -> Result<Json<Vec<Suggestion>>, PageError> {
    let (query, workspace) = (&visitor.query, session.account.workspace);
    let typed = query.text("q").rsplit([',', '、']).next().unwrap_or_default().trim();
    if query.text("of") == "objects" {
        let objects = objects(&state, &session).await?;
        return Ok(Json(matching(&objects, typed)));
    }
    // The object that is typed beside it goes before the one that is saved.
    let saved = match form.parse() {
        Ok(id) => forms::find(&state.database.read(), workspace, id).await?,
        Err(_) => None,
    };
    let named = query.find("salesforce.object").map(str::to_owned).filter(|name| !name.is_empty());
    let object = named.or(saved.map(|form| form.salesforce.object)).unwrap_or_else(|| "Lead".to_owned());
    let kind = FieldKind::from_name(query.text("kind"));
    let fits = |field: &OrgField| match kind {
        Some(kind) => is_fillable(kind, field),
        None => field.createable,
    };
    let suggests =
        |known: Option<&ObjectDescription>| known.is_some_and(|known| !known.suggest(typed, fits).is_empty());
    let Some(object) = object_description(&state, workspace, &object, suggests).await? else {
        return Ok(Json(Vec::new()));
    };
    let found = object.suggest(typed, fits);
    let suggestion = |field: &OrgField| {
        let kind = session.words.word("field-type", field.kind.name());
        Suggestion::new(field.name.clone(), field.label.clone(), kind)
    };
    Ok(Json(found.into_iter().take(MAX).map(suggestion).collect()))
}

async fn objects(state: &AppState, session: &SignedIn) -> Result<Vec<OrgObject>, StorageError> {
    let workspace = session.account.workspace;
    let oldest = state.clock.now().plus_seconds(-OBJECTS_FRESH_SECONDS);
    if let Some(known) = org_request::last_objects(&state.database.read(), workspace, oldest).await? {
        return Ok(known);
    }
    match request_and_wait(state, workspace, &OrgRequest::Objects, TIMEOUT).await? {
        Some(OrgResponse::Objects { objects }) => Ok(objects),
        _ => Ok(Vec::new()),
    }
}

fn matching(objects: &[OrgObject], typed: &str) -> Vec<Suggestion> {
    let wanted = typed.to_lowercase();
    let rank = |object: &&OrgObject| {
        let (name, label) = (object.name.to_lowercase(), object.label.to_lowercase());
        if name.starts_with(&wanted) || label.starts_with(&wanted) {
            Some(0)
        } else {
            (name.contains(&wanted) || label.contains(&wanted)).then_some(1)
        }
    };
    let mut found: Vec<(i32, &OrgObject)> =
        objects.iter().filter_map(|one| Some((rank(&one)?, one))).collect();
    found.sort_by_key(|(rank, object)| {
        (*rank, !matches!(object.name.as_str(), "Lead" | "Contact"), object.label.clone())
    });
    let shown = found.into_iter().take(MAX);
    shown.map(|(_, one)| Suggestion::new(one.name.clone(), one.label.clone(), String::new())).collect()
}
