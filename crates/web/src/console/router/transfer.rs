//! A router's draft as a JSON file, and a draft from such a file.

use crate::actions::router::routers as actions;
use crate::actions::router::routers::RouterInput;
use crate::actions::router::transfer;
use crate::auth::session::SignedIn;
use crate::console::router::changes::draft_changed;
use crate::console::router::loaded::{address, find, frame, is_current, refused};
use crate::http::form::Form as Typed;
use crate::http::page_error::PageError;
use crate::http::same_origin::is_same_origin;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::router::Router;
use domain::value::FieldProblem;

#[derive(Template)]
#[template(path = "console/router/import.html")]
struct ImportPage {
    frame: ConsoleFrame,
    action: String,
    version: String,
    problems: Problems,
    inputs: Vec<Input>,
}

/// Hands out the draft.
pub async fn export(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let router = find(&state, &session, &slug).await?;
    let body = transfer::export(&router).map_err(|_| PageError::internal())?;
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"router-{}.json\"", router.slug)),
    ];
    Ok((headers, body).into_response())
}

/// Asks for a file, or for its text.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    session.may_edit()?;
    let router = find(&state, &session, &slug).await?;
    page(&state, &session, &router, "", &[]).await
}

/// Makes what was sent the draft.
pub async fn import(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
    headers: HeaderMap,
    mut parts: Multipart,
) -> Result<Response, PageError> {
    let told = |fault: PageError| session.page_error(fault);
    if !is_same_origin(&headers, &state.settings.public_url) {
        return Err(told(PageError::cross_site_form()));
    }
    let mut pairs = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|_| told(PageError::body_too_large()))? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|_| told(PageError::body_too_large()))?;
        pairs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    let typed = Typed::of(pairs);
    if !session.has_valid_token(&state, typed.text("csrf")) {
        return Err(told(PageError::cross_site_form()));
    }
    session.may_edit()?;
    let router = find(&state, &session, &slug).await?;
    let text = Some(typed.text("file")).filter(|text| !text.trim().is_empty());
    let text = text.unwrap_or_else(|| typed.text("json"));
    let chart = match transfer::import(text) {
        _ if !is_current(&router, &typed) => Err(vec![draft_changed()]),
        _ if text.trim().is_empty() => Err(vec![FieldProblem::new("json", "required")]),
        read => read,
    };
    let chart = match chart {
        Ok(chart) => chart,
        Err(problems) => return Ok(refused(page(&state, &session, &router, text, &problems).await?)),
    };
    let input = RouterInput { slug: router.slug.clone(), name: router.name.clone(), chart };
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    match actions::save(&state, workspace, Some(&router), input, actor).await? {
        Ok(saved) => Ok(Redirect::to(&format!("{}?done=saved", address(&saved))).into_response()),
        Err(problems) => Ok(refused(page(&state, &session, &router, text, &problems).await?)),
    }
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    router: &Router,
    text: &str,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let line = |name: &str, label: &str, value: &str| Input::line(t, name, t.text(label), value);
    let mut inputs = vec![
        line("file", "router-import-file", "").of(Control::Line("file")),
        line("json", "router-import-text", text).of(Control::Area).hint(t.text("router-import-text-hint")),
    ];
    render(&ImportPage {
        problems: Problems::add(t, problems, &mut inputs),
        inputs,
        action: format!("{}/import", address(router)),
        version: router.draft_version.to_string(),
        frame: frame(state, session, router, "router-import-title").await?,
    })
}
