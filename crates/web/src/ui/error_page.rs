//! The page that shows what went wrong.

use crate::http::language::wanted_language;
use crate::http::page_error::PageError;
use crate::text::translator::Translator;
use crate::ui::frame::{PublicFrame, render};
use askama::Template;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::value::is_slug;

#[derive(Template)]
#[template(path = "public/page_error.html")]
struct ErrorPage {
    frame: PublicFrame,
    code: &'static str,
    has_sign_in: bool,
    /// The booking page on which something went wrong; empty where there is none to go back to.
    back: String,
}

/// The layer that turns faults, and the framework's bare refusals, into pages.
pub async fn show(request: Request, next: Next) -> Response {
    let asked = wanted_language(request.uri(), request.headers());
    // Visitors of booking pages have no account.
    let has_sign_in = ["/console", "/sign-"].iter().any(|start| request.uri().path().starts_with(start));
    // Nothing has NUL in its name, and PostgreSQL can't even be asked for it.
    let back = booking_page(request.uri().path());
    let response = match request.uri().path().contains("%00") {
        true => PageError::not_found().into_response(),
        false => next.run(request).await,
    };
    let Some(fault) = PageError::of_response(&response) else { return response };
    // There is no way back to a page that isn't there.
    let goes_back = !matches!(fault.code(), "not-found" | "page-closed");
    let t = Translator::new(fault.language().unwrap_or(asked), "UTC");
    let title = t.text(&format!("fault-{}", fault.code()));
    let brand = t.text("product-name");
    let frame = PublicFrame::new(t, title, brand);
    match render(&ErrorPage {
        frame,
        code: fault.code(),
        has_sign_in,
        back: if goes_back { back } else { String::new() },
    }) {
        Ok(page) => (fault.status(), page).into_response(),
        Err(_) => response,
    }
}

/// The booking page of an address below one: `/b/{team}/{page}`.
fn booking_page(path: &str) -> String {
    let mut parts = path.strip_prefix("/b/").unwrap_or_default().split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(team), Some(page), Some(_)) if is_slug(team) && is_slug(page) => format!("/b/{team}/{page}"),
        _ => String::new(),
    }
}
