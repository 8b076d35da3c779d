//! Making a list of a CSV file, and replacing the rows of one.

use crate::actions::router::list_import as actions;
use crate::actions::router::list_import::ListInput;
use crate::auth::session::SignedIn;
use crate::auth::upload::{Upload, receive};
use crate::console::router::list_inputs::{UploadInputs, line_texts};
use crate::console::router::list_page;
use crate::console::router::list_page::PageResult;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::router::ListKind;
use domain::value::FieldProblem;

#[derive(Template)]
#[template(path = "console/router/list_new.html")]
struct NewListPage {
    frame: ConsoleFrame,
    inputs: UploadInputs,
    problems: Problems,
    faults: Vec<String>,
    kinds: Vec<(String, String)>,
}

/// Shows the form for a new list.
pub async fn new(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    session.may_configure()?;
    page(&state, &session, &Form::default(), &[]).await
}

/// Makes a list.
pub async fn create(
    State(state): State<AppState>,
    session: SignedIn,
    request: Request,
) -> Result<Response, PageError> {
    session.may_configure()?;
    let Upload { form, file, turn } = receive(&state, &session, request).await?;
    let slug = form.text("slug").trim().to_owned();
    let workspace = session.account.workspace;
    let is_known = storage::router::lists::find(&state.database.read(), workspace, &slug).await?.is_some();
    if is_known {
        let problems = [FieldProblem::new("slug", "taken").with("value", &slug)];
        let page = page(&state, &session, &form, &problems).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let input = input(&form, slug);
    let replaced = store(&state, &session, input, file).await?;
    drop(turn);
    match replaced {
        Ok(replaced) => finish(&state, &session, replaced).await,
        Err(problems) => {
            let page = page(&state, &session, &form, &problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Replaces all rows of a list.
pub async fn replace(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    session.may_configure()?;
    let list = list_page::find(&state, &session, &slug).await?;
    let Upload { form, file, turn } = receive(&state, &session, request).await?;
    let input = ListInput { slug, skip_faulty: form.is_on("skip_faulty"), ..ListInput::default() };
    let replaced = store(&state, &session, input, file).await?;
    drop(turn);
    match replaced {
        Ok(replaced) => finish(&state, &session, replaced).await,
        Err(problems) => {
            let result = PageResult { form, problems, ..PageResult::default() };
            let page = list_page::page(&state, &session, list, result).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn input(form: &Form, slug: String) -> ListInput {
    ListInput {
        slug,
        name: form.text("name").to_owned(),
        kind: form.text("kind").to_owned(),
        by: form.text("by").to_owned(),
        skip_faulty: form.is_on("skip_faulty"),
    }
}

type Replaced = Result<actions::ListReplaced, Vec<FieldProblem>>;

async fn store(
    state: &AppState,
    session: &SignedIn,
    input: ListInput,
    file: Bytes,
) -> Result<Replaced, PageError> {
    let actor = session.account.email.as_str();
    Ok(actions::replace(state, session.account.workspace, input, file, actor).await?)
}

/// Goes to the list, or shows which rows were left out: an address has no room for them.
async fn finish(
    state: &AppState,
    session: &SignedIn,
    replaced: actions::ListReplaced,
) -> Result<Response, PageError> {
    if replaced.left_out.faulty_rows == 0 {
        let address = format!("/console/lists/{}?done=list-replaced", replaced.list.slug);
        return Ok(Redirect::to(&address).into_response());
    }
    let left_out = Some((replaced.left_out.faulty_rows, replaced.left_out.named));
    list_page::page(state, session, replaced.list, PageResult { left_out, ..PageResult::default() }).await
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let mut inputs = UploadInputs::of(t, form, None);
    let (faults, others) = line_texts(t, problems);
    let problems = Problems::add(t, &others, inputs.all());
    let kinds = ListKind::ALL
        .map(|kind| (t.word("csv-list-kind", kind.name()), t.word("csv-list-kind-text", kind.name())));
    render(&NewListPage {
        inputs,
        problems,
        faults,
        kinds: kinds.into(),
        frame: ConsoleFrame::new(state, session, "lists", "csv-list-new-title").await?,
    })
}
