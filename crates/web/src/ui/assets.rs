//! The style sheet and the script, inside the binary, under addresses that change with their content.

use crate::state::AppState;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use std::sync::LazyLock;

/// A file that is served as it is.
pub struct Asset {
    /// Its address.
    pub path: String,
    body: &'static str,
    content_type: &'static str,
}

/// The style sheet of every page.
pub static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new(include_str!("../../assets/tsugite.css"), "css", "text/css; charset=utf-8"));
/// The script of every page; pages work without it.
pub static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(include_str!("../../assets/tsugite.js"), "js", "text/javascript; charset=utf-8")
});
/// The mark in the browser's tab.
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new(include_str!("../../assets/icon.svg"), "svg", "image/svg+xml"));

impl Asset {
    fn new(body: &'static str, extension: &str, content_type: &'static str) -> Self {
        let hash: String = storage::secret::token_hash::of_token(body)
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(16)
            .collect();
        Self { path: format!("/assets/{hash}.{extension}"), body, content_type }
    }

    fn serve(&self) -> Response {
        let year = HeaderValue::from_static("public, max-age=31536000, immutable");
        let kind = HeaderValue::from_static(self.content_type);
        ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, year)], self.body).into_response()
    }
}

/// The addresses of all assets.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route(&STYLE.path, get(|| async { STYLE.serve() }))
        .route(&SCRIPT.path, get(|| async { SCRIPT.serve() }))
        .route(&ICON.path, get(|| async { ICON.serve() }))
}
