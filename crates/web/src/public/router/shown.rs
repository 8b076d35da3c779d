//! What a router has decided, shown to the visitor.

use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::public::booking::routed;
use crate::public::router::open::{Opened, open};
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{PublicFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::form::Answer;
use domain::router::{Outcome, RoutingDecision};
use domain::value::Language;
use storage::router::decisions;

#[derive(Template)]
#[template(path = "public/router/decided.html")]
struct DecidedPage {
    frame: PublicFrame,
    message: String,
    /// Where the visitor goes on; empty for nowhere.
    onward: String,
}

/// Leads the visitor on: to the booking page, or to the page with what was decided.
pub(super) fn go_on(
    state: &AppState,
    opened: &Opened,
    visitor: &RequestLanguage,
    decided: &RoutingDecision,
) -> Response {
    let token = routed::write(state.database.vault(), opened.workspace, decided.id);
    let address = match decided.result.page() {
        Some(page) => booking_address(page, &token, decided, visitor.language),
        None => {
            format!("/r/{}/decided/{token}?language={}", opened.router.slug, visitor.language.tag())
        }
    };
    Redirect::to(&address).into_response()
}

/// The booking page, filled in with what was asked.
fn booking_address(page: &str, token: &str, decided: &RoutingDecision, language: Language) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("language", language.tag()).append_pair(routed::ROUTED, token);
    if let Some(email) = &decided.facts.email {
        query.append_pair("email", email.as_str());
    }
    for (key, answer) in &decided.facts.answers {
        match answer {
            Answer::One(text) => {
                query.append_pair(key, text);
            }
            Answer::Many(chosen) => {
                for one in chosen {
                    query.append_pair(key, one);
                }
            }
        }
    }
    format!("/b/{page}?{}", query.finish())
}

/// Shows a message, or leads to another page.
pub async fn show(
    State(state): State<AppState>,
    Path((slug, token)): Path<(String, String)>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let opened = open(&state, &slug, visitor.language).await?;
    let bad_link = PageError::bad_link().in_language(visitor.language);
    let id = routed::read(state.database.vault(), opened.workspace, &token).ok_or(bad_link)?;
    let decided = decisions::find(&state.database.read(), opened.workspace, id).await?.ok_or(bad_link)?;
    let t = Translator::new(visitor.language, "Asia/Tokyo");
    let (message, onward) = match (decided.result.page(), &decided.result.outcome) {
        (Some(page), _) => {
            return Ok(
                Redirect::to(&booking_address(page, &token, &decided, visitor.language)).into_response()
            );
        }
        (None, Outcome::Message { text }) => (text.text_in(visitor.language).to_owned(), String::new()),
        (None, Outcome::Redirect { url }) => (t.text("route-going-on"), url.clone()),
        (None, _) => (t.text("route-nothing-text"), String::new()),
    };
    let title = t.text("route-decided-title");
    let mut page = render(&DecidedPage { frame: opened.frame(t, title), message, onward: onward.clone() })?;
    // A redirect of the form itself would count as where it leads, which its policy forbids.
    if !onward.is_empty()
        && let Ok(refresh) = HeaderValue::from_str(&format!("0; url={onward}"))
    {
        page.headers_mut().insert(header::REFRESH, refresh);
    }
    Ok(page)
}
