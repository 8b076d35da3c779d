//! A router's draft by its read-only link.

use crate::actions::router::{context, link};
use crate::http::language::{RequestLanguage, other_language};
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::flowchart::both_faces::BothFaces;
use crate::ui::flowchart::links::ChartLinks;
use crate::ui::flowchart::lit_path::LitPath;
use crate::ui::flowchart::words::ChartWords;
use crate::ui::frame::{PublicFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::router::check_chart;
use storage::workspace::workspaces;

#[derive(Template)]
#[template(path = "public/router/shared.html")]
struct SharedPage {
    frame: PublicFrame,
    about: String,
    faces: BothFaces,
}

/// Shows it until the link expires, or a new one is made.
pub async fn show(
    State(state): State<AppState>,
    Path(token): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let bad_link = PageError::bad_link().in_language(visitor.language);
    let (workspace, router) = link::find(&state, &token).await?.ok_or(bad_link)?;
    let found = workspaces::find(&state.database.read(), workspace).await?.ok_or(bad_link)?;
    let t = Translator::new(visitor.language, &found.time_zone);
    let context = context::find(&state, workspace).await?;
    let words = ChartWords { t: &t, chart: &router.draft, context: &context };
    let faults = check_chart(&router.draft, &context);
    let until = router.link.until.map(|until| t.date_time(until)).unwrap_or_default();
    let other = other_language(visitor.language);
    let mut frame = PublicFrame::new(t.clone(), router.name.clone(), found.name);
    frame.switch = Some((other, format!("{}?language={}", visitor.path, other.tag())));
    let page = render(&SharedPage {
        about: t
            .sentence("router-shared-about", [("until", until), ("when", t.date_time(router.updated_at))]),
        faces: BothFaces::new(&words, &ChartLinks::none(), &faults, &LitPath::default()),
        frame,
    })?;
    // Who has the address may look: no search engine shall, and no other site is told.
    let headers = [(header::REFERRER_POLICY, "no-referrer")];
    Ok((headers, [("x-robots-tag", "noindex")], page).into_response())
}
