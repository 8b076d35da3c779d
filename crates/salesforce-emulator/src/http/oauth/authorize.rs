//! `/services/oauth2/authorize`: the browser's part of the web-server flow.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response};
use url::Url;

use crate::http::call::pairs;
use crate::http::oauth::issue::issue;
use crate::http::oauth::redirect::redirect;
use crate::http::oauth::scopes::ALL_SCOPES;
use crate::http::oauth::{client, id_token, login};
use crate::lock::lock;
use crate::org::store::Org;
use crate::pages::{self, Language};
use crate::sessions::Grant;
use crate::state::EmulatorState;

/// The parameters of an authorization request.
struct Asked {
    redirect_uri: String,
    state: Option<String>,
    scope: String,
    challenge: Option<String>,
    nonce: Option<String>,
    /// Whether the token itself is wanted instead of a code.
    token: bool,
    prompt: String,
    login_hint: String,
}

/// Shows the login page or the consent page, or redirects the browser at once.
pub(in crate::http) async fn get(
    State(state): State<Arc<EmulatorState>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let query = query.unwrap_or_default();
    let language = Language::of(&headers, &query);
    let asked = match read(&state, &query) {
        Ok(asked) => asked,
        Err(AuthorizeError::Shown(error, description)) => {
            return pages::oauth_error(language, error, description);
        }
        Err(AuthorizeError::Sent(address)) => return redirect(&address),
    };
    let user =
        login::signed_in(&state, &headers).filter(|_| !asked.prompt.split(' ').any(|word| word == "login"));
    let Some(user) = user else {
        return pages::login(language, &query, &asked.login_hint, false);
    };
    let approved = lock(&state.sessions).has_approved(user);
    if approved && !asked.prompt.split(' ').any(|word| word == "consent") {
        return redirect(&allow(&state, &asked, user));
    }
    let org = state.read();
    let name = org.user_value(user, "Name").to_text();
    let organization = organization_name(&org);
    pages::consent(language, &query, &name, &organization, &asked.scope)
}

/// Handles the decision on the consent page.
pub(in crate::http) async fn decide(
    State(state): State<Arc<EmulatorState>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = pairs(&body);
    let field =
        |name: &str| form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let query = field("request").to_owned();
    let language = Language::of(&headers, &query);
    let asked = match read(&state, &query) {
        Ok(asked) => asked,
        Err(AuthorizeError::Shown(error, description)) => {
            return pages::oauth_error(language, error, description);
        }
        Err(AuthorizeError::Sent(address)) => return redirect(&address),
    };
    let Some(user) = login::signed_in(&state, &headers) else {
        return pages::login(language, &query, &asked.login_hint, false);
    };
    if field("decision") != "allow" {
        return redirect(&back(
            &asked,
            &[("error", "access_denied"), ("error_description", "end-user denied authorization")],
        ));
    }
    lock(&state.sessions).approve(user);
    redirect(&allow(&state, &asked, user))
}

fn organization_name(org: &Org) -> String {
    let found = org.record(org.settings.organization);
    found.map(|(object, record)| record.value(object, "Name").to_text()).unwrap_or_default()
}

/// Why an authorization request is refused.
enum AuthorizeError {
    /// The callback cannot be trusted: the page shows the error.
    Shown(&'static str, &'static str),
    /// The callback receives the error.
    Sent(String),
}

fn read(state: &EmulatorState, query: &str) -> Result<Asked, AuthorizeError> {
    let fields = pairs(query.as_bytes());
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let org = state.read();
    let app = &org.settings.app;
    if client::check_key(app, &field("client_id").unwrap_or_default()).is_err() {
        return Err(AuthorizeError::Shown("invalid_client_id", "client identifier invalid"));
    }
    let redirect_uri = field("redirect_uri").unwrap_or_default();
    let registered = app.callbacks.contains(&redirect_uri);
    if !(registered || app.callbacks.is_empty() && is_loopback(&redirect_uri)) {
        return Err(AuthorizeError::Shown("redirect_uri_mismatch", "redirect_uri must match configuration"));
    }
    let asked = Asked {
        redirect_uri,
        state: field("state"),
        scope: field("scope")
            .filter(|scope| !scope.trim().is_empty())
            .unwrap_or_else(|| ALL_SCOPES.to_owned()),
        challenge: field("code_challenge").filter(|challenge| !challenge.is_empty()),
        nonce: field("nonce").filter(|nonce| !nonce.is_empty()),
        token: field("response_type").as_deref() == Some("token"),
        prompt: field("prompt").unwrap_or_default(),
        login_hint: field("login_hint").unwrap_or_default(),
    };
    let sent = |error, description| {
        Err(AuthorizeError::Sent(back(&asked, &[("error", error), ("error_description", description)])))
    };
    if !matches!(field("response_type").as_deref(), Some("code" | "token")) {
        return sent("unsupported_response_type", "response type not supported");
    }
    if app.require_pkce && asked.challenge.is_none() {
        return sent("invalid_request", "missing required code challenge");
    }
    if asked.challenge.is_some() && field("code_challenge_method").is_some_and(|method| method != "S256") {
        return sent("invalid_request", "code challenge method not supported");
    }
    Ok(asked)
}

fn is_loopback(address: &str) -> bool {
    let host = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]"))
}

fn allow(state: &EmulatorState, asked: &Asked, user: crate::org::ids::RecordId) -> String {
    let grant = Grant { user, scope: asked.scope.replace("offline_access", "refresh_token") };
    let now = state.clock.now();
    if asked.token {
        return with_token(state, asked, &grant);
    }
    let (challenge, nonce) = (asked.challenge.clone(), asked.nonce.clone());
    let code = lock(&state.sessions).issue_code(grant, &asked.redirect_uri, challenge, nonce, now);
    back(asked, &[("code", &code)])
}

/// The callback with tokens in its fragment, which never leaves the browser.
fn with_token(state: &EmulatorState, asked: &Asked, grant: &Grant) -> String {
    let refresh = grant.allows("refresh_token").then(|| lock(&state.sessions).issue_refresh(grant.clone()));
    let mut answer = issue(state, grant, refresh.as_deref());
    id_token::add(state, grant, asked.nonce.as_deref(), &mut answer);
    let mut fragment = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in &answer {
        fragment.append_pair(name, value.as_str().unwrap_or_default());
    }
    for (name, value) in [("refresh_token", &refresh), ("state", &asked.state)] {
        if let Some(value) = value {
            fragment.append_pair(name, value);
        }
    }
    format!("{}#{}", asked.redirect_uri, fragment.finish())
}

/// The callback with an answer in its query string.
fn back(asked: &Asked, answer: &[(&str, &str)]) -> String {
    let Ok(mut url) = Url::parse(&asked.redirect_uri) else { return asked.redirect_uri.clone() };
    {
        let mut query = url.query_pairs_mut();
        for (name, value) in answer {
            query.append_pair(name, value);
        }
        if let Some(state) = &asked.state {
            query.append_pair("state", state);
        }
    }
    url.into()
}
