//! Making a mailing.

use crate::actions::mailing::changes::{MailingRefusal, create as create_mailing};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::mailing::editor;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::Input;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::mailing::MailingContent;
use domain::people::PersonFields;
use domain::value::FieldProblem;
use storage::segment::segments;
use storage::workspace::settings;

#[derive(Template)]
#[template(path = "console/mailing/new.html")]
struct NewMailingPage {
    frame: ConsoleFrame,
    problems: Problems,
    inputs: Vec<Input>,
}

/// Shows the inputs for a new one.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    session.may_edit()?;
    let content = MailingContent { language: session.workspace.language, ..MailingContent::default() };
    page(&state, &session, &editor::of_content(&content), &[]).await
}

/// Makes it.
pub async fn create(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    match create_mailing(&state, workspace, editor::read(&posted.form), actor).await? {
        Ok(made) => Ok(Redirect::to(&format!("/console/mailings/{}?done=created", made.id)).into_response()),
        Err(MailingRefusal::Fields(problems)) => {
            let page = page(&state, session, &posted.form, &problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(_) => Err(session.page_error(PageError::not_found())),
    }
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let fields = settings::find::<PersonFields>(&read, workspace).await?;
    let segments = segments::list(&read, workspace).await?;
    let mut inputs = editor::inputs(&session.words, form, (&fields, &segments));
    let problems = Problems::add(&session.words, problems, &mut inputs);
    let frame = ConsoleFrame::new(state, session, "mailings", "mailing-new-title").await?;
    render(&NewMailingPage { frame, problems, inputs })
}
