//! The buttons of a mailing: test, start, pause, resume, cancel.

use crate::actions::mailing::changes;
use crate::actions::mailing::test_mail;
use crate::actions::mailing::test_mail::TestSent;
use crate::auth::posted::SignedForm;
use crate::console::delivery::preflight::TIMEOUT;
use crate::console::mailing::show::{Trouble, find, page, refused};
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::org_unavailable::org_error_text;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::mailing::MailingAction;
use domain::value::{EmailAddress, FieldProblem, Timestamp};
use storage::org_request::OrgResponse;

/// Sends it to one address.
pub async fn test(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let mailing = find(&state, session, &id).await?;
    let t = &session.words;
    let mut trouble = Trouble::default();
    let Ok(address) = EmailAddress::parse(posted.form.text("address")) else {
        trouble.problems = vec![FieldProblem::new("address", "not-an-email")];
        let page = page(&state, session, &mailing, trouble).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let (workspace, by) = (session.account.workspace, (session.account.email.as_str(), TIMEOUT));
    match test_mail::send(&state, workspace, &mailing.content, (None, &address), by).await? {
        TestSent::TooSoon(allowed) => {
            trouble.failure = t.fill("notification-test-too-soon", "at", t.date_time(allowed));
        }
        TestSent::Answered(Some(OrgResponse::NotificationTested { results })) => trouble.trial = results,
        TestSent::Answered(answer) => trouble.failure = org_error_text(t, answer.as_ref()),
    }
    page(&state, session, &mailing, trouble).await
}

/// Lets it go out, at once or at the time that was chosen.
pub async fn start(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let mailing = find(&state, session, &id).await?;
    let at = posted.form.text("at").trim();
    let later = posted.form.text("do") == "later";
    let at = if later { local_time(at, &session.workspace.time_zone).map(Some) } else { Some(None) };
    let Some(at) = at else {
        let problems = vec![FieldProblem::new("at", "not-a-time")];
        let page = page(&state, session, &mailing, Trouble { problems, ..Trouble::default() }).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    match changes::start(&state, workspace, mailing.id, at, actor).await? {
        Ok(_) => Ok(Redirect::to(&format!("/console/mailings/{id}?done=mailing-started")).into_response()),
        Err(refusal) => refused(&state, session, &mailing, None, refusal).await,
    }
}

/// Holds it.
pub async fn pause(
    state: State<AppState>,
    id: Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    act(state, id, posted, MailingAction::Pause).await
}

/// Goes on with it.
pub async fn resume(
    state: State<AppState>,
    id: Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    act(state, id, posted, MailingAction::Resume).await
}

/// Breaks it off.
pub async fn cancel(
    state: State<AppState>,
    id: Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    act(state, id, posted, MailingAction::Cancel).await
}

async fn act(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
    action: MailingAction,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let mailing = find(&state, session, &id).await?;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    match changes::act(&state, workspace, mailing.id, action, actor).await? {
        Ok(_) => Ok(Redirect::to(&format!("/console/mailings/{id}?done=saved")).into_response()),
        Err(refusal) => refused(&state, session, &mailing, None, refusal).await,
    }
}

/// `2026-06-01T09:00` in the workspace's zone.
fn local_time(typed: &str, zone: &str) -> Option<Timestamp> {
    let moment: jiff::civil::DateTime = typed.parse().ok()?;
    Some(Timestamp::from_jiff(moment.in_tz(zone).ok()?.timestamp()))
}
