//! Which questions are shown while a form is filled in, asked by its page: the same evaluation that counts when it is sent.

use crate::http::form::Form as Typed;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::public::form::open::open;
use crate::state::AppState;
use crate::ui::question_input;
use axum::Json;
use axum::extract::{Path, State};
use domain::form::shown_keys;
use serde::Serialize;

/// The questions that are shown.
#[derive(Debug, Serialize)]
pub struct Shown {
    shown: Vec<String>,
}

/// Evaluates the conditions; keeps nothing.
pub async fn shown(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    visitor: RequestLanguage,
    typed: Typed,
) -> Result<Json<Shown>, PageError> {
    let opened = open(&state, &slug, &visitor).await?;
    let answers = question_input::answers(&opened.form.fields, &typed);
    let shown = shown_keys(&opened.form.fields, &answers);
    Ok(Json(Shown { shown: shown.into_iter().map(str::to_owned).collect() }))
}
