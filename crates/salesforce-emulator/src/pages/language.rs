//! Japanese or English, as the browser asks.

use axum::http::HeaderMap;

use crate::pages::words::{ENGLISH, JAPANESE, Words};

/// A language pages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// Japanese.
    Japanese,
    /// English.
    English,
}

impl Language {
    /// The language of a request: `?language=`, else the browser's first choice of the two.
    pub(crate) fn of(headers: &HeaderMap, query: &str) -> Self {
        let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "language");
        if let Some((_, language)) = asked {
            return if language.starts_with("ja") { Language::Japanese } else { Language::English };
        }
        let accepted =
            headers.get("accept-language").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let known = accepted
            .split(',')
            .map(str::trim)
            .find(|language| language.starts_with("ja") || language.starts_with("en"));
        if known.is_some_and(|language| language.starts_with("ja")) {
            Language::Japanese
        } else {
            Language::English
        }
    }

    /// The texts.
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Language::Japanese => &JAPANESE,
            Language::English => &ENGLISH,
        }
    }

    /// Whether it is Japanese.
    pub(crate) fn is_japanese(self) -> bool {
        self == Language::Japanese
    }
}
