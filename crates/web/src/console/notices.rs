//! Messages to the people of the workspace (N1).

use crate::extract::form::Posted;
use crate::extract::session::SignedIn;
use crate::notification_text::address;
use crate::pages::fault::Fault;
use crate::pages::layout::{ConsoleFrame, render};
use crate::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::response::{Redirect, Response};
use domain::notice::Notice;
use storage::notices;

const MOST: u32 = 100;

struct Row {
    when: String,
    text: String,
    read: bool,
    address: String,
}

#[derive(Template)]
#[template(path = "console/notices.html")]
struct NoticesPage {
    frame: ConsoleFrame,
    rows: Vec<Row>,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, Fault> {
    let found = notices::list(&state.database.read(), session.account.workspace, MOST).await?;
    render(&NoticesPage {
        rows: found.iter().map(|notice| row(&session, notice)).collect(),
        frame: ConsoleFrame::new(&state, &session, "notices", "nav-notices").await?,
    })
}

/// Marks all as seen.
pub async fn mark_read(State(state): State<AppState>, posted: Posted) -> Result<Redirect, Fault> {
    let write = state.database.write().await?;
    notices::mark_read(&write, posted.session.account.workspace).await?;
    write.commit().await?;
    Ok(Redirect::to("/console/notices?done=read"))
}

fn row(session: &SignedIn, notice: &Notice) -> Row {
    Row {
        when: session.words.moment(notice.at),
        text: session.words.told("notice", &notice.message),
        read: notice.read,
        address: address(&notice.message, 1),
    }
}
