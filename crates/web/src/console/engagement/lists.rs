//! Account Engagement's lists (Account Engagementリスト連携): rules, the tag to paste, and the refreshes (E1–E4).

use crate::actions::engagement;
use crate::actions::refusal::Refusal;
use crate::actions::run::request_run;
use crate::actions::seen_version::{Author, version_to_carry};
use crate::actions::tag::text_to_paste;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::delivery::preflight::TIMEOUT;
use crate::console::engagement::form;
use crate::console::engagement::form::Inputs;
use crate::console::run_refusal::run_refusal_text;
use crate::http::form::Form;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::catalogue::grouped;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::org_unavailable::{nothing_saved, org_error_text};
use crate::ui::removed::Removed;
use crate::ui::suggestion::Suggestion;
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::engagement::{
    BusinessUnitCheck, EngagementList, EngagementLists, ListsInput, RuleInput, check_input, find_lists,
    suggest as named,
};
use domain::run::{Run, RunKind, manual_wait};
use domain::value::FieldProblem;
use storage::booking::pages;
use storage::engagement::members;
use storage::engagement::members::EngagementSnapshot;
use storage::org::connections;
use storage::run::runs;
use storage::tag::keys;
use storage::workspace::settings::KnownLists;
use storage::workspace::{settings, teams};

const RUNS: u32 = 5;
const MAX_SUGGESTIONS: usize = 12;

struct RunLine {
    when: String,
    origin: String,
    state: &'static str,
    state_word: String,
    counts: String,
    reason: String,
}

struct TagToPaste {
    key: String,
    tag: String,
}

#[derive(Template)]
#[template(path = "console/engagement/lists.html")]
struct ListsPage {
    frame: ConsoleFrame,
    connected: bool,
    has_pages: bool,
    /// The version on which what is typed is based.
    version: String,
    problems: Problems,
    failure: String,
    loaded: String,
    inputs: Inputs,
    removed: Option<Removed>,
    kept: Vec<String>,
    kept_at: String,
    not_kept: String,
    runs: Vec<RunLine>,
    running: bool,
    wait: String,
    may_sync: bool,
    tag: Option<TagToPaste>,
}

/// What a page shows besides what is kept.
#[derive(Default)]
struct PageResult {
    removed: Option<(usize, RuleInput)>,
    problems: Vec<FieldProblem>,
    failure: String,
    loaded: String,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    saved_page(&state, &session, PageResult::default()).await
}

