//! The workspace's own look: its colour as a style sheet, and its logo (B1).

use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::frame::Look;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::brand::{Brand, Color};
use domain::value::WorkspaceId;
use storage::Session;
use storage::workspace::settings;
use storage::workspace::settings::BrandLogo;

/// How a workspace's pages look; `None` when it has no look of its own.
pub async fn look(on: &impl Session, workspace: WorkspaceId) -> Result<Option<Look>, PageError> {
    let brand = settings::find::<Brand>(on, workspace).await?;
    if brand == Brand::default() {
        return Ok(None);
    }
    Ok(Some(Look {
        style: Color::parse(&brand.color)
            .map(|color| format!("/brand/{workspace}/{}.css", color.hex().trim_start_matches('#')))
            .unwrap_or_default(),
        logo: if brand.logo.is_empty() {
            String::new()
        } else {
            format!("/brand/{workspace}/{}", brand.logo)
        },
        name: brand.name,
    }))
}

/// The style sheet of a colour, or the logo. Both have names that change with what they hold.
pub async fn show(
    State(state): State<AppState>,
    Path((workspace, file)): Path<(String, String)>,
) -> Result<Response, PageError> {
    if let Some(color) = file.strip_suffix(".css").and_then(Color::parse) {
        return Ok(cached("text/css; charset=utf-8", style(color).into_bytes()));
    }
    let workspace: WorkspaceId = workspace.parse().map_err(|_| PageError::not_found())?;
    let read = state.database.read();
    let brand = settings::find::<Brand>(&read, workspace).await?;
    let logo = settings::find::<BrandLogo>(&read, workspace).await?.0;
    let logo = logo.filter(|_| !file.is_empty() && file == brand.logo).ok_or(PageError::not_found())?;
    let data = BASE64.decode(&logo.data).map_err(|_| PageError::not_found())?;
    Ok(cached(logo.kind.media_type(), data))
}

fn cached(kind: &'static str, body: Vec<u8>) -> Response {
    let year = HeaderValue::from_static("public, max-age=31536000, immutable");
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CACHE_CONTROL, year)], body)
        .into_response()
}

fn style(color: Color) -> String {
    let dark = color.for_dark();
    format!(
        ":root {{ --indigo: {}; --indigo-deep: {}; --on-indigo: {}; --wash: {}; }}\n\
        @media (prefers-color-scheme: dark) {{ :root {{ --indigo: {}; --indigo-deep: {}; --on-indigo: {}; --wash: {}; }} }}\n",
        color.hex(),
        color.deep().hex(),
        color.text_on(),
        color.wash().hex(),
        dark.hex(),
        dark.hex(),
        dark.text_on(),
        color.dark_wash().hex(),
    )
}
