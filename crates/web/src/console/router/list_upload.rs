//! Making a list of a CSV file, and replacing the rows of one.

use crate::actions::router::list_import as actions;
use crate::actions::router::list_import::ListInput;
use crate::auth::session::SignedIn;
use crate::console::router::list_inputs::{UploadInputs, line_texts};
use crate::console::router::list_page;
use crate::console::router::list_page::PageResult;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::http::request_body::receive_file;
use crate::http::same_origin::is_same_origin;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::router::ListKind;
use domain::value::{FieldProblem, clean_text};

/// Bytes of an input beside the file.
const MAX_INPUT: usize = 4_096;

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

/// A form with a file, as it was received.
struct Upload {
    form: Form,
    file: Bytes,
    turn: Option<tokio::sync::SemaphorePermit<'static>>,
}

/// Receives a form with a file from a page of ours.
async fn receive(state: &AppState, session: &SignedIn, request: Request) -> Result<Upload, PageError> {
    let told = |fault: PageError| session.page_error(fault);
    if !is_same_origin(request.headers(), &state.settings.public_url) {
        return Err(told(PageError::cross_site_form()));
    }
    let (request, turn) = receive_file(request).await.map_err(|error| told(error.into()))?;
    let unreadable = |_| told(PageError::unreadable());
    let mut parts = Multipart::from_request(request, state).await.map_err(unreadable)?;
    let (mut pairs, mut file) = (Vec::new(), Bytes::new());
    let too_large = |_| told(PageError::body_too_large());
    while let Some(part) = parts.next_field().await.map_err(too_large)? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(too_large)?;
        if name == "file" {
            file = bytes;
        } else if bytes.len() <= MAX_INPUT {
            pairs.push((name, clean_text(&String::from_utf8_lossy(&bytes))));
        }
    }
    let form = Form::of(pairs);
    if !session.has_valid_token(state, form.text("csrf")) {
        return Err(told(PageError::cross_site_form()));
    }
    Ok(Upload { form, file, turn })
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
