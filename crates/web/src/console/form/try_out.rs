//! What a submission of a form would do in Salesforce now, and why; nothing is written (K20).

use crate::actions::form::forms;
use crate::actions::org_request::request_and_wait;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::delivery::dry_run::{Planned, outcome};
use crate::console::delivery::field_labels::FieldLabels;
use crate::console::delivery::preflight::TIMEOUT;
use crate::console::form::editor::find;
use crate::http::form::Form as Typed;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::Input;
use crate::ui::question_input;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::form::{FieldKind, Form, FormField};
use domain::value::FieldProblem;
use storage::org::connections;
use storage::org_request::OrgResponse;

#[derive(Template)]
#[template(path = "console/form/try_out.html")]
struct TryPage {
    frame: ConsoleFrame,
    action: String,
    problems: Problems,
    inputs: Vec<Input>,
    failure: String,
    plans: Option<Vec<Planned>>,
}

/// Shows the form's questions.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let form = find(&state, &session, &id).await?;
    result(&state, &session, &form, &Typed::default(), &[], None).await
}

/// Asks the engine and shows its plan.
pub async fn run(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let (session, typed) = (&posted.session, &posted.form);
    let form = find(&state, session, &id).await?;
    let question =
        match forms::dry_run(&form, &question_input::answers(&form.fields, typed), session.words.language) {
            Ok(question) => question,
            Err(problems) => {
                let page = result(&state, session, &form, typed, &problems, None).await?;
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
        };
    let answer = request_and_wait(&state, session.account.workspace, &question, TIMEOUT).await?;
    result(&state, session, &form, typed, &[], Some(answer)).await
}

async fn result(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    typed: &Typed,
    problems: &[FieldProblem],
    answer: Option<Option<OrgResponse>>,
) -> Result<Response, PageError> {
    let t = &session.words;
    let read = state.database.read();
    let workspace = session.account.workspace;
    let connection = connections::find(&read, workspace).await?;
    let instance = connection.as_ref().map(|connection| connection.instance_url.as_str());
    let shown = |field: &FormField| FormField {
        kind: if field.kind == FieldKind::Hidden { FieldKind::Text } else { field.kind },
        required: false,
        ..field.clone()
    };
    let mut inputs: Vec<Input> =
        form.fields.iter().flat_map(|field| question_input::inputs(t, &shown(field), typed)).collect();
    let problems = Problems::add(t, problems, &mut inputs);
    let known = FieldLabels::load_with(&read, workspace, &form.salesforce.object).await?;
    let (failure, plans) = outcome(t, &known, instance, answer);
    render(&TryPage {
        action: format!("/console/forms/{}/try", form.id),
        problems,
        inputs,
        failure,
        plans,
        frame: ConsoleFrame::new(state, session, "forms", "form-try-title").await?,
    })
}
