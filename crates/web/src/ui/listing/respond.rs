//! What an address asks of a list, as a part of a page or as a file.

use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::listing::csv;
use crate::ui::listing::load::List;
use crate::ui::listing::view::{ListView, view};
use axum::response::Response;
use domain::list::Request;

/// Rows of a page.
const ROWS: u32 = 50;

/// What an address asks of a list: a file, or the list to put into a page.
pub enum Answer {
    /// The list as a file.
    File(Response),
    /// The list as a part of a page.
    Shown(Box<ListView>),
}

/// Answers what an address asks of a list.
pub async fn respond<L: List>(
    state: &AppState,
    session: &SignedIn,
    visitor: &RequestLanguage,
) -> Result<Answer, PageError> {
    let pairs = visitor.query.pairs();
    let request = Request::read(&L::SPEC, pairs);
    if visitor.query.text("format") == "csv" {
        let with_bom = visitor.query.is_on("bom");
        return Ok(Answer::File(csv::file::<L>(state.clone(), session.clone(), request, with_bom)));
    }
    let loaded = L::load(state, session, &request, ROWS).await?;
    let chosen = visitor.query.text("view").to_owned();
    Ok(Answer::Shown(Box::new(view::<L>(state, session, request, loaded, chosen).await?)))
}
