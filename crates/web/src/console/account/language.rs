//! The language of one's own console (N4).

use crate::auth::posted::SignedForm;
use crate::http::page_error::PageError;
use crate::state::AppState;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Redirect;
use domain::value::Language;
use storage::workspace::accounts;

/// Keeps the language and shows the page again.
pub async fn save(
    State(state): State<AppState>,
    headers: HeaderMap,
    posted: SignedForm,
) -> Result<Redirect, PageError> {
    let account = posted.session.account;
    if let Some(language) = Language::from_tag(posted.form.text("language")) {
        let write = state.database.write().await?;
        accounts::set_language(&write, account.workspace, account.id, language).await?;
        write.commit().await?;
    }
    Ok(Redirect::to(&came_from(&headers)))
}

/// The page of the console from which the form was sent.
fn came_from(headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|referer| referer.to_str().ok());
    let path =
        referer.and_then(|referer| url::Url::parse(referer).ok()).map(|referer| referer.path().to_owned());
    path.filter(|path| path.starts_with("/console")).unwrap_or_else(|| "/console".to_owned())
}
