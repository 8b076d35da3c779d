//! Account Engagement's lists (Account Engagementリスト連携): rules, the tag to paste, and the refreshes (E1–E4).

use crate::catalogue::grouped;
use crate::console::engagement_form::{self, Inputs};
use crate::console::preflight::PATIENCE;
use crate::console::suggest::Suggestion;
use crate::console::unanswered::{nothing_saved, unanswered};
use crate::engaging;
use crate::extract::form::{Form, Posted};
use crate::extract::language::Visitor;
use crate::extract::session::SignedIn;
use crate::pages::fault::Fault;
use crate::pages::layout::{ConsoleFrame, render};
use crate::pages::problems::Problems;
use crate::pages::words::Words;
use crate::refusal::Refusal;
use crate::state::AppState;
use crate::syncing::{self, NotNow};
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::engagement_lists::{
    EngagementLists, GivenLists, GivenRule, KnownList, UnitFinding, check_given, find_lists, suggest as named,
};
use domain::problem::FieldProblem;
use domain::run::{Run, RunKind};
use domain::schedule::manual_wait;
use storage::engagement_members::EngagementCache;
use storage::settings::KnownLists;
use storage::{booking_pages, connections, engagement_members, runs, settings, tags, teams};

const RUNS: u32 = 5;
const MOST_SUGGESTIONS: usize = 12;

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
#[template(path = "console/engagement_lists.html")]
struct ListsPage {
    frame: ConsoleFrame,
    connected: bool,
    has_pages: bool,
    problems: Problems,
    failure: String,
    loaded: String,
    inputs: Inputs,
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
struct Outcome {
    problems: Vec<FieldProblem>,
    failure: String,
    loaded: String,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, Fault> {
    kept_page(&state, &session, Outcome::default()).await
}

/// Saves them, or does what a button of the form asks for.
pub async fn save(State(state): State<AppState>, posted: Posted) -> Result<Response, Fault> {
    let Posted { session, form } = &posted;
    session.may_configure()?;
    let workspace = session.account.workspace;
    let mut rules = engagement_form::read_rules(form);
    if engagement_form::change(&mut rules, form.text("do")) {
        return page(&state, session, form, &rules, Outcome::default()).await;
    }
    engagement_form::tidy(&mut rules);
    let given = match engagement_form::read(form, &rules) {
        Ok(given) => given,
        Err(problems) => return refuse(&state, session, form, &rules, problems).await,
    };
    if form.text("do") == "load-lists" {
        return load(&state, session, form, &rules, given).await;
    }
    let actor = session.account.email.as_str();
    match engaging::save(&state, workspace, given, actor, PATIENCE).await? {
        Ok(_) => Ok(Redirect::to("/console/engagement-lists?done=saved").into_response()),
        Err(Refusal::Fields(problems)) => refuse(&state, session, form, &rules, problems).await,
        Err(Refusal::Unanswered(answer)) => {
            let failure = nothing_saved(&session.words, answer.as_ref());
            let page = page(&state, session, form, &rules, Outcome { failure, ..Outcome::default() }).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

async fn refuse(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    rules: &[GivenRule],
    problems: Vec<FieldProblem>,
) -> Result<Response, Fault> {
    let page = page(state, session, form, rules, Outcome { problems, ..Outcome::default() }).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Checks the business unit and keeps its lists' names for suggestions; the settings stay as they are.
async fn load(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    rules: &[GivenRule],
    given: GivenLists,
) -> Result<Response, Fault> {
    let (t, workspace) = (&session.words, session.account.workspace);
    let unit = GivenLists { enabled: false, rules: Vec::new(), ..given };
    let unit = match check_given(unit) {
        Ok(unit) if unit.business_unit_id.is_empty() => {
            let problem = FieldProblem::new("business_unit_id", "required");
            return refuse(state, session, form, rules, vec![problem]).await;
        }
        Ok(unit) => unit,
        Err(problems) => return refuse(state, session, form, rules, problems).await,
    };
    let finding = match engaging::ask(state, workspace, &unit.business_unit_id, PATIENCE).await? {
        Ok(finding) => finding,
        Err(answer) => {
            let failure = unanswered(t, answer.as_ref());
            let page = page(state, session, form, rules, Outcome { failure, ..Outcome::default() }).await?;
            return Ok((StatusCode::CONFLICT, page).into_response());
        }
    };
    if let Err(problems) = find_lists(&unit, &finding) {
        return refuse(state, session, form, rules, problems).await;
    }
    let mut outcome = Outcome::default();
    if let UnitFinding::Lists { lists } = finding {
        outcome.loaded = t.fill("lists-loaded", "count", lists.len());
        let known = KnownLists { business_unit_id: unit.business_unit_id, lists };
        let write = state.database.write().await?;
        settings::save_known_lists(&write, workspace, &known, state.clock.now()).await?;
        write.commit().await?;
    }
    page(state, session, form, rules, outcome).await
}

/// Asks for a refresh (リストを同期する).
pub async fn sync(State(state): State<AppState>, posted: Posted) -> Result<Response, Fault> {
    let session = &posted.session;
    session.may_edit()?;
    let t = &session.words;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let failure = match syncing::ask_for_refresh(&state, workspace, RunKind::EngagementLists, actor).await? {
        Ok(_) => return Ok(Redirect::to("/console/engagement-lists?done=sync-asked").into_response()),
        Err(NotNow::NotConnected) => t.text("failure-not-connected"),
        Err(NotNow::NothingChosen) => t.text("lists-nothing"),
        Err(NotNow::Running) => t.text("lists-running"),
        Err(NotNow::TooSoon(allowed)) => t.fill("lists-too-soon", "when", t.moment(allowed)),
    };
    let page = kept_page(&state, session, Outcome { failure, ..Outcome::default() }).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Names of lists while one is typed, as Account Engagement last told them.
pub async fn suggest(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: Visitor,
) -> Result<Json<Vec<Suggestion>>, Fault> {
    let known = settings::known_lists(&state.database.read(), session.account.workspace).await?;
    let found = named(visitor.query.text("q"), &known.lists).into_iter().take(MOST_SUGGESTIONS);
    Ok(Json(found.map(|list| suggestion(&session.words, list)).collect()))
}

fn suggestion(t: &Words, list: &KnownList) -> Suggestion {
    let key = if list.is_dynamic { "lists-list-dynamic" } else { "lists-list-id" };
    Suggestion::new(list.name.clone(), list.name.clone(), t.fill(key, "id", list.id))
}

/// The page with the settings as they are kept.
async fn kept_page(state: &AppState, session: &SignedIn, outcome: Outcome) -> Result<Response, Fault> {
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let lists = settings::engagement_lists(&read, workspace).await?;
    let kept = engaging::typed(&read, workspace, &lists).await?;
    let rules = engagement_form::rules_of(&kept);
    page(state, session, &engagement_form::of_settings(&kept), &rules, outcome).await
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    rules: &[GivenRule],
    outcome: Outcome,
) -> Result<Response, Fault> {
    let (t, workspace) = (&session.words, session.account.workspace);
    let read = state.database.read();
    let connected = connections::find(&read, workspace).await?.is_some();
    let saved = settings::engagement_lists(&read, workspace).await?;
    let teams = teams::list(&read, workspace).await?;
    let pages = booking_pages::list(&read, workspace).await?;
    let cache = engagement_members::find(&read, workspace).await?;
    let tag = tags::find(&read, workspace).await?;
    let latest = runs::list(&read, workspace, Some(RunKind::EngagementLists), RUNS).await?;
    let last_asked = runs::last_asked(&read, workspace, RunKind::EngagementLists).await?;
    let wait = manual_wait(last_asked, state.clock.now());
    let running = latest.first().is_some_and(|run| !run.state.is_over());
    let blank = [GivenRule::default()];
    let rules = if rules.is_empty() { &blank } else { rules };
    let mut inputs = Inputs::new(t, form, rules, &teams, &pages);
    let problems = Problems::place(t, &outcome.problems, inputs.all());
    let (kept, kept_at) = kept(t, cache.as_ref());
    render(&ListsPage {
        connected,
        has_pages: !pages.is_empty(),
        problems,
        failure: outcome.failure,
        loaded: outcome.loaded,
        inputs,
        kept,
        kept_at,
        not_kept: not_kept(t, &saved, cache.as_ref()),
        runs: latest.iter().map(|run| run_line(t, run)).collect(),
        running,
        may_sync: connected && saved.enabled && !running && wait.is_none(),
        wait: wait.map(|allowed| t.fill("lists-next-manual", "when", t.moment(allowed))).unwrap_or_default(),
        tag: tag.map(|tags| TagToPaste { tag: engaging::tag(state, &tags.key), key: tags.key }),
        frame: ConsoleFrame::new(state, session, "engagement-lists", "nav-engagement-lists").await?,
    })
}

fn kept(t: &Words, cache: Option<&EngagementCache>) -> (Vec<String>, String) {
    let Some(cache) = cache else { return (Vec::new(), t.text("lists-none-kept")) };
    let line = |list: &engagement_members::CachedList| {
        t.sentence("lists-kept", [("name", list.name.clone()), ("members", list.members.to_string())])
    };
    let at = t.fill("lists-kept-at", "when", t.moment(cache.refreshed_at));
    (cache.body.lists.iter().map(line).collect(), at)
}

/// What of the saved rules the kept members say nothing about yet.
fn not_kept(t: &Words, saved: &EngagementLists, cache: Option<&EngagementCache>) -> String {
    let Some(cache) = cache.filter(|_| saved.enabled) else { return String::new() };
    if cache.body.business_unit_id != saved.business_unit_id {
        return t.text("lists-other-unit");
    }
    let known = |id: u64| cache.body.lists.iter().any(|list| list.id == id);
    let missing: Vec<String> =
        saved.lists().into_iter().filter(|list| !known(list.id)).map(|list| list.name).collect();
    if missing.is_empty() { String::new() } else { t.fill("lists-not-kept", "names", t.list(missing)) }
}

fn run_line(t: &Words, run: &Run) -> RunLine {
    let counts =
        run.receipt.received.iter().map(|(list, rows)| format!("{list} {}", grouped(&rows.to_string())));
    RunLine {
        when: t.moment(run.requested_at),
        origin: t.word("run-origin", run.origin.name()),
        state: run.state.name(),
        state_word: t.word("run-state", run.state.name()),
        counts: t.list(counts),
        reason: run.reason.as_ref().map(|reason| t.step(reason)).unwrap_or_default(),
    }
}
