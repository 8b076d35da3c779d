//! What is done with deliveries that need attention: another try, or leaving them as they are.

use crate::actions::delivery;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use axum::extract::State;
use axum::response::Redirect;
use domain::delivery::{Subject, SubjectKind};
use domain::value::{BookingId, DeliveryId, Step, SubmissionId, Timestamp};
use storage::delivery::ignored;
use storage::workspace::audit;

/// Deliveries that are dealt with at once.
const MOST: u32 = 500;

/// Tries some again: those that were chosen, or all of a cause.
pub async fn retry(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let chosen = chosen(&state, session, &posted.form).await?;
    for id in &chosen {
        delivery::retry(&state, session.account.workspace, *id, session.account.email.as_str()).await?;
    }
    let booking = posted.form.find("booking").and_then(|id| id.parse::<BookingId>().ok());
    let submission = posted.form.find("submission").and_then(|id| id.parse::<SubmissionId>().ok());
    let subject = booking.map(Subject::from).or(submission.map(Subject::from));
    Ok(Redirect::to(&match subject {
        Some(subject) => format!("{}?done=retried", address_of(subject)),
        None if chosen.is_empty() => "/console/errors?done=none-chosen".to_owned(),
        None => "/console/errors?done=retried".to_owned(),
    }))
}

/// The console's page of what a delivery is about.
pub(crate) fn address_of(subject: Subject) -> String {
    match subject.kind {
        SubjectKind::Booking => format!("/console/bookings/{}", subject.id),
        SubjectKind::Submission => format!("/console/submissions/{}", subject.id),
        // People have no page yet.
        SubjectKind::Person => "/console/errors".to_owned(),
    }
}

/// Leaves some as they are: they no longer call for attention.
pub async fn ignore(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let chosen = chosen(&state, session, &posted.form).await?;
    let (workspace, by, now) = (session.account.workspace, session.account.email.as_str(), state.clock.now());
    let write = state.database.write().await?;
    let count = ignored::ignore(&write, workspace, &chosen, by, now).await?;
    if count == 0 {
        return Ok(Redirect::to("/console/errors?done=none-chosen"));
    }
    audit::record(&write, workspace, by, &Step::new("deliveries-ignored").with("count", count), now).await?;
    write.commit().await?;
    Ok(Redirect::to(&format!("/console/errors?done=ignored&undo={}", now.microseconds())))
}

/// Calls for attention again: those that were chosen, or all that were ignored at the moment in `undo`.
pub async fn unignore(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let (workspace, by, now) = (session.account.workspace, session.account.email.as_str(), state.clock.now());
    let write = state.database.write().await?;
    let count = match posted.form.text("undo").parse() {
        Ok(at) => ignored::reopen_ignored_at(&write, workspace, Timestamp::from_microseconds(at)).await?,
        Err(_) => ignored::reopen(&write, workspace, &ids(&posted.form)).await?,
    };
    if count > 0 {
        let step = Step::new("deliveries-reopened").with("count", count);
        audit::record(&write, workspace, by, &step, now).await?;
    }
    write.commit().await?;
    Ok(Redirect::to("/console/errors?done=reopened"))
}

async fn chosen(state: &AppState, session: &SignedIn, form: &Form) -> Result<Vec<DeliveryId>, PageError> {
    let Some(cause) = form.find("cause") else { return Ok(ids(form)) };
    Ok(ignored::of_cause(&state.database.read(), session.account.workspace, cause, MOST).await?)
}

fn ids(form: &Form) -> Vec<DeliveryId> {
    let chosen = form.all("id").into_iter().chain(form.all("delivery"));
    chosen.filter_map(|id| id.parse().ok()).take(MOST as usize).collect()
}
