//! The imported companies and how the import stands (企業データ連携; Y4, Y5, Y8).

use crate::actions::company::list::Companies;
use crate::actions::run::request_run;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::run_refusal::run_refusal_text;
use crate::http::form::Form;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::run_list::{Progress, RunLine, progress, run_lines};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::company;
use domain::company::CompanyStatus;
use domain::mirror::{MirrorRow, RecordState};
use domain::run::{RunKind, RunState};
use storage::org::connections;
use storage::run::runs;

const ROWS: u32 = 50;
const RUNS: u32 = 5;

struct CompanyRow {
    address: String,
    name: String,
    id: String,
    /// Why it is not simply there; empty otherwise.
    state: String,
    updated: String,
}

struct Choice {
    address: String,
    label: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "console/company/list.html")]
struct CompaniesPage {
    frame: ConsoleFrame,
    connected: bool,
    is_set_up: bool,
    enabled: bool,
    failure: String,
    synced: String,
    count: String,
    progress: Option<Progress>,
    runs: Vec<RunLine>,
    may_run: bool,
    search: String,
    choices: Vec<Choice>,
    rows: Vec<CompanyRow>,
    were_imported: bool,
    more: Option<String>,
}

/// Shows them.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    page(&state, &session, &visitor.query, String::new()).await
}

/// Asks for an import now.
pub async fn run(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let Err(refusal) = request_run(&state, workspace, RunKind::CompanyImport, actor).await? else {
        return Ok(Redirect::to("/console/companies?done=import-asked").into_response());
    };
    let failure = run_refusal_text(&session.words, RunKind::CompanyImport, refusal);
    let page = page(&state, session, &Form::parse(b""), failure).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    query: &Form,
    failure: String,
) -> Result<Response, PageError> {
    let t = &session.words;
    let workspace = session.account.workspace;
    let companies = Companies::find(state, workspace).await?;
    let connected = connections::find(&state.database.read(), workspace).await?.is_some();
    let latest = runs::list(&state.database.read(), workspace, Some(RunKind::CompanyImport), RUNS).await?;
    let running = latest.first().is_some_and(|run| !run.state.is_over());
    let archived = query.text("standing") == CompanyStatus::Archived.name();
    let shown: &[CompanyStatus] =
        if archived { &[CompanyStatus::Archived] } else { &[CompanyStatus::Active, CompanyStatus::Marked] };
    let search = query.text("search").trim();
    let found = if search.is_empty() {
        companies.list(state, shown, query.text("after"), ROWS).await?
    } else {
        companies.search(state, search, ROWS).await?
    };
    let full = search.is_empty() && found.len() == usize::try_from(ROWS).unwrap_or(usize::MAX);
    let kept = if archived { "standing=archived&" } else { "" };
    let more = found
        .last()
        .filter(|_| full)
        .map(|last| format!("/console/companies?{kept}after={}#companies", last.record_id));
    let imported = companies.were_imported();
    render(&CompaniesPage {
        connected,
        is_set_up: companies.import != Default::default(),
        enabled: companies.import.enabled,
        failure,
        synced: if imported { t.date_time(companies.mirror.refreshed_at) } else { String::new() },
        count: companies.mirror.rows.to_string(),
        progress: progress(t, &latest),
        may_run: connected && companies.import.enabled && !running,
        runs: run_lines(t, &latest),
        search: search.to_owned(),
        choices: choices(t, archived),
        rows: found.iter().map(|row| line(t, &companies, row)).collect(),
        were_imported: imported || latest.iter().any(|run| run.state == RunState::Done),
        more,
        frame: ConsoleFrame::new(state, session, "companies", "nav-companies").await?,
    })
}

fn choices(t: &Translator, archived: bool) -> Vec<Choice> {
    let choice = |address: &str, key: &str, current| Choice {
        address: format!("/console/companies{address}#companies"),
        label: t.text(key),
        current,
    };
    vec![
        choice("", "companies-shown", !archived),
        choice("?standing=archived", "company-standing-archived", archived),
    ]
}

fn line(t: &Translator, companies: &Companies, row: &MirrorRow) -> CompanyRow {
    CompanyRow {
        address: format!("/console/companies/record/{}", row.record_id),
        name: company::name(row),
        id: row.record_id.clone(),
        state: state_word(t, companies, row),
        updated: t.date_time(row.changed_at),
    }
}

/// Why a company is not simply there, if the settings say that it be told.
pub(crate) fn state_word(t: &Translator, companies: &Companies, row: &MirrorRow) -> String {
    match companies.standing(row) {
        CompanyStatus::Active if row.state != RecordState::Hidden => String::new(),
        _ => t.word("kept-state", row.state.name()),
    }
}
