//! All lists (リスト).

use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::catalogue::grouped;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::router::LookupList;
use storage::router::lists;

struct ListLine {
    address: String,
    name: String,
    slug: String,
    kind: String,
    by: String,
    rows: String,
    updated: String,
}

#[derive(Template)]
#[template(path = "console/router/lists.html")]
struct ListsPage {
    frame: ConsoleFrame,
    rows: Vec<ListLine>,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let found = lists::list(&state.database.read(), session.account.workspace).await?;
    render(&ListsPage {
        rows: found.into_iter().map(|list| line(&session.words, list)).collect(),
        frame: ConsoleFrame::new(&state, &session, "lists", "nav-lists").await?,
    })
}

fn line(t: &Translator, list: LookupList) -> ListLine {
    ListLine {
        address: format!("/console/lists/{}", list.slug),
        kind: t.word("csv-list-kind", list.kind.name()),
        by: asked_by(t, &list),
        rows: t.fill("csv-list-rows-count", "count", grouped(&list.rows.to_string())),
        updated: t.date_time(list.updated_at),
        name: list.name,
        slug: list.slug,
    }
}

/// By what a list is asked, in words.
pub(super) fn asked_by(t: &Translator, list: &LookupList) -> String {
    match list.by {
        Some(by) => t.word("route-key", by.name()),
        None => t.text("csv-list-by-itself"),
    }
}
