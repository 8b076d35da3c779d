//! One list: its first rows, whether something is on it, and what replaces or deletes it.

use crate::actions::router::lists as actions;
use crate::actions::router::lists::ListRemoved;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::router::list_inputs::{UploadInputs, line_texts};
use crate::console::router::list_rows::cells;
use crate::console::router::lists::asked_by;
use crate::http::form::Form;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::catalogue::grouped;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::router::{Column, LookupList};
use domain::value::FieldProblem;
use storage::router::lists;

/// Rows that the page shows.
const FIRST_ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "console/router/list_page.html")]
struct ListPage {
    frame: ConsoleFrame,
    list: LookupList,
    facts: Vec<(String, String)>,
    headings: Vec<&'static str>,
    rows: Vec<(u32, Vec<String>)>,
    typed: String,
    found: String,
    inputs: UploadInputs,
    problems: Problems,
    faults: Vec<String>,
    left_out: String,
    /// What deleting would take away.
    remove_text: String,
}

/// What the page shows besides what is kept.
#[derive(Default)]
pub(super) struct PageResult {
    /// What somebody looks for.
    pub(super) typed: String,
    /// What was sent.
    pub(super) form: Form,
    /// What is wrong with it.
    pub(super) problems: Vec<FieldProblem>,
    /// Rows that were left out, and their faults.
    pub(super) left_out: Option<(u32, Vec<FieldProblem>)>,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let list = find(&state, &session, &slug).await?;
    let typed = visitor.query.text("value").to_owned();
    page(&state, &session, list, PageResult { typed, ..PageResult::default() }).await
}

/// Deletes it.
pub async fn remove(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let list = find(&state, session, &slug).await?;
    let actor = session.account.email.as_str();
    match actions::remove(&state, session.account.workspace, &slug, actor).await? {
        ListRemoved::Removed => Ok(Redirect::to("/console/lists?done=removed").into_response()),
        ListRemoved::NotFound => Err(session.page_error(PageError::not_found())),
        ListRemoved::InUse(routers) => {
            let routers = session.words.list(routers);
            let problems = vec![FieldProblem::new("", "list-in-use").with("routers", routers)];
            let result = PageResult { problems, ..PageResult::default() };
            let page = page(&state, session, list, result).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

/// A list of the workspace.
pub(super) async fn find(state: &AppState, session: &SignedIn, slug: &str) -> Result<LookupList, PageError> {
    let found = lists::find(&state.database.read(), session.account.workspace, slug).await?;
    found.ok_or(session.page_error(PageError::not_found()))
}

/// The page.
pub(super) async fn page(
    state: &AppState,
    session: &SignedIn,
    list: LookupList,
    result: PageResult,
) -> Result<Response, PageError> {
    let (t, workspace) = (&session.words, session.account.workspace);
    let read = state.database.read();
    let rows = lists::entries(&read, workspace, &list.slug, 0, FIRST_ROWS).await?;
    let found = match result.typed.trim() {
        "" => String::new(),
        typed => match actions::search(state, workspace, &list, typed).await? {
            Some(entry) => t.fill("csv-list-search-found", "line", grouped(&entry.line.to_string())),
            None => t.text("csv-list-search-missing"),
        },
    };
    let users = actions::users(&read, workspace, &list.slug).await?;
    let mut facts = vec![
        (t.text("csv-list-input-slug"), list.slug.clone()),
        (t.text("csv-list-column-kind"), t.word("csv-list-kind", list.kind.name())),
        (t.text("csv-list-column-by"), asked_by(t, &list)),
        (t.text("csv-list-column-rows"), grouped(&list.rows.to_string()).into_owned()),
        (t.text("csv-list-column-updated"), t.date_time(list.updated_at)),
    ];
    if !users.is_empty() {
        facts.push((t.text("csv-list-used-by"), t.list(users)));
    }
    let mut inputs = UploadInputs::of(t, &result.form, Some(&list));
    let (faults, others) = line_texts(t, &result.problems);
    let problems = Problems::add(t, &others, inputs.all());
    let (left_out, skipped) = match result.left_out {
        Some((count, faults)) => {
            (t.fill("csv-list-left-out", "count", grouped(&count.to_string())), line_texts(t, &faults).0)
        }
        None => (String::new(), Vec::new()),
    };
    render(&ListPage {
        frame: ConsoleFrame::new(state, session, "lists", "csv-list-column-name")
            .await?
            .named(list.name.clone()),
        facts,
        headings: Column::of(list.kind)
            .iter()
            .map(|one| one.heading(list.kind, list.by, t.language))
            .collect(),
        rows: rows.iter().map(|row| (row.line, cells(list.kind, row))).collect(),
        typed: result.typed,
        found,
        inputs,
        problems,
        faults: faults.into_iter().chain(skipped).collect(),
        left_out,
        remove_text: t.sentence(
            "csv-list-remove-confirm",
            [("name", list.name.clone()), ("rows", grouped(&list.rows.to_string()).into_owned())],
        ),
        list,
    })
}
