//! Accounts: who signs in, with which role (N2).

use crate::auth::password_hash::hash;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::workspace::members_page::{page, refuse};
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::form::check_text;
use domain::value::{EmailAddress, FieldProblem, Step, tidy_line};
use domain::workspace::Role;
use storage::Write;
use storage::workspace::accounts::{Account, AccountChange};
use storage::workspace::{accounts, audit};

/// Makes an account, or saves name and role of one.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    session.may_configure()?;
    let name = tidy_line(form.text("account.name"));
    let mut problems: Vec<FieldProblem> = check_text("account.name", &name, 1, 100).into_iter().collect();
    let Some(role) = Role::from_name(form.text("account.role")) else {
        problems.push(FieldProblem::new("account.role", "required"));
        return refuse(&state, session, form, &problems).await;
    };
    session.may_grant(role)?;
    if form.text("account.id").is_empty() {
        return create(&state, session, form, name, role, problems).await;
    }
    let old = find(&state, session, form.text("account.id")).await?;
    session.may_grant(old.role)?;
    if !problems.is_empty() {
        return refuse(&state, session, form, &problems).await;
    }
    let write = state.database.write().await?;
    let change = accounts::set_name_and_role(&write, old.workspace, old.id, &name, role).await?;
    if let Some(refusal) = refused(&state, session, form, change).await? {
        return Ok(refusal);
    }
    let step = Step::new("account-saved").with("email", &old.email).with("role", role.name());
    record(&state, session, write, &step).await?;
    Ok(Redirect::to("/console/members?tab=accounts&done=account-saved").into_response())
}

async fn create(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    name: String,
    role: Role,
    mut problems: Vec<FieldProblem>,
) -> Result<Response, PageError> {
    let email = EmailAddress::parse(form.text("account.email"));
    if email.is_err() {
        problems.push(FieldProblem::new("account.email", "not-an-email"));
    }
    let Some(email) = email.ok().filter(|_| problems.is_empty()) else {
        return refuse(state, session, form, &problems).await;
    };
    let password = new_password();
    let password_hash = hash(password.clone().into()).await.ok_or(PageError::internal())?;
    let now = state.clock.now();
    let account = Account {
        workspace: session.account.workspace,
        id: storage::ids::new(now),
        email,
        name,
        password_hash,
        role,
        language: session.account.language,
    };
    let write = state.database.write().await?;
    if !accounts::create(&write, &account, now).await? {
        drop(write);
        let problem = FieldProblem::new("account.email", "email-in-use");
        return refuse(state, session, form, &[problem]).await;
    }
    let step = Step::new("account-made").with("email", &account.email).with("role", role.name());
    record(state, session, write, &step).await?;
    page(state, session, &Form::default(), &[], Some((account.email.to_string(), password))).await
}

/// Gives someone a new password, shown once, and signs them out everywhere.
pub async fn reset_password(
    State(state): State<AppState>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let account = find(&state, session, posted.form.text("account")).await?;
    session.may_grant(account.role)?;
    let password = new_password();
    let password_hash = hash(password.clone().into()).await.ok_or(PageError::busy())?;
    let write = state.database.write().await?;
    accounts::set_password(&write, account.workspace, account.id, &password_hash).await?;
    accounts::end_sessions(&write, account.workspace, account.id).await?;
    record(&state, session, write, &Step::new("password-reset").with("email", &account.email)).await?;
    page(&state, session, &Form::default(), &[], Some((account.email.to_string(), password))).await
}

/// Removes an account and signs it out everywhere.
pub async fn remove(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let account = find(&state, session, posted.form.text("account")).await?;
    session.may_grant(account.role)?;
    let write = state.database.write().await?;
    let change = accounts::remove(&write, account.workspace, account.id).await?;
    if let Some(refusal) = refused(&state, session, &Form::default(), change).await? {
        return Ok(refusal);
    }
    record(&state, session, write, &Step::new("account-removed").with("email", &account.email)).await?;
    Ok(Redirect::to("/console/members?tab=accounts&done=removed").into_response())
}

async fn record(state: &AppState, session: &SignedIn, write: Write, step: &Step) -> Result<(), PageError> {
    let actor = session.account.email.as_str();
    audit::record(&write, session.account.workspace, actor, step, state.clock.now()).await?;
    Ok(write.commit().await?)
}

async fn find(state: &AppState, session: &SignedIn, id: &str) -> Result<Account, PageError> {
    let not_found = session.page_error(PageError::not_found());
    let id = id.parse().map_err(|_| not_found)?;
    accounts::find(&state.database.read(), session.account.workspace, id).await?.ok_or(not_found)
}

/// The page that says why nothing was changed; `None` when it was.
async fn refused(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    change: AccountChange,
) -> Result<Option<Response>, PageError> {
    match change {
        AccountChange::Saved => Ok(None),
        AccountChange::NotFound => Err(session.page_error(PageError::not_found())),
        AccountChange::LastOwner => {
            let problem = FieldProblem::new("account.role", "last-owner");
            refuse(state, session, form, &[problem]).await.map(Some)
        }
    }
}

/// 96 random bits, short enough to be read out.
fn new_password() -> String {
    storage::ids::new_secret().chars().filter(char::is_ascii_alphanumeric).take(16).collect()
}
