//! Importing people from a CSV file: checked first, then taken over, and undone if it was the wrong one.

use crate::actions::people::import::{ImportInput, Imported, import as import_people, undo as undo_import};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::auth::upload::{Upload, receive};
use crate::console::router::list_inputs::line_texts;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::http::request_body::MAX_FILE;
use crate::state::AppState;
use crate::text::person_labels::person_labels;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::people::{ImportCounts, PersonFields};
use domain::value::{FieldProblem, PeopleImportId};
use storage::people::imports;
use storage::workspace::settings;

const PATH: &str = "/console/people/import";
/// Imports that are shown.
const SHOWN: u32 = 20;

struct ImportLine {
    id: String,
    what: String,
    is_undone: bool,
}

#[derive(Template)]
#[template(path = "console/people/import.html")]
struct ImportPage {
    frame: ConsoleFrame,
    problems: Problems,
    faults: Vec<String>,
    /// What was found, or done.
    result: String,
    inputs: Vec<Input>,
    columns: Vec<(String, String)>,
    imports: Vec<ImportLine>,
}

#[derive(Default)]
struct Told {
    form: Form,
    problems: Vec<FieldProblem>,
    result: String,
}

/// Shows the form and the latest imports.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    page(&state, &session, Told::default()).await
}

/// Checks a file, or takes it over.
pub async fn import(
    State(state): State<AppState>,
    session: SignedIn,
    request: Request,
) -> Result<Response, PageError> {
    session.may_edit()?;
    let Upload { form, file, turn } = receive(&state, &session, request).await?;
    let input = ImportInput {
        dry_run: form.text("do") != "import",
        skip_faulty: form.is_on("skip_faulty"),
        basis: form.text("basis").trim().to_owned(),
        labels: person_labels(),
    };
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let done = import_people(&state, workspace, &input, file, actor).await?;
    drop(turn);
    let t = &session.words;
    match done {
        Ok(Imported { id: Some(_), faults, .. }) if faults.faulty_rows == 0 => {
            Ok(Redirect::to(&format!("{PATH}?done=people-imported")).into_response())
        }
        Ok(Imported { id, counts, faults }) => {
            let key = if id.is_some() { "people-import-done" } else { "people-import-found" };
            let result = t.sentence(key, numbers(&counts));
            page(&state, &session, Told { form, problems: faults.named, result }).await
        }
        Err(problems) => {
            let page = page(&state, &session, Told { form, problems, ..Told::default() }).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Undoes an import.
pub async fn undo(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let missing = || session.page_error(PageError::not_found());
    let id: PeopleImportId = id.parse().map_err(|_| missing())?;
    let undone = undo_import(&state, session.account.workspace, id, session.account.email.as_str()).await?;
    let undone = undone.ok_or_else(missing)?;
    let numbers = [
        ("removed", undone.removed.to_string()),
        ("restored", undone.restored.to_string()),
        ("kept", undone.kept.to_string()),
    ];
    let result = session.words.sentence("people-import-undone-what", numbers);
    page(&state, session, Told { result, ..Told::default() }).await
}

fn numbers(counts: &ImportCounts) -> [(&'static str, String); 5] {
    [
        ("rows", counts.rows.to_string()),
        ("created", counts.created.to_string()),
        ("updated", counts.updated.to_string()),
        ("unchanged", counts.unchanged.to_string()),
        ("faulty", counts.faulty.to_string()),
    ]
}

async fn page(state: &AppState, session: &SignedIn, told: Told) -> Result<Response, PageError> {
    let t = &session.words;
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let fields = settings::find::<PersonFields>(&read, workspace).await?;
    let mut inputs = inputs(t, &told.form);
    let (faults, others) = line_texts(t, &told.problems);
    let problems = Problems::add(t, &others, &mut inputs);
    let known = imports::list(&read, workspace, SHOWN).await?;
    render(&ImportPage {
        problems,
        faults,
        result: told.result,
        inputs,
        columns: fields
            .fields
            .iter()
            .map(|field| (super::person::label(t, field), field.name.clone()))
            .collect(),
        imports: known
            .iter()
            .map(|one| ImportLine {
                id: one.id.to_string(),
                what: format!(
                    "{} {} {}",
                    t.date_time(one.at),
                    one.actor,
                    t.sentence("people-import-done", numbers(&one.counts))
                ),
                is_undone: one.undone_at.is_some(),
            })
            .collect(),
        frame: ConsoleFrame::new(state, session, "people", "people-import-title").await?,
    })
}

fn inputs(t: &Translator, form: &Form) -> Vec<Input> {
    let line = |name: &str, label: &str| Input::line(t, name, t.text(label), form.text(name));
    let hint = t.fill("csv-list-input-file-hint", "max", MAX_FILE / 1024 / 1024);
    vec![
        Input::line(t, "file", t.text("csv-list-input-file"), "")
            .of(Control::Line("file"))
            .required(true)
            .hint(hint),
        line("basis", "people-import-basis").hint(t.text("people-import-basis-hint")),
        line("skip_faulty", "csv-list-input-skip")
            .switch(form.is_on("skip_faulty"))
            .hint(t.text("csv-list-input-skip-hint")),
    ]
}