/// Saves them, or does what a button of the form asks for.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let SignedForm { session, form } = &posted;
    session.may_configure()?;
    let workspace = session.account.workspace;
    let mut rules = form::read_rules(form);
    if let Some(removed) = form::change(&mut rules, form.text("do"), form.text("removed")) {
        return page(&state, session, form, &rules, PageResult { removed, ..PageResult::default() }).await;
    }
    form::tidy(&mut rules);
    let given = match form::read(form, &rules) {
        Ok(given) => given,
        Err(problems) => return refuse(&state, session, form, &rules, problems).await,
    };
    if form.text("do") == "load-lists" {
        return load(&state, session, form, &rules, given).await;
    }
    let actor = session.account.email.as_str();
    match engagement::save(&state, workspace, given, Author::of_form(actor, form), TIMEOUT).await? {
        Ok(_) => Ok(Redirect::to("/console/engagement-lists?done=saved").into_response()),
        Err(Refusal::Fields(problems)) => refuse(&state, session, form, &rules, problems).await,
        Err(Refusal::Unanswered(answer)) => {
            let failure = nothing_saved(&session.words, answer.as_ref());
            let page =
                page(&state, session, form, &rules, PageResult { failure, ..PageResult::default() }).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

async fn refuse(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    rules: &[RuleInput],
    problems: Vec<FieldProblem>,
) -> Result<Response, PageError> {
    let page = page(state, session, form, rules, PageResult { problems, ..PageResult::default() }).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Checks the business unit and keeps its lists' names for suggestions; the settings stay as they are.
async fn load(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    rules: &[RuleInput],
    given: ListsInput,
) -> Result<Response, PageError> {
    let (t, workspace) = (&session.words, session.account.workspace);
    let unit = ListsInput { enabled: false, rules: Vec::new(), ..given };
    let unit = match check_input(unit) {
        Ok(unit) if unit.business_unit_id.is_empty() => {
            let problem = FieldProblem::new("business_unit_id", "required");
            return refuse(state, session, form, rules, vec![problem]).await;
        }
        Ok(unit) => unit,
        Err(problems) => return refuse(state, session, form, rules, problems).await,
    };
    let finding = match engagement::request_check(state, workspace, &unit.business_unit_id, TIMEOUT).await? {
        Ok(finding) => finding,
        Err(answer) => {
            let failure = org_error_text(t, answer.as_ref());
            let page =
                page(state, session, form, rules, PageResult { failure, ..PageResult::default() }).await?;
            return Ok((StatusCode::CONFLICT, page).into_response());
        }
    };
    if let Err(problems) = find_lists(&unit, &finding) {
        return refuse(state, session, form, rules, problems).await;
    }
    let mut outcome = PageResult::default();
    if let BusinessUnitCheck::Lists { lists } = finding {
        outcome.loaded = t.fill("lists-loaded", "count", lists.len());
        let known = KnownLists { business_unit_id: unit.business_unit_id, lists };
        let write = state.database.write().await?;
        settings::save(&write, workspace, &known, state.clock.now()).await?;
        write.commit().await?;
    }
    page(state, session, form, rules, outcome).await
}

/// Asks for a refresh (リストを同期する).
pub async fn sync(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let Err(refusal) = request_run(&state, workspace, RunKind::EngagementLists, actor).await? else {
        return Ok(Redirect::to("/console/engagement-lists?done=sync-asked").into_response());
    };
    let failure = run_refusal_text(&session.words, RunKind::EngagementLists, refusal);
    let page = saved_page(&state, session, PageResult { failure, ..PageResult::default() }).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Names of lists while one is typed, as Account Engagement last told them.
pub async fn suggest(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Json<Vec<Suggestion>>, PageError> {
    let known = settings::find::<KnownLists>(&state.database.read(), session.account.workspace).await?;
    let found = named(visitor.query.text("q"), &known.lists).into_iter().take(MAX_SUGGESTIONS);
    Ok(Json(found.map(|list| suggestion(&session.words, list)).collect()))
}

fn suggestion(t: &Translator, list: &EngagementList) -> Suggestion {
    let key = if list.is_dynamic { "lists-list-dynamic" } else { "lists-list-id" };
    Suggestion::new(list.name.clone(), list.name.clone(), t.fill(key, "id", list.id))
}

/// The page with the settings as they are kept.
async fn saved_page(
    state: &AppState,
    session: &SignedIn,
    outcome: PageResult,
) -> Result<Response, PageError> {
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let lists = settings::find::<EngagementLists>(&read, workspace).await?;
    let kept = engagement::typed(&read, workspace, &lists).await?;
    let rules = form::rules_of(&kept);
    page(state, session, &form::of_settings(&kept), &rules, outcome).await
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    rules: &[RuleInput],
    outcome: PageResult,
) -> Result<Response, PageError> {
    let (t, workspace) = (&session.words, session.account.workspace);
    let read = state.database.read();
    let connected = connections::find(&read, workspace).await?.is_some();
    let saved = settings::find::<EngagementLists>(&read, workspace).await?;
    let teams = teams::list(&read, workspace).await?;
    let pages = pages::list(&read, workspace).await?;
    let cache = members::find(&read, workspace).await?;
    let tag = keys::find(&read, workspace).await?;
    let latest = runs::list(&read, workspace, Some(RunKind::EngagementLists), RUNS).await?;
    let last_requested = runs::last_requested(&read, workspace, RunKind::EngagementLists).await?;
    let wait = manual_wait(last_requested, state.clock.now());
    let running = latest.first().is_some_and(|run| !run.state.is_over());
    let blank = [RuleInput::default()];
    let rules = if rules.is_empty() { &blank } else { rules };
    let mut inputs = Inputs::new(t, form, rules, &teams, &pages);
    let version = version_to_carry::<EngagementLists>(&read, workspace, form, &outcome.problems).await?;
    let problems = Problems::add(t, &outcome.problems, inputs.all());
    let (kept, kept_at) = stored_lines(t, cache.as_ref());
    render(&ListsPage {
        connected,
        has_pages: !pages.is_empty(),
        version,
        problems,
        failure: outcome.failure,
        loaded: outcome.loaded,
        inputs,
        removed: outcome.removed.as_ref().map(|removed| shown(t, removed)),
        kept,
        kept_at,
        not_kept: not_stored(t, &saved, cache.as_ref()),
        runs: latest.iter().map(|run| run_line(t, run)).collect(),
        running,
        may_sync: connected && saved.enabled && !running && wait.is_none(),
        wait: wait
            .map(|allowed| t.fill("lists-next-manual", "when", t.date_time(allowed)))
            .unwrap_or_default(),
        tag: tag.map(|tags| TagToPaste { tag: text_to_paste(state, &tags.key), key: tags.key }),
        frame: ConsoleFrame::new(state, session, "engagement-lists", "nav-engagement-lists").await?,
    })
}

fn shown(t: &Translator, removed: &(usize, RuleInput)) -> Removed {
    let (place, rule) = removed;
    let number = t.fill("lists-rule-number", "number", place + 1);
    Removed::new(t, if rule.list.is_empty() { &number } else { &rule.list }, removed)
}

fn stored_lines(t: &Translator, cache: Option<&EngagementSnapshot>) -> (Vec<String>, String) {
    let Some(cache) = cache else { return (Vec::new(), t.text("lists-none-kept")) };
    let line = |list: &members::SnapshotList| {
        t.sentence("lists-kept", [("name", list.name.clone()), ("members", list.members.to_string())])
    };
    let at = t.fill("lists-kept-at", "when", t.date_time(cache.refreshed_at));
    (cache.body.lists.iter().map(line).collect(), at)
}

/// What of the saved rules the kept members say nothing about yet.
fn not_stored(t: &Translator, saved: &EngagementLists, cache: Option<&EngagementSnapshot>) -> String {
    let Some(cache) = cache.filter(|_| saved.enabled) else { return String::new() };
    if cache.body.business_unit_id != saved.business_unit_id {
        return t.text("lists-other-unit");
    }
    let known = |id: u64| cache.body.lists.iter().any(|list| list.id == id);
    let missing: Vec<String> =
        saved.lists().into_iter().filter(|list| !known(list.id)).map(|list| list.name).collect();
    if missing.is_empty() { String::new() } else { t.fill("lists-not-kept", "names", t.list(missing)) }
}

fn run_line(t: &Translator, run: &Run) -> RunLine {
    let counts =
        run.receipt.received.iter().map(|(list, rows)| format!("{list} {}", grouped(&rows.to_string())));
    RunLine {
        when: t.date_time(run.requested_at),
        origin: t.word("run-origin", run.origin.name()),
        state: run.state.name(),
        state_word: t.word("run-state", run.state.name()),
        counts: t.list(counts),
        reason: run.reason.as_ref().map(|reason| t.step(reason)).unwrap_or_default(),
    }
}
