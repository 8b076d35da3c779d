//! The website tag (サイト用タグ): what to paste, which sites and forms count, what follows, and how it looks.

use crate::actions::seen_version::{Author, version_to_carry};
use crate::actions::tag::identity_proof;
use crate::actions::tag::settings::{Mode, ensure_key, save as save_settings, targets};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::tag::inputs::Inputs;
use crate::console::tag::lines::Line;
use crate::console::tag::seen::{SeenForm, UnknownSite};
use crate::console::tag::{form, lines, night, seen};
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::tag::{TagInput, TagSettings, typed};
use domain::value::FieldProblem;
use storage::booking::pages;
use storage::router::routers;
use storage::tag::{forms_seen, keys, sites};
use storage::workspace::settings;
use storage::workspace::settings::LastReconciliation;

/// Forms that the page lists.
const MAX_FORMS: usize = 50;

#[derive(Template)]
#[template(path = "console/tag/settings.html")]
struct TagPage {
    frame: ConsoleFrame,
    version: String,
    problems: Problems,
    inputs: Inputs,
    lines: Vec<Line>,
    /// The secret for proofs; empty for those who may not configure.
    secret: String,
    sheet: String,
    unknown: Vec<UnknownSite>,
    seen: Vec<SeenForm>,
    has_pages: bool,
    /// When the last night was looked at; empty before the first one.
    night: String,
    night_lines: Vec<String>,
    night_warnings: Vec<String>,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let (input, mode) = saved(&state, &session).await?;
    page(&state, &session, &Form::default(), &input, mode.name(), &[]).await
}

/// Saves them, or does what a button of the form asks for.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let SignedForm { session, form } = &posted;
    session.may_configure()?;
    let workspace = session.account.workspace;
    let mut input = form::read(form);
    let (wish, mode) = (form.text("do"), form.text("mode"));
    if let Some(key) = wish.strip_prefix("map-") {
        let (mut kept, kept_mode) = saved(&state, session).await?;
        if let Some(seen) = forms_seen::find(&state.database.read(), workspace, key).await? {
            kept.forms.push(seen::mapping_of(&seen));
        }
        return page(&state, session, &Form::default(), &kept, kept_mode.name(), &[]).await;
    }
    if form::change(&mut input, wish) {
        return page(&state, session, form, &input, mode, &[]).await;
    }
    form::tidy(&mut input);
    let author = Author::of_form(session.account.email.as_str(), form);
    let problems = match save_settings(&state, workspace, &input, Mode::from_name(mode), author).await? {
        Ok(_) => return Ok(Redirect::to("/console/tag?done=saved").into_response()),
        Err(problems) => problems.into_iter().map(beside_its_input).collect::<Vec<_>>(),
    };
    let page = page(&state, session, form, &input, mode, &problems).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The fields of a form are one input here, and so are the page and the router of what follows.
fn beside_its_input(problem: FieldProblem) -> FieldProblem {
    let field = &problem.field;
    let field = if let Some(at) = field.find("].fields.") {
        format!("{}].fields", &field[..at])
    } else if let Some(rule) = field.strip_suffix(".then.router").filter(|rule| rule.starts_with("rules[")) {
        format!("{rule}.page")
    } else if let Some(form) = field.strip_suffix(".then.router") {
        format!("{form}.then.page")
    } else {
        return problem;
    };
    FieldProblem { field, ..problem }
}

async fn saved(state: &AppState, session: &SignedIn) -> Result<(TagInput, Mode), PageError> {
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let kept = settings::find::<TagSettings>(&read, workspace).await?;
    let targets = targets(&read, workspace).await?;
    let active = keys::find(&read, workspace).await?.and_then(|tags| tags.active);
    Ok((typed(&kept, &targets), active.map_or(Mode::Off, Mode::On)))
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    input: &TagInput,
    mode: &str,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let (t, workspace) = (&session.words, session.account.workspace);
    let key = ensure_key(state, workspace).await?;
    let read = state.database.read();
    let last = settings::find::<LastReconciliation>(&read, workspace).await?.0;
    let kept = settings::find::<TagSettings>(&read, workspace).await?;
    let pages = pages::list(&read, workspace).await?;
    let routers = routers::list(&read, workspace).await?;
    let sites = sites::list(&read, workspace).await?;
    let mut seen = forms_seen::list(&read, workspace).await?;
    seen.truncate(MAX_FORMS);
    let mut inputs = Inputs::new(t, input, mode, (&pages, &routers));
    let problems_shown = Problems::add(t, problems, inputs.all());
    let frame = ConsoleFrame::new(state, session, "tag", "nav-tag").await?;
    render(&TagPage {
        version: version_to_carry::<TagSettings>(&read, workspace, form, problems).await?,
        problems: problems_shown,
        inputs,
        lines: lines::all(state, &key),
        secret: if frame.may_configure { identity_proof::secret(state, workspace) } else { String::new() },
        sheet: format!("/site/{key}/data-sheet?language={}", t.tag()),
        unknown: seen::unknown_sites(t, &kept, &sites),
        seen: seen::forms(t, &kept, &seen),
        has_pages: !pages.is_empty(),
        night: last.as_ref().map(|last| night::title(t, last)).unwrap_or_default(),
        night_lines: last.as_ref().map(|last| night::lines(t, last)).unwrap_or_default(),
        night_warnings: last.as_ref().map(|last| night::warnings(t, last)).unwrap_or_default(),
        frame,
    })
}
