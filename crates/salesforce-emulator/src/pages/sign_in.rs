//! The pages a browser sees on its way through the web-server flow.

use askama::Template;
use axum::body::Body;
use axum::http::Response;

use crate::pages::language::Language;
use crate::pages::render::page;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "login.html")]
struct Login<'a> {
    words: &'a Words,
    request: &'a str,
    username: &'a str,
    failed: bool,
}

#[derive(Template)]
#[template(path = "consent.html")]
struct Consent<'a> {
    words: &'a Words,
    request: &'a str,
    user: &'a str,
    organization: &'a str,
    scopes: Vec<&'a str>,
}

#[derive(Template)]
#[template(path = "device.html")]
struct Device<'a> {
    words: &'a Words,
    code: &'a str,
    done: Option<bool>,
}

#[derive(Template)]
#[template(path = "oauth_error.html")]
struct OauthError<'a> {
    words: &'a Words,
    error: &'a str,
    description: &'a str,
}

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFound<'a> {
    words: &'a Words,
}

/// The login page; `request` is the query string to come back with.
pub(crate) fn login(language: Language, request: &str, username: &str, failed: bool) -> Response<Body> {
    page(200, &Login { words: language.words(), request, username, failed })
}

/// The page that asks whether the application may have what it wants.
pub(crate) fn consent(
    language: Language,
    request: &str,
    user: &str,
    organization: &str,
    scope: &str,
) -> Response<Body> {
    let words = language.words();
    let scopes = scope.split_whitespace().map(|scope| explain(words, scope)).collect();
    page(200, &Consent { words, request, user, organization, scopes })
}

/// The page where a device's code is typed; `done` tells whether the code was taken, once one was sent.
pub(crate) fn device(language: Language, code: &str, done: Option<bool>) -> Response<Body> {
    page(200, &Device { words: language.words(), code, done })
}

/// The page for a request that cannot be sent back to its client.
pub(crate) fn oauth_error(language: Language, error: &str, description: &str) -> Response<Body> {
    page(400, &OauthError { words: language.words(), error, description })
}

/// The page for an address that leads nowhere.
pub(crate) fn not_found(language: Language) -> Response<Body> {
    page(404, &NotFound { words: language.words() })
}

fn explain<'a>(words: &Words, scope: &'a str) -> &'a str {
    match scope {
        "api" => words.scope_api,
        "refresh_token" | "offline_access" => words.scope_refresh,
        "id" | "openid" | "profile" | "email" => words.scope_identity,
        "pardot_api" => words.scope_engagement,
        "web" => words.scope_web,
        "full" => words.scope_full,
        other => other,
    }
}
