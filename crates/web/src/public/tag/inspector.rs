//! `/site/{key}/inspector` and `/mapping`: what the inspector on the customer's page asks and saves.

use crate::actions::tag::inspector;
use crate::http::language::RequestLanguage;
use crate::public::tag::files;
use crate::public::tag::opened::SiteCall;
use crate::public::tag::reply::SiteError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::text::{catalogue, inspector_text};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::tag::{SiteOrigin, TagForm, TagFormInput, TagSettings, matches_url};
use domain::value::FieldProblem;
use serde::Deserialize;
use serde_json::{Value, json};
use storage::workspace::settings;

/// The token of the signed link, and the path of the page where it was opened.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Opening {
    tsugite: String,
    path: String,
}

/// A form's mapping as it was clicked together, and the path of the page with the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Mapping {
    tsugite: String,
    path: String,
    form: TagFormInput,
}

/// Tells whether the link is good and, if it is, what the inspector shows; else the words for saying so.
pub(crate) async fn open(
    State(state): State<AppState>,
    visitor: RequestLanguage,
    call: SiteCall<Opening>,
) -> Result<Response, SiteError> {
    let site = call.site;
    let account = inspector::read(&state, site.workspace, &call.body.tsugite).await?;
    let (Some(account), Some(origin)) = (account, site.origin.as_ref().filter(|_| site.is_allowed())) else {
        return Ok(over(&Translator::new(visitor.language, "UTC")));
    };
    let mut told = inspector_text::words(&Translator::new(account.language, "UTC"));
    told.insert("module".to_owned(), files::inspector_path().into());
    told.insert("forms".to_owned(), forms(&site.settings, origin, &call.body.path));
    Ok(Json(told).into_response())
}

fn over(t: &Translator) -> Response {
    let told = json!({
        "module": files::inspector_path(),
        "language": t.tag(),
        "texts": inspector_text::texts(t),
    });
    (StatusCode::GONE, Json(told)).into_response()
}

/// The mapped forms; `here` are those that the page's address names.
fn forms(settings: &TagSettings, origin: &SiteOrigin, path: &str) -> Value {
    let form = |form: &TagForm| {
        json!({
            "id": form.id,
            "name": form.name,
            "url": form.url,
            "selector": form.selector,
            "form_name": form.form_name,
            "fields": form.fields,
            "on": form.on,
            "here": matches_url(&form.url, origin, path),
        })
    };
    settings.forms.iter().map(form).collect()
}

/// Saves a mapping in the name of whoever opened the link; answers the forms as they are then.
pub(crate) async fn save(
    State(state): State<AppState>,
    call: SiteCall<Mapping>,
) -> Result<Response, SiteError> {
    let site = call.site;
    let account = inspector::read(&state, site.workspace, &call.body.tsugite).await?;
    let account = account.filter(|_| site.is_allowed()).ok_or(SiteError::Gone)?;
    let origin = site.origin.as_ref().ok_or(SiteError::Gone)?;
    match inspector::save_mapping(&state, &account, call.body.form).await? {
        Ok(()) => {
            let saved = settings::find::<TagSettings>(&state.database.read(), site.workspace).await?;
            let forms = forms(&saved, origin, &call.body.path);
            Ok(Json(json!({ "forms": forms })).into_response())
        }
        Err(problems) => {
            let error = |problem: &FieldProblem| json!({ "field": problem.field, "text": catalogue::problem(account.language, problem) });
            let errors: Vec<Value> = problems.iter().map(error).collect();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "errors": errors }))).into_response())
        }
    }
}
