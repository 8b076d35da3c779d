//! A router as its pages need it.

use crate::auth::session::SignedIn;
use crate::http::form::Form as Typed;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::ConsoleFrame;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::router::Router;
use domain::value::FieldProblem;
use storage::router::routers;

/// The router at an address of this workspace.
pub(super) async fn find(state: &AppState, session: &SignedIn, slug: &str) -> Result<Router, PageError> {
    let found = routers::find_by_slug(&state.database.read(), session.account.workspace, slug).await?;
    found.ok_or(session.page_error(PageError::not_found()))
}

/// The address of a router's page.
pub(super) fn address(router: &Router) -> String {
    format!("/console/routers/{}", router.slug)
}

/// The frame of a page below a router's.
pub(super) async fn frame(
    state: &AppState,
    session: &SignedIn,
    router: &Router,
    title: &str,
) -> Result<ConsoleFrame, PageError> {
    let frame = ConsoleFrame::new(state, session, "routers", title).await?;
    Ok(frame.under(&router.name, address(router)))
}

/// How a router stands: the class of its chip, and the word.
pub(super) fn standing(t: &Translator, router: &Router) -> (&'static str, String) {
    match (router.archived_at, router.published) {
        (Some(_), _) => ("cancelled", t.text("router-is-archived")),
        (None, 0) => ("cancelled", t.text("router-is-draft")),
        (None, version) => ("good", t.fill("router-is-published", "version", version)),
    }
}

/// Whether the draft is still the one on which a form is based; a form without a version takes it as it is.
pub(super) fn is_current(router: &Router, typed: &Typed) -> bool {
    match typed.find("version") {
        None => true,
        Some(seen) => seen == router.draft_version.to_string(),
    }
}

/// A page that shows what was wrong with what was sent.
pub(super) fn refused(page: Response) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

/// The problem with a change that no longer fits the chart.
pub(super) fn gone() -> FieldProblem {
    FieldProblem::new("", "chart-part-gone")
}
