//! Messages to the people of the workspace (N1).

use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::notification_text::address;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::response::{Redirect, Response};
use domain::notification::InboxMessage;
use storage::notification::inbox;

const MAX: u32 = 100;

struct InboxRow {
    when: String,
    text: String,
    read: bool,
    address: String,
}

#[derive(Template)]
#[template(path = "console/notification/inbox.html")]
struct InboxPage {
    frame: ConsoleFrame,
    rows: Vec<InboxRow>,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let found = inbox::list(&state.database.read(), session.account.workspace, MAX).await?;
    render(&InboxPage {
        rows: found.iter().map(|notice| row(&session, notice)).collect(),
        frame: ConsoleFrame::new(&state, &session, "notices", "nav-notices").await?,
    })
}

/// Marks all as seen.
pub async fn mark_read(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let write = state.database.write().await?;
    inbox::mark_read(&write, posted.session.account.workspace).await?;
    write.commit().await?;
    Ok(Redirect::to("/console/notices?done=read"))
}

fn row(session: &SignedIn, notice: &InboxMessage) -> InboxRow {
    InboxRow {
        when: session.words.date_time(notice.at),
        text: session.words.render("notice", &notice.notice.message),
        read: notice.read,
        address: address(&notice.notice, 1),
    }
}
