//! The synced fields (同期項目設定): which fields are kept, a test of them, and the refreshes (D1–D4).

use crate::actions::org_request::request_and_wait;
use crate::actions::refusal::Refusal;
use crate::actions::run::request_run;
use crate::actions::seen_version::{Author, version_to_carry};
use crate::actions::synced_fields;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::delivery::preflight::TIMEOUT;
use crate::console::run_refusal::run_refusal_text;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use crate::ui::org_unavailable::{nothing_saved, org_error_text};
use crate::ui::run_list::{Progress, RunLine, progress, run_lines};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::org::{Descriptions, path_of_labels};
use domain::run::{RunKind, TimeOfDay, manual_wait};
use domain::synced_fields::{FieldCheck, Finding, SyncedFields, SyncedObject};
use domain::value::{FieldProblem, WorkspaceId};
use storage::mirror::streams;
use storage::mirror::streams::Mirror;
use storage::org::{connections, descriptions};
use storage::org_request::{OrgRequest, OrgResponse};
use storage::run::runs;
use storage::workspace::settings;

const RUNS: u32 = 5;

struct VerdictLine {
    path: String,
    sign: &'static str,
    verdict: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "console/synced_fields.html")]
struct SyncedFieldsPage {
    frame: ConsoleFrame,
    connected: bool,
    problems: Problems,
    /// The version on which what is typed is based.
    version: String,
    inputs: Vec<Input>,
    kept: Vec<String>,
    runs: Vec<RunLine>,
    progress: Option<Progress>,
    wait: String,
    may_sync: bool,
    failure: String,
    verdicts: Option<Vec<VerdictLine>>,
    warnings: Vec<String>,
}

/// What a page shows besides what is kept.
#[derive(Default)]
struct PageResult {
    problems: Vec<FieldProblem>,
    failure: String,
    verdicts: Option<Vec<FieldCheck>>,
    /// Of what was saved just now.
    warnings: Vec<FieldCheck>,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let kept = settings::find::<SyncedFields>(&state.database.read(), session.account.workspace).await?;
    page(&state, &session, &of_fields(&kept), PageResult::default()).await
}

/// Saves them, once the org was asked about those that are new; a lookup that brings only ids is told on the spot (D1).
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let author = Author::of_form(actor, &posted.form);
    let known = described(&state, workspace).await?;
    let refusal = match read(&posted.form, &known) {
        Ok(given) => match synced_fields::save_fields(&state, workspace, given, author, TIMEOUT).await? {
            Ok((_, warnings)) if warnings.is_empty() => {
                return Ok(Redirect::to("/console/synced-fields?done=saved").into_response());
            }
            Ok((fields, warnings)) => {
                let outcome = PageResult { warnings, ..PageResult::default() };
                return page(&state, session, &of_fields(&fields), outcome).await;
            }
            Err(refusal) => refusal,
        },
        Err(problems) => Refusal::Fields(problems),
    };
    let (status, outcome) = match refusal {
        Refusal::Fields(problems) => {
            (StatusCode::UNPROCESSABLE_ENTITY, PageResult { problems, ..PageResult::default() })
        }
        Refusal::Unanswered(answer) => {
            let failure = nothing_saved(&session.words, answer.as_ref());
            (StatusCode::CONFLICT, PageResult { failure, ..PageResult::default() })
        }
    };
    Ok((status, page(&state, session, &posted.form, outcome).await?).into_response())
}

/// Asks the org about the saved fields (同期テスト).
pub async fn test(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let t = &session.words;
    let workspace = session.account.workspace;
    let fields = settings::find::<SyncedFields>(&state.database.read(), workspace).await?;
    let form = of_fields(&fields);
    let question = OrgRequest::SyncedFields { fields };
    let mut outcome = PageResult::default();
    match request_and_wait(&state, workspace, &question, TIMEOUT).await? {
        Some(OrgResponse::SyncedFields { verdicts }) => outcome.verdicts = Some(verdicts),
        other => outcome.failure = org_error_text(t, other.as_ref()),
    }
    page(&state, session, &form, outcome).await
}

