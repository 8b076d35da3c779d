//! Keys for the REST API (B6).

use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::form::check_text;
use domain::value::{ApiKeyId, FieldProblem, Step, tidy_line};
use domain::workspace::ApiScope;
use storage::workspace::api_keys::{ApiKey, KeyStatus, KnownKey};
use storage::workspace::{api_keys, audit};

struct ApiKeyRow {
    id: String,
    name: String,
    owner: String,
    scopes: String,
    made: String,
    expires: String,
    works: bool,
    status: String,
}

/// Days after which a key may end, as they are offered; the first is proposed.
const DAYS: [&str; 3] = ["90", "30", "365"];
const MINUTES_A_DAY: i64 = 24 * 60;
const NEVER: &str = "never";

#[derive(Template)]
#[template(path = "console/workspace/api_keys.html")]
struct ApiKeysPage {
    frame: ConsoleFrame,
    problems: Problems,
    inputs: Vec<Input>,
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
    let form = &posted.form;
    let name = tidy_line(form.text("name"));
    let mut problems: Vec<FieldProblem> = check_text("name", &name, 1, 100).into_iter().collect();
    let wanted: Vec<String> = form.all("scopes");
    let scopes: Vec<ApiScope> = ApiScope::ALL
        .into_iter()
        .filter(|scope| wanted.iter().any(|wanted| wanted == scope.name()))
        .collect();
    if scopes.is_empty() {
        problems.push(FieldProblem::new("scopes", "required-choice"));
    }
    let now = state.clock.now();
    let expires_at = match form.text("expires") {
        NEVER => None,
        days if DAYS.contains(&days) => {
            days.parse::<i64>().ok().map(|days| now.plus_minutes(days * MINUTES_A_DAY))
        }
        _ => {
            problems.push(FieldProblem::new("expires", "required-choice"));
            None
        }
    };
    if !problems.is_empty() {
        let page = page(&state, session, form, &problems, String::new()).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let secret = format!("tsk_{}", storage::ids::new_secret());
    let made_by = Some(session.account.id);
    let key = ApiKey { id: storage::ids::new(now), name, created_at: now, scopes, expires_at, made_by };
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
    let write = state.database.write().await?;
    let name = api_keys::remove(&write, workspace, id).await?.ok_or(not_found)?;
    let step = Step::new("api-key-removed").with("name", name);
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
    let mut inputs = inputs(t, form);
    let now = state.clock.now();
    let keys = api_keys::list(&state.database.read(), session.account.workspace, now).await?;
    render(&ApiKeysPage {
        problems: Problems::add(t, problems, inputs.iter_mut()),
        inputs,
        new_key,
        rows: keys.into_iter().map(|known| row(t, known)).collect(),
        frame: ConsoleFrame::new(state, session, "api-keys", "nav-api-keys").await?,
    })
}

fn inputs(t: &Translator, form: &Form) -> Vec<Input> {
    let name = Input::line(t, "name", t.text("api-key-name"), form.text("name"))
        .medium()
        .required(true)
        .hint(t.text("api-key-name-hint"));
    let scopes = ApiScope::ALL.map(|scope| (scope.name().to_owned(), t.word("api-key-scope", scope.name())));
    let mut chosen: Vec<String> = form.all("scopes");
    if chosen.is_empty() {
        chosen.push(ApiScope::Read.name().to_owned());
    }
    let scopes = Input::line(t, "scopes", t.text("api-key-scopes"), "")
        .choices(Control::Checkboxes, scopes.to_vec(), &chosen)
        .hint(t.text("api-key-scopes-hint"));
    let mut ends: Vec<(String, String)> =
        DAYS.iter().map(|days| ((*days).to_owned(), t.fill("api-key-days", "days", days))).collect();
    ends.push((NEVER.to_owned(), t.text("api-key-never")));
    let end = form.find("expires").unwrap_or(DAYS[0]).to_owned();
    let expires = Input::line(t, "expires", t.text("api-key-expires"), "")
        .choices(Control::Select, ends, &[end])
        .short();
    vec![name, scopes, expires]
}

fn row(t: &Translator, known: KnownKey) -> ApiKeyRow {
    let scopes: Vec<&str> = known.key.scopes.iter().map(|scope| scope.name()).collect();
    let status = match known.status {
        KeyStatus::Works => "works",
        KeyStatus::Expired => "expired",
        KeyStatus::MakerGone => "maker-gone",
        KeyStatus::MakerDemoted => "maker-demoted",
    };
    let owner = match (known.maker, known.key.made_by) {
        (Some(maker), _) => maker,
        (None, Some(_)) => "–".to_owned(),
        (None, None) => t.text("api-key-owner-server"),
    };
    ApiKeyRow {
        id: known.key.id.to_string(),
        name: known.key.name,
        owner,
        scopes: scopes.join(", "),
        made: t.date_time(known.key.created_at),
        expires: known.key.expires_at.map_or_else(|| t.text("api-key-never"), |end| t.date_time(end)),
        works: known.status == KeyStatus::Works,
        status: t.word("api-key-status", status),
    }
}
