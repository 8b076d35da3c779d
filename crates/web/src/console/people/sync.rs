//! The sync of people: how it stands, starting and stopping it, and what keeps people from being synced (S5, S11).

use crate::actions::people::sync;
use crate::actions::people::sync::StartRefusal;
use crate::actions::run::request_run;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::people::preview::{Summary, cause};
use crate::console::run_refusal::run_refusal_text;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::run_list::{Progress, RunLine, progress, run_lines};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::people::{PeopleReview, PeopleSync, PeopleSyncStart, PersonFields};
use domain::run::RunKind;
use domain::value::PersonId;
use std::collections::BTreeMap;
use storage::org::connections;
use storage::people::faults::SyncFault;
use storage::people::{faults, links, listeners, person};
use storage::run::runs;
use storage::workspace::settings;

const RUNS: u32 = 5;
/// People with an error that the page names; the API has all of them.
const FAULTS: u32 = 100;

struct FaultLine {
    person: String,
    address: String,
    field: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "console/people/sync.html")]
struct SyncPage {
    frame: ConsoleFrame,
    connected: bool,
    is_on: bool,
    is_email_mapped: bool,
    every: String,
    failure: String,
    /// How many people stand how.
    counts: Vec<(&'static str, u64)>,
    people: u64,
    waiting: u64,
    causes: Vec<(String, u64)>,
    faults: Vec<FaultLine>,
    is_held: bool,
    /// How changes are heard of, and what the org said where something is wrong.
    listening: Option<(&'static str, String)>,
    preview: Option<Summary>,
    runs: Vec<RunLine>,
    progress: Option<Progress>,
    may_run: bool,
}

/// Shows it.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    page(&state, &session, String::new()).await
}

/// Switches it on, with all records or with what changes from now on.
pub async fn start(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let mode = match posted.form.text("mode") {
        "everything" => PeopleSyncStart::Everything,
        _ => PeopleSyncStart::FromNow,
    };
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let failure = match sync::start(&state, workspace, mode, actor).await? {
        Ok(_) => return Ok(Redirect::to("/console/people/sync?done=people-sync-started").into_response()),
        Err(StartRefusal::NotConnected) => session.words.text("failure-not-connected"),
        Err(StartRefusal::EmailUnmapped) => session.words.text("step-people-email-unmapped"),
    };
    let page = page(&state, session, failure).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Switches it off.
pub async fn stop(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    sync::stop(&state, session.account.workspace, session.account.email.as_str()).await?;
    Ok(Redirect::to("/console/people/sync?done=people-sync-stopped").into_response())
}

/// Syncs now.
pub async fn run(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let Err(refusal) = request_run(&state, workspace, RunKind::PeopleSync, actor).await? else {
        return Ok(Redirect::to("/console/people/sync?done=sync-asked").into_response());
    };
    let failure = run_refusal_text(&session.words, RunKind::PeopleSync, refusal);
    let page = page(&state, session, failure).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

async fn page(state: &AppState, session: &SignedIn, failure: String) -> Result<Response, PageError> {
    let t = &session.words;
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let found = settings::find::<PeopleSync>(&read, workspace).await?;
    let fields = settings::find::<PersonFields>(&read, workspace).await?;
    let connected = connections::find(&read, workspace).await?.is_some();
    let (people, waiting) = person::count(&read, workspace).await?;
    let counts = links::count_by_state(&read, workspace).await?;
    let known = faults::list(&read, workspace, "", ("", ""), FAULTS).await?;
    let causes = faults::count_by_code(&read, workspace).await?;
    let review = settings::find::<PeopleReview>(&read, workspace).await?;
    let ids: Vec<PersonId> = known.iter().map(|fault| fault.person).collect();
    let named: BTreeMap<PersonId, String> = person::find_many(&read, workspace, &ids)
        .await?
        .iter()
        .map(|person| (person.id, super::list::name_of(person)))
        .collect();
    let latest = runs::list(&read, workspace, Some(RunKind::PeopleSync), RUNS).await?;
    let running = latest.first().is_some_and(|run| !run.state.is_over());
    render(&SyncPage {
        connected,
        is_on: found.enabled,
        is_email_mapped: fields.is_email_mapped(),
        every: t.fill("people-sync-every", "minutes", found.interval_minutes),
        failure,
        counts: counts.into_iter().map(|(state, count)| (state.name(), count)).collect(),
        people,
        waiting,
        causes: causes.iter().map(|(code, count)| (cause(t, code), *count)).collect(),
        is_held: review.is_held,
        listening: listeners::find(&read, workspace).await?.map(|found| (found.state.name(), found.reason)),
        preview: Summary::of(t, &review),
        faults: known.iter().map(|fault| fault_line(t, &fields, &named, fault)).collect(),
        progress: progress(t, &latest),
        runs: run_lines(t, &latest),
        may_run: connected && found.enabled && !running,
        frame: ConsoleFrame::new(state, session, "people", "people-sync-title").await?,
    })
}

fn fault_line(
    t: &Translator,
    fields: &PersonFields,
    named: &BTreeMap<PersonId, String>,
    fault: &SyncFault,
) -> FaultLine {
    FaultLine {
        person: named.get(&fault.person).cloned().unwrap_or_default(),
        address: format!("/console/people/{}", fault.person),
        field: fields.find(&fault.field).map(|field| super::person::label(t, field)).unwrap_or_default(),
        reason: t.step(&fault.reason),
    }
}
