//! The list of forms.

use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::form::SubmissionState;
use storage::form::{forms, submissions};

/// Submissions of so many days are counted.
const COUNTED_DAYS: i64 = 30;

struct FormRow {
    address: String,
    title: String,
    public_url: String,
    object: String,
    active: bool,
    accepted: i64,
    to_review: i64,
}

#[derive(Template)]
#[template(path = "console/form/list.html")]
struct FormsPage {
    frame: ConsoleFrame,
    rows: Vec<FormRow>,
}

/// Shows it.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let read = state.database.read();
    let workspace = session.account.workspace;
    let since = state.clock.now().plus_minutes(-COUNTED_DAYS * 24 * 60);
    let counts = submissions::counts_since(&read, workspace, since).await?;
    let base = state.settings.public_url.as_str().trim_end_matches('/').to_owned();
    let rows = forms::list(&read, workspace).await?.into_iter().map(|form| {
        let of_form = |wanted: SubmissionState| {
            counts.iter().filter(|(id, state, _)| *id == form.id && *state == wanted).map(|(_, _, n)| n).sum()
        };
        FormRow {
            address: format!("/console/forms/{}", form.id),
            title: form.title_in(session.words.language).to_owned(),
            public_url: format!("{base}/f/{}", form.slug),
            accepted: of_form(SubmissionState::Accepted),
            to_review: of_form(SubmissionState::Quarantined),
            object: form.salesforce.object,
            active: form.active,
        }
    });
    render(&FormsPage {
        rows: rows.collect(),
        frame: ConsoleFrame::new(&state, &session, "forms", "nav-forms").await?,
    })
}
