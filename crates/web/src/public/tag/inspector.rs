//! `/site/{key}/inspector` and `/mapping`: what the inspector on the customer's page asks and saves.

use crate::actions::tag::inspector;
use crate::public::tag::files;
use crate::public::tag::opened::SiteCall;
use crate::public::tag::reply::{SiteError, SiteReply};
use crate::state::AppState;
use crate::text::catalogue;
use crate::text::translator::Translator;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::tag::{STANDARD_PROPERTIES, TagFormInput};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The token of the signed link.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Opening {
    tsugite: String,
}

/// A form's mapping as it was clicked together.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Mapping {
    tsugite: String,
    form: TagFormInput,
}

/// Texts of the inspector: their names there, and their keys.
const TEXTS: [(&str, &str); 12] = [
    ("title", "inspector-title"),
    ("form", "inspector-form"),
    ("none", "inspector-none"),
    ("name", "tag-form-name"),
    ("property", "inspector-property"),
    ("nothing", "inspector-nothing"),
    ("save", "save"),
    ("saved", "done-saved"),
    ("close", "dialog-close"),
    ("evidence", "column-evidence"),
    ("over", "inspector-over"),
    ("missing", "inspector-missing"),
];

/// Tells whether the link is good and, if it is, what the inspector shows.
pub(crate) async fn open(State(state): State<AppState>, call: SiteCall<Opening>) -> SiteReply {
    let account = inspector::read(&state, call.site.workspace, &call.body.tsugite).await?;
    let account = account.filter(|_| call.site.is_allowed()).ok_or(SiteError::Gone)?;
    let t = Translator::new(account.language, "UTC");
    let texts: Map<String, Value> =
        TEXTS.iter().map(|(name, key)| ((*name).to_owned(), Value::from(t.text(key)))).collect();
    let properties: Map<String, Value> = STANDARD_PROPERTIES
        .iter()
        .map(|property| {
            let label = t.word("property", &property.replace('_', "-"));
            ((*property).to_owned(), label.into())
        })
        .collect();
    let form = |form: &domain::tag::TagForm| {
        json!({ "id": form.id, "name": form.name, "url": form.url, "selector": form.selector,
            "form_name": form.form_name, "fields": form.fields })
    };
    let forms: Vec<Value> = call.site.settings.forms.iter().map(form).collect();
    Ok(Json(json!({
        "module": files::inspector_path(),
        "language": account.language.tag(),
        "properties": properties,
        "forms": forms,
        "texts": texts,
    })))
}

/// Saves a mapping in the name of whoever opened the link.
pub(crate) async fn save(
    State(state): State<AppState>,
    call: SiteCall<Mapping>,
) -> Result<Response, SiteError> {
    let account = inspector::read(&state, call.site.workspace, &call.body.tsugite).await?;
    let account = account.filter(|_| call.site.is_allowed()).ok_or(SiteError::Gone)?;
    match inspector::save_mapping(&state, &account, call.body.form).await? {
        Ok(()) => Ok(Json(json!({})).into_response()),
        Err(problems) => {
            let error = |problem: &domain::value::FieldProblem| json!({ "field": problem.field, "text": catalogue::problem(account.language, problem) });
            let errors: Vec<Value> = problems.iter().map(error).collect();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "errors": errors }))).into_response())
        }
    }
}
