//! Who is signed in.

use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use domain::workspace::Role;
use storage::workspace::accounts::Account;
use storage::workspace::workspaces::Workspace;
use storage::workspace::{accounts, workspaces};
use url::Url;

const CSRF: &str = "csrf";
/// The longest thing that an address names for being taken back: an ID or a moment.
const MAX_UNDO: usize = 40;

/// A signed-in person, found by the session cookie; everybody else is sent to the sign-in page.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// Where they work.
    pub workspace: Workspace,
    /// The language and zone of their pages.
    pub words: Translator,
    /// The token that their forms carry.
    pub csrf: String,
    /// The hash of the session's token.
    pub token_hash: String,
    /// What the address says was just done.
    pub done: Option<String>,
    /// What the address says can be taken back.
    pub undo: Option<String>,
}

impl SignedIn {
    /// Whether a form's token was made for this session.
    pub fn has_valid_token(&self, state: &AppState, token: &str) -> bool {
        state.database.vault().verify(CSRF, &self.token_hash, token)
    }

    /// Refuses those who may not configure (N2).
    pub fn may_configure(&self) -> Result<(), PageError> {
        self.allow(self.account.role.may_configure())
    }

    /// Refuses those who may not edit (N2).
    pub fn may_edit(&self) -> Result<(), PageError> {
        self.allow(self.account.role.may_edit())
    }

    /// Refuses those who may not give or take away a role (N2).
    pub fn may_grant(&self, role: Role) -> Result<(), PageError> {
        self.allow(self.account.role.may_grant(role))
    }

    /// A fault told in the person's language.
    pub fn page_error(&self, fault: PageError) -> PageError {
        fault.in_language(self.account.language)
    }

    fn allow(&self, allowed: bool) -> Result<(), PageError> {
        if allowed { Ok(()) } else { Err(self.page_error(PageError::forbidden())) }
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let to_sign_in = || Redirect::to(&sign_in_address(parts)).into_response();
        let jar = CookieJar::from_headers(&parts.headers);
        let Some(cookie) = jar.get(cookie_name(&state.settings.public_url)) else { return Err(to_sign_in()) };
        let token_hash = storage::secret::token_hash::of_token(cookie.value());
        let read = state.database.read();
        let found = accounts::find_by_session(&read, &token_hash, state.clock.now()).await;
        let Some(account) = found.map_err(|error| PageError::from(error).into_response())? else {
            return Err(to_sign_in());
        };
        let found = workspaces::find(&read, account.workspace).await;
        let Some(workspace) = found.map_err(|error| PageError::from(error).into_response())? else {
            return Err(to_sign_in());
        };
        let query = Form::parse(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self {
            words: Translator::new(account.language, &workspace.time_zone),
            csrf: state.database.vault().sign(CSRF, &token_hash),
            done: query.find("done").map(str::to_owned),
            undo: query.find("undo").map(|undo| undo.chars().take(MAX_UNDO).collect()),
            account,
            workspace,
            token_hash,
        })
    }
}

/// The sign-in page, which leads back to where the person wanted to go.
fn sign_in_address(parts: &Parts) -> String {
    let wanted = parts.uri.path_and_query().map_or("/console", |wanted| wanted.as_str());
    if parts.method != Method::GET || wanted == "/console" {
        return "/sign-in".to_owned();
    }
    let next: String = url::form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    format!("/sign-in?next={next}")
}

/// The cookie's name: the `__Host-` prefix binds it to this host, and browsers want https for it.
pub fn cookie_name(public_url: &Url) -> &'static str {
    if public_url.scheme() == "https" { "__Host-tsugite" } else { "tsugite" }
}

/// The cookie that keeps a session.
pub fn session_cookie(public_url: &Url, token: String) -> Cookie<'static> {
    Cookie::build((cookie_name(public_url), token))
        .path("/")
        .http_only(true)
        .secure(public_url.scheme() == "https")
        .same_site(SameSite::Lax)
        .build()
}
