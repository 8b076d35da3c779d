//! Signing in and out (N2, N3).

use crate::auth::password_hash;
use crate::auth::posted::SignedForm;
use crate::auth::session::{SignedIn, session_cookie};
use crate::auth::sign_in_limit::SignInAttempt;
use crate::http::client_address::ClientAddress;
use crate::http::form::Form;
use crate::http::language::RequestLanguage;
use crate::http::language::other_language;
use crate::http::page_error::PageError;
use crate::http::same_origin::is_same_origin;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{PublicFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use domain::value::{EmailAddress, Step, Timestamp};
use storage::workspace::accounts;
use storage::workspace::accounts::Account;

const SESSION_DAYS: i64 = 14;

#[derive(Template)]
#[template(path = "console/account/sign_in.html")]
struct SignInPage {
    frame: PublicFrame,
    fault: String,
    next: String,
    email: Input,
    password: Input,
}

/// The console for those who are signed in, the sign-in page for others.
pub async fn home() -> Redirect {
    Redirect::to("/console")
}

/// Shows the form.
pub async fn show(visitor: RequestLanguage) -> Result<Response, PageError> {
    let t = Translator::new(visitor.language, "UTC");
    page(&t, visitor.query.text("next"), "", String::new())
}

/// Signs in.
pub async fn sign_in(
    State(state): State<AppState>,
    jar: CookieJar,
    headers: HeaderMap,
    visitor: RequestLanguage,
    client: ClientAddress,
    form: Form,
) -> Result<Response, PageError> {
    let t = Translator::new(visitor.language, "UTC");
    if !is_same_origin(&headers, &state.settings.public_url) {
        return Err(PageError::cross_site_form().in_language(visitor.language));
    }
    let attempt = SignInAttempt::new(client, form.text("email"));
    if let Some(at) = attempt.take(&state).await? {
        return too_early(&state, &t, &form, at);
    }
    let Some(account) = check(&state, &form).await? else {
        let page = page(&t, form.text("next"), form.text("email"), t.text("sign-in-wrong"))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let token = storage::ids::new_secret();
    begin(&state, &account, &attempt, &token).await?;
    let cookie = session_cookie(&state.settings.public_url, token);
    Ok((jar.add(cookie), Redirect::to(&safe_next(form.text("next")))).into_response())
}

/// Signs out.
pub async fn sign_out(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let write = state.database.write().await?;
    accounts::end_session(&write, &posted.session.token_hash).await?;
    write.commit().await?;
    let gone =
        axum_extra::extract::cookie::Cookie::build(session_cookie(&state.settings.public_url, String::new()))
            .removal()
            .build();
    Ok((CookieJar::new().add(gone), Redirect::to("/sign-in")).into_response())
}

/// The account, when address and password are right; both kinds of wrong take the same time.
async fn check(state: &AppState, form: &Form) -> Result<Option<Account>, PageError> {
    let account = match EmailAddress::parse(form.text("email")) {
        Ok(email) => accounts::find_by_email(&state.database.read(), &email).await?,
        Err(_) => None,
    };
    let kept = account.as_ref().map(|account| account.password_hash.clone());
    // No real password is this long, and hashing it costs time.
    let typed: String = form.text("password").chars().take(password_hash::MAX_LENGTH + 1).collect();
    let right = password_hash::verify(typed.into(), kept).await.map_err(|_| PageError::busy())?;
    if let Some(account) = account.as_ref().filter(|_| !right) {
        note(state, account, "sign-in-failed").await?;
    }
    Ok(account.filter(|_| right))
}

async fn begin(
    state: &AppState,
    account: &Account,
    attempt: &SignInAttempt,
    token: &str,
) -> Result<(), PageError> {
    let now = state.clock.now();
    let expires = now.plus_minutes(SESSION_DAYS * 24 * 60);
    let hash = storage::secret::token_hash::of_token(token);
    let write = state.database.write().await?;
    attempt.forget(&write).await?;
    accounts::forget_sessions_before(&write, now).await?;
    accounts::begin_session(&write, account, &hash, now, expires).await?;
    let step = Step::new("signed-in");
    storage::workspace::audit::record(&write, account.workspace, account.email.as_str(), &step, now).await?;
    Ok(write.commit().await?)
}

async fn note(state: &AppState, account: &Account, code: &str) -> Result<(), PageError> {
    let write = state.database.write().await?;
    let (step, now) = (Step::new(code), state.clock.now());
    storage::workspace::audit::record(&write, account.workspace, account.email.as_str(), &step, now).await?;
    Ok(write.commit().await?)
}

/// Asks to wait some seconds; what was typed stays.
fn too_early(state: &AppState, t: &Translator, form: &Form, at: Timestamp) -> Result<Response, PageError> {
    let seconds = (at.seconds() - state.clock.now().seconds()).max(1);
    let fault = t.fill("sign-in-wait", "seconds", seconds);
    let page = page(t, form.text("next"), form.text("email"), fault)?;
    Ok((StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())], page).into_response())
}

/// Only pages of the console are led back to; anything else could be a trap.
fn safe_next(next: &str) -> String {
    let own = next.starts_with("/console") && !next.contains(['\\', '\r', '\n']) && next.is_ascii();
    if own { next.to_owned() } else { "/console".to_owned() }
}

fn page(t: &Translator, next: &str, email: &str, fault: String) -> Result<Response, PageError> {
    let other = other_language(t.language);
    let email =
        Input::line(t, "email", t.text("account-email"), email).required(true).autocomplete("username");
    render(&SignInPage {
        fault,
        next: safe_next(next),
        email: Input { keyboard: "email", ..email },
        password: Input::line(t, "password", t.text("account-password"), "")
            .of(Control::Line("password"))
            .required(true)
            .autocomplete("current-password"),
        frame: PublicFrame {
            brand: t.text("product-name"),
            title: t.text("sign-in-title"),
            t: t.clone(),
            switch: Some((other, format!("/sign-in?language={}", other.tag()))),
            switch_form: "",
            look: None,
        },
    })
}

/// Who is signed in may leave; used by pages that end every session.
pub async fn end_everywhere(state: &AppState, session: &SignedIn) -> Result<(), PageError> {
    let write = state.database.write().await?;
    accounts::end_sessions(&write, session.account.workspace, session.account.id).await?;
    Ok(write.commit().await?)
}
