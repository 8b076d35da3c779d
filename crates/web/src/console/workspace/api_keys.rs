//! Keys for the REST API (B6).

use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
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
use domain::form::check_text;
use domain::value::{ApiKeyId, FieldProblem, Step, tidy_line};
use storage::workspace::api_keys::ApiKey;
use storage::workspace::{api_keys, audit};

struct ApiKeyRow {
    id: String,
    name: String,
    made: String,
}

#[derive(Template)]
#[template(path = "console/workspace/api_keys.html")]
struct ApiKeysPage {
    frame: ConsoleFrame,
    problems: Problems,
    name: Input,
    new_key: String,
    rows: Vec<ApiKeyRow>,
}

/// Shows their names.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    session.may_configure()?;
    page(&state, &session, &Form::default(), &[], String::new()).await
}

/// Makes one and shows it, once.
pub async fn create(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let name = tidy_line(posted.form.text("name"));
    let problems: Vec<FieldProblem> = check_text("name", &name, 1, 100).into_iter().collect();
    if !problems.is_empty() {
        let page = page(&state, session, &posted.form, &problems, String::new()).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let now = state.clock.now();
    let secret = format!("tsk_{}", storage::ids::new_secret());
    let key = ApiKey { id: storage::ids::new(now), name, created_at: now };
    let workspace = session.account.workspace;
    let write = state.database.write().await?;
    api_keys::create(&write, workspace, &key, &storage::secret::token_hash::of_token(&secret)).await?;
    let step = Step::new("api-key-made").with("name", &key.name);
    audit::record(&write, workspace, session.account.email.as_str(), &step, now).await?;
    write.commit().await?;
    page(&state, session, &Form::default(), &[], secret).await
}

/// Takes one out of use.
pub async fn remove(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let not_found = session.page_error(PageError::not_found());
    let id: ApiKeyId = posted.form.text("key").parse().map_err(|_| not_found)?;
    let workspace = session.account.workspace;
    let known = api_keys::list(&state.database.read(), workspace).await?;
    let key = known.into_iter().find(|key| key.id == id).ok_or(not_found)?;
    let write = state.database.write().await?;
    api_keys::remove(&write, workspace, id).await?;
    let step = Step::new("api-key-removed").with("name", key.name);
    audit::record(&write, workspace, session.account.email.as_str(), &step, state.clock.now()).await?;
    write.commit().await?;
    Ok(Redirect::to("/console/api-keys?done=key-removed"))
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    problems: &[FieldProblem],
    new_key: String,
) -> Result<Response, PageError> {
    let t = &session.words;
    let mut name = Input::line(t, "name", t.text("api-key-name"), form.text("name"))
        .medium()
        .required(true)
        .hint(t.text("api-key-name-hint"));
    let keys = api_keys::list(&state.database.read(), session.account.workspace).await?;
    let row =
        |key: ApiKey| ApiKeyRow { id: key.id.to_string(), name: key.name, made: t.date_time(key.created_at) };
    render(&ApiKeysPage {
        problems: Problems::add(t, problems, std::iter::once(&mut name)),
        name,
        new_key,
        rows: keys.into_iter().map(row).collect(),
        frame: ConsoleFrame::new(state, session, "api-keys", "nav-api-keys").await?,
    })
}
