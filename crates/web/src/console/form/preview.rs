//! A form as its visitors see it, published or not; it can't be sent from here.

use crate::auth::session::SignedIn;
use crate::console::form::editor::find;
use crate::http::form::Form as Typed;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::public::form::show::preview;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::response::Response;

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let form = find(&state, &session, &id).await?;
    preview(&state, session.account.workspace, form, &visitor, &Typed::default()).await
}
