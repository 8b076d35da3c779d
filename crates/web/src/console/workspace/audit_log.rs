//! Who changed what, and when; for reading and as a file (N3).

use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use storage::workspace::audit;
use storage::workspace::audit::Entry;

const MAX: u32 = 200;
const MAX_EXPORTED: u32 = 100_000;

struct AuditRow {
    when: String,
    actor: String,
    text: String,
}

#[derive(Template)]
#[template(path = "console/workspace/audit_log.html")]
struct AuditPage {
    frame: ConsoleFrame,
    rows: Vec<AuditRow>,
}

/// Shows the latest lines.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    session.may_configure()?;
    let entries = audit::list(&state.database.read(), session.account.workspace, MAX).await?;
    render(&AuditPage {
        rows: entries.iter().map(|entry| row(&session, entry)).collect(),
        frame: ConsoleFrame::new(&state, &session, "audit", "nav-audit").await?,
    })
}

/// Gives all lines as CSV, which spreadsheets open as UTF-8 by its first bytes.
pub async fn export(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    session.may_configure()?;
    let entries = audit::list(&state.database.read(), session.account.workspace, MAX_EXPORTED).await?;
    let t = &session.words;
    let titles = [t.text("audit-when"), t.text("audit-who"), t.text("audit-what"), "code".to_owned()];
    let mut file = String::from("\u{feff}");
    file.push_str(&csv_line(&titles));
    for entry in &entries {
        let text = t.render("audit", &entry.action);
        file.push_str(&csv_line(&[
            entry.at.to_string(),
            entry.actor.clone(),
            text,
            entry.action.code.clone(),
        ]));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"tsugite-audit.csv\""),
    ];
    Ok((headers, file).into_response())
}

fn row(session: &SignedIn, entry: &Entry) -> AuditRow {
    let t = &session.words;
    let actor = match entry.actor.as_str() {
        actor @ ("api" | "system") => t.word("actor", actor),
        person => person.to_owned(),
    };
    AuditRow { when: t.date_time(entry.at), actor, text: t.render("audit", &entry.action) }
}

/// One line; a value that a spreadsheet would take for a formula gets an apostrophe in front.
fn csv_line<const N: usize>(values: &[String; N]) -> String {
    let cells = values.iter().map(|value| {
        let guard = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        format!("\"{guard}{}\"", value.replace('"', "\"\""))
    });
    let mut line = cells.collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}
