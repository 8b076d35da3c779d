//! What comes after a form was sent: a message, another page, or a booking page.

use crate::state::AppState;
use crate::text::catalogue;
use axum::response::{IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::form::{AfterSubmission, Submission};
use domain::value::{Language, SubmissionId, WorkspaceId};
use uuid::Uuid;

const PURPOSE: &str = "submission-done";
/// The page after a form fills in the next one, so its address is good for an hour only.
const LIFE_SECONDS: i64 = 60 * 60;

/// The visitor's way on. `embed` is the site in whose page the form stands; a frame shows its own last page, which tells the
/// page around it where to go.
pub(crate) fn go_on(
    state: &AppState,
    workspace: WorkspaceId,
    submission: &Submission,
    (language, embed): (Language, &str),
) -> Response {
    if !embed.is_empty() {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("language", language.tag()).append_pair("embed", embed);
        let path = done_path(state, workspace, submission);
        return Redirect::to(&format!("{path}?{}", query.finish())).into_response();
    }
    let path = done_path(state, workspace, submission);
    Redirect::to(&format!("{path}?language={}", language.tag())).into_response()
}

/// The address to which a visitor goes; `None` for a message.
pub(crate) fn address(
    state: &AppState,
    workspace: WorkspaceId,
    submission: &Submission,
    then: &AfterSubmission,
) -> Option<String> {
    match then {
        AfterSubmission::Redirect { url } => Some(url.clone()),
        AfterSubmission::Page { .. } | AfterSubmission::Router { .. } => {
            Some(done_address(state, workspace, submission))
        }
        AfterSubmission::Message { .. } => None,
    }
}

/// The whole address of the page after a form.
pub(crate) fn done_address(state: &AppState, workspace: WorkspaceId, submission: &Submission) -> String {
    let base = state.settings.public_url.as_str().trim_end_matches('/');
    format!("{base}{}", done_path(state, workspace, submission))
}

/// What a visitor reads after sending a form.
pub(crate) fn message(then: &AfterSubmission, language: Language) -> String {
    let own = match then {
        AfterSubmission::Message { text } => text.text_in(language),
        AfterSubmission::Redirect { .. } | AfterSubmission::Page { .. } | AfterSubmission::Router { .. } => {
            ""
        }
    };
    if own.is_empty() { catalogue::text(language, "form-sent-text") } else { own.to_owned() }
}

fn done_path(state: &AppState, workspace: WorkspaceId, submission: &Submission) -> String {
    let until = (state.clock.now().seconds() + LIFE_SECONDS).to_be_bytes();
    let named = [&workspace.0.into_bytes()[..], &submission.id.0.into_bytes()[..], &until[..]].concat();
    let named = BASE64.encode(named);
    let tag = state.database.vault().sign(PURPOSE, &named);
    format!("/f/{}/done/{named}.{tag}", submission.form_slug)
}

/// The submission that an address names; `None` when it was changed or is too old.
pub(crate) fn read(state: &AppState, token: &str) -> Option<(WorkspaceId, SubmissionId)> {
    let (named, tag) = token.split_once('.')?;
    if !state.database.vault().verify(PURPOSE, named, tag) {
        return None;
    }
    let bytes = BASE64.decode(named).ok()?;
    let (workspace, rest) = bytes.split_at_checked(16)?;
    let (submission, until) = rest.split_at_checked(16)?;
    let until = i64::from_be_bytes(until.try_into().ok()?);
    (state.clock.now().seconds() <= until).then_some(()).and_then(|()| {
        Some((Uuid::from_slice(workspace).ok()?.into(), Uuid::from_slice(submission).ok()?.into()))
    })
}
