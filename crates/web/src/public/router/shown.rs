//! What a router has decided, shown to the visitor.

use crate::http::form::Form as Typed;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::http::redirect::in_a_header;
use crate::public::booking::{days, url};
use crate::public::router::decided_link;
use crate::public::router::open::{Opened, open};
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{PublicFrame, render};
use crate::ui::question_input::answer_name;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::form::Answer;
use domain::router::{Outcome, RoutingDecision};
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
    let token = decided_link::write(state, opened.workspace, decided.id);
    let language = visitor.language.tag();
    Redirect::to(&format!("/r/{}/decided/{token}?language={language}", opened.router.slug)).into_response()
}

/// What the booking form needn't ask again. It is sent along from step to step, and stands in no address.
fn carried(decided: &RoutingDecision) -> Typed {
    let mut pairs = Vec::new();
    if let Some(email) = &decided.facts.email {
        pairs.push(("attendee.email".to_owned(), email.to_string()));
    }
    for (key, answer) in &decided.facts.answers {
        match answer {
            Answer::One(text) => pairs.push((answer_name(key), text.clone())),
            Answer::Many(chosen) => {
                pairs.extend(chosen.iter().map(|choice| (answer_name(key), choice.clone())));
            }
        }
    }
    Typed::of(pairs)
}

/// Shows the booking page of the choice, a message, or leads to another page.
pub async fn show(
    State(state): State<AppState>,
    Path((slug, token)): Path<(String, String)>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let opened = open(&state, &slug, visitor.language).await?;
    let bad_link = PageError::bad_link().in_language(visitor.language);
    let id = decided_link::read(&state, opened.workspace, &token).ok_or(bad_link)?;
    let found = decisions::find(&state.database.read(), opened.workspace, id).await?;
    let decided = found.filter(|found| found.router == opened.router.id).ok_or(bad_link)?;
    let t = Translator::new(visitor.language, "Asia/Tokyo");
    let (message, onward) = match (decided.result.page(), &decided.result.outcome) {
        (Some(page), _) => {
            let (team, slug) = page.split_once('/').unwrap_or((page, ""));
            let booking = url::open_routed(&state, (team, slug), visitor.language, |_| Some(id)).await?;
            return days::after_form(&state, &booking, &visitor, carried(&decided)).await;
        }
        (None, Outcome::Message { text }) => (text.text_in(visitor.language).to_owned(), String::new()),
        (None, Outcome::Redirect { url }) => (t.text("route-going-on"), in_a_header(url)),
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
