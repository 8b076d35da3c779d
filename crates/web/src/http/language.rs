//! In which language a visitor wants to read.

use crate::http::form::Form;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use domain::value::Language;
use std::convert::Infallible;

/// The language of `?language=`, else of Accept-Language, else Japanese.
pub fn wanted_language(uri: &Uri, headers: &HeaderMap) -> Language {
    chosen_language(uri).or_else(|| accepted_language(headers)).unwrap_or_default()
}

/// The language that the address names.
pub fn chosen_language(uri: &Uri) -> Option<Language> {
    url::form_urlencoded::parse(uri.query()?.as_bytes())
        .find(|(name, _)| name == "language")
        .and_then(|(_, tag)| Language::from_tag(&tag))
}

/// The first language of Accept-Language that the catalogues have.
pub fn accepted_language(headers: &HeaderMap) -> Option<Language> {
    headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::from_accept_language)
}

/// The language that the page is not in.
pub const fn other_language(language: Language) -> Language {
    match language {
        Language::Japanese => Language::English,
        Language::English => Language::Japanese,
    }
}

/// Someone who needn't sign in: their language and what their address carries.
#[derive(Clone, Debug)]
pub struct RequestLanguage {
    /// The language in which they read.
    pub language: Language,
    /// What follows the `?` of the address.
    pub query: Form,
    /// The address without what follows the `?`.
    pub path: String,
}

impl<S: Sync> FromRequestParts<S> for RequestLanguage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            language: wanted_language(&parts.uri, &parts.headers),
            query: Form::parse(parts.uri.query().unwrap_or_default().as_bytes()),
            path: parts.uri.path().to_owned(),
        })
    }
}
