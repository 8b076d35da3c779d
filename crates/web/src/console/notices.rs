//! Messages to the people of the workspace (N1).

use crate::extract::form::SignedForm;
use crate::extract::session::SignedIn;
use crate::notification_text::address;
use crate::pages::fault::PageError;
use crate::pages::layout::{ConsoleFrame, render};
use crate::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::response::{Redirect, Response};
use domain::notice::InboxMessage;
use storage::notices;

const MAX: u32 = 100;

struct InboxRow {
    when: String,
    text: String,
    read: bool,
    address: String,
}

#[derive(Template)]
#[template(path = "console/notices.html")]
struct InboxPage {
    frame: ConsoleFrame,
    rows: Vec<InboxRow>,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let found = notices::list(&state.database.read(), session.account.workspace, MAX).await?;
    render(&InboxPage {
        rows: found.iter().map(|notice| row(&session, notice)).collect(),
        frame: ConsoleFrame::new(&state, &session, "notices", "nav-notices").await?,
    })
}

/// Marks all as seen.
pub async fn mark_read(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let write = state.database.write().await?;
    notices::mark_read(&write, posted.session.account.workspace).await?;
    write.commit().await?;
    Ok(Redirect::to("/console/notices?done=read"))
}

fn row(session: &SignedIn, notice: &InboxMessage) -> InboxRow {
    InboxRow {
        when: session.words.date_time(notice.at),
        text: session.words.render("notice", &notice.message),
        read: notice.read,
        address: address(&notice.message, 1),
    }
}
