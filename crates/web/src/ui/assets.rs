//! Style sheets, scripts and icons, inside the binary, under addresses that change with their content.

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

macro_rules! style {
    ($($name:literal),+) => { concat!($(include_str!(concat!("../../assets/style/", $name, ".css"))),+) };
}

macro_rules! script {
    ($($name:literal),+) => { concat!($(include_str!(concat!("../../assets/script/", $name, ".js"))),+) };
}

/// The style sheet of public pages.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| Asset::style(style!("base", "form", "public")));
/// The style sheet of the console.
pub static CONSOLE_STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::style(style!("base", "form", "console", "list", "chart", "flowchart")));
/// The style sheet of a chart on a public page, beside the one of public pages.
pub static FLOWCHART_STYLE: LazyLock<Asset> = LazyLock::new(|| Asset::style(style!("flowchart")));
/// The script of public pages; they work without it.
pub static SCRIPT: LazyLock<Asset> = LazyLock::new(|| Asset::script(script!("page", "work", "questions")));
/// The script of the console, which works without it.
pub static CONSOLE_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::script(script!("page", "suggest", "command", "list", "form", "flowchart", "live"))
});
/// The mark in the browser's tab.
pub static ICON: LazyLock<Asset> = LazyLock::new(|| Asset::svg(include_str!("../../assets/icon.svg")));
/// Every icon, each as a symbol with its name as ID.
pub static ICONS: LazyLock<Asset> = LazyLock::new(|| Asset::svg(ICON_SYMBOLS));

/// The text of the sprite with every icon.
pub(crate) const ICON_SYMBOLS: &str = include_str!("../../assets/icons.svg");

fn all() -> [&'static LazyLock<Asset>; 7] {
    [&STYLE, &CONSOLE_STYLE, &FLOWCHART_STYLE, &SCRIPT, &CONSOLE_SCRIPT, &ICON, &ICONS]
}

impl Asset {
    fn new(body: &'static str, extension: &str, content_type: &'static str) -> Self {
        let hash: String = storage::secret::token_hash::of_token(body)
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(16)
            .collect();
        Self { path: format!("/assets/{hash}.{extension}"), body, content_type }
    }

    fn style(body: &'static str) -> Self {
        Self::new(body, "css", "text/css; charset=utf-8")
    }

    fn script(body: &'static str) -> Self {
        Self::new(body, "js", "text/javascript; charset=utf-8")
    }

    fn svg(body: &'static str) -> Self {
        Self::new(body, "svg", "image/svg+xml")
    }

    fn serve(&self) -> Response {
        let year = HeaderValue::from_static("public, max-age=31536000, immutable");
        let kind = HeaderValue::from_static(self.content_type);
        ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, year)], self.body).into_response()
    }
}

/// The addresses of all assets.
pub fn routes() -> Router<AppState> {
    all().into_iter().fold(Router::new(), |router, asset| {
        router.route(&asset.path, get(move || async move { asset.serve() }))
    })
}
