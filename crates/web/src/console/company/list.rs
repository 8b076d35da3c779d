//! The imported companies and how the import stands (企業データ連携; Y4, Y5, Y8).

use crate::actions::company::list::Companies;
use crate::actions::run::request_run;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::run_refusal::run_refusal_text;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::listing::{Answer, Cell, List, ListRow, ListView, Loaded, respond};
use crate::ui::run_list::{Progress, RunLine, progress, run_lines};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::company;
use domain::company::CompanyStatus;
use domain::list::{Column, Direction, Key, Request, Spec};
use domain::mirror::{MirrorRow, RecordState};
use domain::run::{RunKind, RunState};
use storage::org::connections;
use storage::run::runs;

const RUNS: u32 = 5;

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
    list: Option<Box<ListView>>,
    were_imported: bool,
}

/// Shows them.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    match respond::<CompanyList>(&state, &session, &visitor).await? {
        Answer::File(file) => Ok(file),
        Answer::Shown(list) => page(&state, &session, Some(list), String::new()).await,
    }
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
    let page = page(&state, session, None, failure).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    list: Option<Box<ListView>>,
    failure: String,
) -> Result<Response, PageError> {
    let t = &session.words;
    let workspace = session.account.workspace;
    let companies = Companies::find(state, workspace).await?;
    let connected = connections::find(&state.database.read(), workspace).await?.is_some();
    let latest = runs::list(&state.database.read(), workspace, Some(RunKind::CompanyImport), RUNS).await?;
    let running = latest.first().is_some_and(|run| !run.state.is_over());
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
        list: list.filter(|_| imported),
        were_imported: imported || latest.iter().any(|run| run.state == RunState::Done),
        frame: ConsoleFrame::new(state, session, "companies", "nav-companies").await?,
    })
}

/// The list.
pub struct CompanyList;

impl List for CompanyList {
    const SPEC: Spec = Spec {
        name: "companies",
        path: "/console/companies",
        tabs: &["companies", "archived"],
        columns: &[Column::shown("company"), Column::shown("record-id").sorted(), Column::shown("changed")],
        filters: &[],
        sort: ("record-id", Direction::Ascending),
        searches: true,
        watched: "runs",
    };

    async fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        limit: u32,
    ) -> Result<Loaded, PageError> {
        let companies = Companies::find(state, session.account.workspace).await?;
        if !companies.were_imported() {
            return Ok(Loaded::default());
        }
        let t = &session.words;
        if !request.search.is_empty() {
            let found = companies.search(state, &request.search, limit).await?;
            let rows = found.iter().map(|row| line(t, &companies, row)).collect();
            return Ok(Loaded { rows, ..Loaded::default() });
        }
        let standings: &[CompanyStatus] = match request.tab {
            "archived" => &[CompanyStatus::Archived],
            _ => &[CompanyStatus::Active, CompanyStatus::Marked],
        };
        let (found, has_before, has_after) =
            companies.page(state, standings, &request.position, limit).await?;
        let key =
            |row: Option<&MirrorRow>| row.map(|row| Key { value: String::new(), id: row.record_id.clone() });
        Ok(Loaded {
            before: key(found.first()).filter(|_| has_before),
            after: key(found.last()).filter(|_| has_after),
            count: (request.tab != "archived").then_some(companies.mirror.rows),
            rows: found.iter().map(|row| line(t, &companies, row)).collect(),
        })
    }
}

fn line(t: &Translator, companies: &Companies, row: &MirrorRow) -> ListRow {
    let name = Cell::text(company::name(row));
    let state = state_word(t, companies, row);
    ListRow {
        id: String::new(),
        address: format!("/console/companies/record/{}", row.record_id),
        is_marked: false,
        cells: vec![
            ("company", if state.is_empty() { name } else { name.with_chip("warn", state) }),
            ("record-id", Cell::code(&row.record_id)),
            ("changed", Cell::time(t.date_time(row.changed_at), row.changed_at)),
        ],
    }
}

/// Why a company is not simply there, if the settings say that it be told.
pub(crate) fn state_word(t: &Translator, companies: &Companies, row: &MirrorRow) -> String {
    match companies.standing(row) {
        CompanyStatus::Active if row.state != RecordState::Hidden => String::new(),
        _ => t.word("kept-state", row.state.name()),
    }
}