/// Asks for a refresh (手動同期).
pub async fn sync(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let Err(refusal) = request_run(&state, workspace, RunKind::SyncedFields, actor).await? else {
        return Ok(Redirect::to("/console/synced-fields?done=sync-asked").into_response());
    };
    let failure = run_refusal_text(&session.words, RunKind::SyncedFields, refusal);
    let fields = settings::find::<SyncedFields>(&state.database.read(), workspace).await?;
    let page =
        page(&state, session, &of_fields(&fields), PageResult { failure, ..PageResult::default() }).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

fn of_fields(fields: &SyncedFields) -> Form {
    let lines = |object| fields.of(object).join("\n");
    Form::of([
        ("account", lines(SyncedObject::Account)),
        ("contact", lines(SyncedObject::Contact)),
        ("lead", lines(SyncedObject::Lead)),
        ("refresh_at", fields.refresh_at.to_string()),
    ])
}

/// What is known of the objects whose fields can be chosen; the org is not asked.
async fn described(state: &AppState, workspace: WorkspaceId) -> Result<Descriptions, PageError> {
    let mut known = Descriptions::new();
    for object in SyncedObject::ALL {
        if let Some(found) = descriptions::find(&state.database.read(), workspace, object.name()).await? {
            known.insert(object.name().to_owned(), Some(found.description));
        }
    }
    Ok(known)
}

/// One path or label a line; empty lines are nothing.
fn read(form: &Form, known: &Descriptions) -> Result<SyncedFields, Vec<FieldProblem>> {
    let mut fields = SyncedFields::default();
    let mut problems = Vec::new();
    for object in SyncedObject::ALL {
        let lines = form.text(object.key()).lines().map(str::trim).filter(|line| !line.is_empty());
        let mut paths = Vec::new();
        for (place, line) in lines.enumerate() {
            // What is no label is told by the check of the path.
            let path = path_of_labels(object.name(), line, known, |_| true).or_else(|error| {
                error.problem(line, &format!("{}[{place}]", object.key())).map_or(Ok(line.to_owned()), Err)
            });
            match path {
                Ok(path) => paths.push(path),
                Err(problem) => problems.push(problem),
            }
        }
        *fields.of_mut(object) = paths;
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    match form.text("refresh_at").parse::<TimeOfDay>() {
        Ok(time) => fields.refresh_at = time,
        Err(_) => return Err(vec![FieldProblem::new("refresh_at", "not-a-time-of-day")]),
    }
    Ok(fields)
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    outcome: PageResult,
) -> Result<Response, PageError> {
    let t = &session.words;
    let workspace = session.account.workspace;
    let read = state.database.read();
    let connected = connections::find(&read, workspace).await?.is_some();
    let saved = settings::find::<SyncedFields>(&read, workspace).await?;
    let mut tables = Vec::new();
    for object in SyncedObject::ALL {
        let mirror = streams::find(&read, workspace, object.stream()).await?;
        if mirror.generation != streams::NO_GENERATION {
            tables.push((object, mirror));
        }
    }
    let latest = runs::list(&read, workspace, Some(RunKind::SyncedFields), RUNS).await?;
    let last_requested = runs::last_requested(&read, workspace, RunKind::SyncedFields).await?;
    let wait = manual_wait(last_requested, state.clock.now());
    let running = latest.first().is_some_and(|run| !run.state.is_over());
    let mut inputs = inputs(t, form);
    let version = version_to_carry::<SyncedFields>(&read, workspace, form, &outcome.problems).await?;
    let problems = Problems::add(t, &outcome.problems, &mut inputs);
    render(&SyncedFieldsPage {
        connected,
        problems,
        version,
        inputs,
        kept: tables.iter().map(|(object, mirror)| stored_text(t, *object, mirror)).collect(),
        runs: run_lines(t, &latest),
        progress: progress(t, &latest),
        may_sync: connected && !saved.is_empty() && !running && wait.is_none(),
        wait: match wait {
            _ if saved.is_empty() => t.text("sync-choose-first"),
            Some(allowed) => t.fill("sync-next-manual", "when", t.date_time(allowed)),
            None => String::new(),
        },
        failure: outcome.failure,
        verdicts: outcome.verdicts.map(|all| all.iter().map(|one| verdict(t, one)).collect()),
        warnings: outcome.warnings.iter().map(|one| warning(t, one)).collect(),
        frame: ConsoleFrame::new(state, session, "synced-fields", "nav-synced-fields").await?,
    })
}

fn inputs(t: &Translator, form: &Form) -> Vec<Input> {
    let mut inputs: Vec<Input> = SyncedObject::ALL
        .into_iter()
        .map(|object| {
            let label = t.word("object", object.name());
            Input::line(t, object.key(), label, form.text(object.key())).of(Control::Area)
        })
        .collect();
    if let Some(first) = inputs.first_mut() {
        *first = first.clone().hint(t.text("synced-fields-hint"));
    }
    let time = Input::line(t, "refresh_at", t.text("synced-fields-refresh-at"), form.text("refresh_at"));
    inputs.push(
        time.of(Control::Line("time")).short().required(true).hint(t.text("synced-fields-refresh-at-hint")),
    );
    inputs
}

fn stored_text(t: &Translator, object: SyncedObject, mirror: &Mirror) -> String {
    t.sentence(
        "sync-kept",
        [
            ("object", t.word("object", object.name())),
            ("rows", mirror.rows.to_string()),
            ("when", t.date_time(mirror.refreshed_at)),
        ],
    )
}

fn verdict(t: &Translator, verdict: &FieldCheck) -> VerdictLine {
    let (sign, word, text) = match &verdict.finding {
        Finding::Usable { label, .. } => ("✓", "passed", t.fill("field-finding-good", "label", label)),
        Finding::IdOnly { offer } => ("!", "warning", t.fill("field-finding-only-the-id", "offer", offer)),
        _ => ("✕", "failed", verdict.problem("").map_or_else(String::new, |problem| t.problem(&problem))),
    };
    VerdictLine { path: path_of(verdict), sign, verdict: word, text }
}

fn warning(t: &Translator, about: &FieldCheck) -> String {
    let text = verdict(t, about).text;
    t.sentence("problem-line", [("label", path_of(about)), ("problem", text)])
}

fn path_of(verdict: &FieldCheck) -> String {
    format!("{}.{}", verdict.object.name(), verdict.path)
}
