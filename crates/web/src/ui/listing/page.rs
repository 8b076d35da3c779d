//! A page that is a list and nothing else.

use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::listing::load::List;
use crate::ui::listing::respond::{Answer, respond};
use crate::ui::listing::view::ListView;
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "console/plain_list.html")]
struct PlainList {
    frame: ConsoleFrame,
    list: Box<ListView>,
}

/// The list as a page under an entry of the menu, or as a file.
pub async fn show<L: List>(
    state: &AppState,
    session: &SignedIn,
    visitor: &RequestLanguage,
    section: &'static str,
) -> Result<Response, PageError> {
    match respond::<L>(state, session, visitor).await? {
        Answer::File(file) => Ok(file),
        Answer::Shown(list) => {
            let title = format!("nav-{section}");
            render(&PlainList { list, frame: ConsoleFrame::new(state, session, section, &title).await? })
        }
    }
}
