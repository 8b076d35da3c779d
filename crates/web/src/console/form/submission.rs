//! One submission with its timeline (F4).

use crate::actions::form::submission::{self as actions, Released};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::delivery::progress::Progress;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use domain::form::{NAME_PARTS, Submission, SubmissionState};
use domain::value::SubmissionId;
use storage::form::submissions;

#[derive(Template)]
#[template(path = "console/form/submission.html")]
struct SubmissionDetails {
    frame: ConsoleFrame,
    id: String,
    sent: String,
    facts: Vec<(String, String)>,
    consents: Vec<(String, String)>,
    /// Why it waits; empty unless it is in quarantine.
    signs: Vec<String>,
    is_quarantined: bool,
    progress: Progress,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let submission = find(&state, &session, &id).await?;
    let t = &session.words;
    let read = state.database.read();
    let is_quarantined = submission.state == SubmissionState::Quarantined;
    let tone = match submission.state {
        SubmissionState::Accepted => "good",
        SubmissionState::Quarantined => "held",
        SubmissionState::Repeated => "cancelled",
    };
    let name = submission.email.as_ref().map_or_else(|| submission.form_title.clone(), ToString::to_string);
    let signs = submission.spam_signs.iter().map(|sign| t.word("spam-sign", sign));
    let consents = submission.consents.iter();
    render(&SubmissionDetails {
        id: submission.id.to_string(),
        sent: t.date_time(submission.created_at),
        facts: facts(t, &submission),
        consents: consents.map(|one| (one.label.clone(), one.text.clone())).collect(),
        signs: signs.collect(),
        is_quarantined,
        progress: Progress::load(&read, &session, submission.id.into()).await?,
        frame: ConsoleFrame::new(&state, &session, "submissions", "submission-title")
            .await?
            .named(&name)
            .standing(tone, t.word("submission-state", submission.state.name())),
    })
}

/// Lets a quarantined submission go to Salesforce.
pub async fn deliver(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Redirect, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let submission = find(&state, session, &id).await?;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let done = match actions::release(&state, workspace, submission.id, actor).await? {
        Released::Yes => "delivering",
        Released::NotNow => "not-released",
    };
    Ok(Redirect::to(&format!("/console/submissions/{}?done={done}", submission.id)))
}

async fn find(state: &AppState, session: &SignedIn, id: &str) -> Result<Submission, PageError> {
    let not_found = session.page_error(PageError::not_found());
    let id: SubmissionId = id.parse().map_err(|_| not_found)?;
    submissions::find(&state.database.read(), session.account.workspace, id).await?.ok_or(not_found)
}

fn facts(t: &Translator, submission: &Submission) -> Vec<(String, String)> {
    let mut facts = vec![(t.text("column-form"), submission.form_title.clone())];
    let is_consent = |key: &str| submission.consents.iter().any(|consent| consent.key == key);
    for (key, label) in submission.questions.iter().filter(|(key, _)| !is_consent(key)) {
        let Some(answer) = submission.answers.get(key) else { continue };
        facts.push((label.clone(), t.answer(answer)));
        let kana: Vec<String> = NAME_PARTS[2..]
            .iter()
            .filter_map(|part| {
                submission.answers.get(&format!("{key}.{part}")).map(domain::form::Answer::to_text)
            })
            .collect();
        if !kana.is_empty() {
            facts.push((t.text("question-kana"), kana.join(" ")));
        }
    }
    facts.extend([
        (t.text("column-site-page"), submission.page_url.clone()),
        (t.text("fact-external-id"), submission.external_id.clone().unwrap_or_default()),
    ]);
    facts.retain(|(_, value)| !value.is_empty());
    facts
}
