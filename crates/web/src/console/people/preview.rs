//! What the sync of people would do, before it does it: numbers, reasons, and every line of it.

use crate::actions::people::sync;
use crate::actions::people::sync::StartRefusal;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::listing::{Answer, Cell, List, ListRow, ListView, Loaded, respond};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::list::{Column, Direction, Filter, FilterKind, Request, Spec};
use domain::people::{PeopleReview, PeopleSync, PersonFields, PreviewAction, PreviewLine};
use domain::run::RunKind;
use domain::value::Step;
use storage::people::previews;
use storage::run::runs;
use storage::workspace::settings;

const PATH: &str = "/console/people/sync/preview";

/// The numbers of a preview.
pub(super) struct Summary {
    pub(super) at: String,
    /// Actions that would be done: word and number.
    pub(super) counts: Vec<(&'static str, u64)>,
    pub(super) conflicts: u64,
    /// Why people are skipped, most frequent first.
    pub(super) reasons: Vec<(String, u64)>,
    pub(super) changing: String,
}

impl Summary {
    /// The last preview; `None` before the first one.
    pub(super) fn of(t: &Translator, review: &PeopleReview) -> Option<Self> {
        let preview = review.preview.as_ref()?;
        let count = |action: PreviewAction| {
            (action.name(), preview.counts.get(action.name()).copied().unwrap_or_default())
        };
        let mut reasons: Vec<(String, u64)> =
            preview.reasons.iter().map(|(code, count)| (cause(t, code), *count)).collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let numbers = [("changing", preview.changing.to_string()), ("people", preview.people.to_string())];
        Some(Self {
            at: preview.at.map(|at| t.date_time(at)).unwrap_or_default(),
            counts: PreviewAction::ALL.map(count).to_vec(),
            conflicts: preview.conflicts,
            reasons,
            changing: t.sentence("people-preview-changing", numbers),
        })
    }
}

/// A cause in a few words, by the code of its step.
pub(super) fn cause(t: &Translator, code: &str) -> String {
    t.word("people-cause", code.strip_prefix("people-").unwrap_or(code))
}

#[derive(Template)]
#[template(path = "console/people/preview.html")]
struct PreviewPage {
    frame: ConsoleFrame,
    failure: String,
    is_on: bool,
    is_held: bool,
    is_being_made: bool,
    summary: Option<Summary>,
    list: Box<ListView>,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    page(&state, &session, &visitor, String::new()).await
}

/// Has the next run make one.
pub async fn make(
    State(state): State<AppState>,
    visitor: RequestLanguage,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let failure = match sync::preview(&state, workspace, actor).await? {
        Ok(()) => return Ok(Redirect::to(&format!("{PATH}?done=people-preview-asked")).into_response()),
        Err(StartRefusal::NotConnected) => session.words.text("failure-not-connected"),
        Err(StartRefusal::EmailUnmapped) => session.words.text("step-people-email-unmapped"),
    };
    let page = page(&state, session, &visitor, failure).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Lets a run that was held go on.
pub async fn confirm(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    sync::confirm(&state, session.account.workspace, session.account.email.as_str()).await?;
    Ok(Redirect::to("/console/people/sync?done=people-confirmed").into_response())
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    visitor: &RequestLanguage,
    failure: String,
) -> Result<Response, PageError> {
    let list = match respond::<PreviewList>(state, session, visitor).await? {
        Answer::File(file) => return Ok(file),
        Answer::Shown(list) => list,
    };
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let review = settings::find::<PeopleReview>(&read, workspace).await?;
    let sync = settings::find::<PeopleSync>(&read, workspace).await?;
    let latest = runs::list(&read, workspace, Some(RunKind::PeopleSync), 1).await?;
    let is_running = latest.first().is_some_and(|run| !run.state.is_over());
    render(&PreviewPage {
        failure,
        is_on: sync.enabled,
        is_held: review.is_held,
        is_being_made: review.is_wanted && is_running,
        summary: Summary::of(&session.words, &review),
        list,
        frame: ConsoleFrame::new(state, session, "people", "people-preview-title").await?,
    })
}

/// The lines.
pub struct PreviewList;

impl List for PreviewList {
    const SPEC: Spec = Spec {
        name: "people-preview",
        path: PATH,
        tabs: &[],
        columns: &[
            Column::shown("person-email"),
            Column::shown("preview-action"),
            Column::shown("preview-fields"),
            Column::shown("preview-record"),
            Column::shown("preview-reason"),
        ],
        filters: &[Filter {
            key: "preview",
            kind: FilterKind::Words(&["create_here", "update_here", "create_there", "update_there", "skip"]),
        }],
        sort: ("person-email", Direction::Ascending),
        searches: false,
        watched: "runs",
    };

    async fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        limit: u32,
    ) -> Result<Loaded, PageError> {
        let (read, workspace) = (state.database.read(), session.account.workspace);
        let action = request.filter("preview").and_then(PreviewAction::parse);
        let found = previews::select(&read, workspace, action, &request.position, limit).await?;
        let fields = settings::find::<PersonFields>(&read, workspace).await?;
        let t = &session.words;
        Ok(Loaded::of(found, |line| row(t, &fields, &line)))
    }
}

fn row(t: &Translator, fields: &PersonFields, line: &PreviewLine) -> ListRow {
    let label = |name: &String| match fields.find(name) {
        Some(field) => super::person::label(t, field),
        None => name.clone(),
    };
    let reason = line.reason.as_ref().map(|reason: &Step| t.step(reason)).unwrap_or_default();
    let action = line.action.name();
    ListRow {
        id: String::new(),
        address: String::new(),
        is_marked: false,
        cells: vec![
            ("person-email", Cell::text(line.email.as_str())),
            ("preview-action", Cell::chips(vec![(action, t.word("filter-preview", action))])),
            ("preview-fields", Cell::text(t.list(line.fields.iter().map(label)))),
            ("preview-record", Cell::code(line.record_id.clone())),
            ("preview-reason", Cell::text(reason)),
        ],
    }
}
