//! One's own password.

use crate::auth::password_hash;
use crate::auth::password_hash::{MAX_LENGTH, MIN_LENGTH};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::account::sign_in;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::value::{FieldProblem, Step};

#[derive(Template)]
#[template(path = "console/account/password.html")]
struct PasswordPage {
    frame: ConsoleFrame,
    problems: Problems,
    inputs: Vec<Input>,
}

/// Shows the form.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    page(&state, &session, &[]).await
}

/// Changes the password and ends every session; the person signs in again.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    let problems = check(session, &posted.form).await?;
    if !problems.is_empty() {
        return Ok(
            (StatusCode::UNPROCESSABLE_ENTITY, page(&state, session, &problems).await?).into_response()
        );
    }
    let hash =
        password_hash::hash(posted.form.text("new_password").into()).await.ok_or(PageError::internal())?;
    let account = &session.account;
    let write = state.database.write().await?;
    storage::workspace::accounts::set_password(&write, account.workspace, account.id, &hash).await?;
    let (step, now) = (Step::new("password-changed"), state.clock.now());
    storage::workspace::audit::record(&write, account.workspace, account.email.as_str(), &step, now).await?;
    write.commit().await?;
    sign_in::end_everywhere(&state, session).await?;
    Ok(Redirect::to("/sign-in").into_response())
}

async fn check(session: &SignedIn, form: &Form) -> Result<Vec<FieldProblem>, PageError> {
    let mut problems = Vec::new();
    let kept = Some(session.account.password_hash.clone());
    let right = password_hash::verify(form.text("password").into(), kept).await;
    if !right.map_err(|_| PageError::busy())? {
        problems.push(FieldProblem::new("password", "password-wrong"));
    }
    match form.text("new_password").chars().count() {
        length if length < MIN_LENGTH => {
            let problem = FieldProblem::new("new_password", "password-too-short");
            problems.push(problem.with("min", MIN_LENGTH));
        }
        length if length > MAX_LENGTH => {
            problems.push(FieldProblem::new("new_password", "too-long").with("max", MAX_LENGTH));
        }
        _ => {}
    }
    Ok(problems)
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let secret = |name: &str, label: &str, token: &'static str| {
        let input = Input::line(t, name, t.text(label), "").of(Control::Line("password"));
        input.required(true).medium().autocomplete(token)
    };
    let mut inputs = vec![
        secret("password", "password-current", "current-password"),
        secret("new_password", "password-new", "new-password").hint(t.fill(
            "password-new-hint",
            "min",
            MIN_LENGTH,
        )),
    ];
    render(&PasswordPage {
        frame: ConsoleFrame::new(state, session, "", "password-title").await?,
        problems: Problems::add(t, problems, &mut inputs),
        inputs,
    })
}
