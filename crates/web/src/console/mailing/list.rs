//! The list of mailings.

use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::mailing::{MailSettings, MailingState, missing_for_sending};
use storage::mailing::mailings;
use storage::mailing::mailings::Mailing;
use storage::workspace::settings;

/// Mailings that the page shows; the API has all of them.
const SHOWN: u32 = 200;

struct MailingRow {
    address: String,
    name: String,
    subject: String,
    state: &'static str,
    tone: &'static str,
    tried: u64,
    when: String,
}

#[derive(Template)]
#[template(path = "console/mailing/list.html")]
struct MailingsPage {
    frame: ConsoleFrame,
    has_server: bool,
    is_missing: bool,
    rows: Vec<MailingRow>,
}

/// Shows it.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let found = mailings::list(&read, workspace, None, SHOWN).await?;
    let settings = settings::find::<MailSettings>(&read, workspace).await?;
    let t = &session.words;
    let row = |mailing: Mailing| MailingRow {
        address: format!("/console/mailings/{}", mailing.id),
        name: mailing.content.name,
        subject: mailing.content.subject,
        state: mailing.state.name(),
        tone: tone(mailing.state),
        tried: mailing.health.tried,
        when: t.date_time(match mailing.state {
            MailingState::Scheduled => mailing.due_at,
            _ => mailing.finished_at.or(mailing.started_at).unwrap_or(mailing.updated_at),
        }),
    };
    render(&MailingsPage {
        has_server: state.settings.mail_from.is_some(),
        is_missing: !missing_for_sending(&settings).is_empty(),
        rows: found.into_iter().map(row).collect(),
        frame: ConsoleFrame::new(&state, &session, "mailings", "nav-mailings").await?,
    })
}

/// The class of a state's chip.
pub(super) const fn tone(state: MailingState) -> &'static str {
    match state {
        MailingState::Draft => "skipped",
        MailingState::Scheduled | MailingState::Sending => "due",
        MailingState::Paused => "warn",
        MailingState::Finished => "done",
        MailingState::Canceled => "cancelled",
    }
}
