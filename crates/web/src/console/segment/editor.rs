//! Making and changing a segment: groups of terms, and how many people they mean.

use crate::actions::segment::count::{Counted, count};
use crate::actions::segment::segment as actions;
use crate::actions::segment::segment::{SegmentInput, SegmentRefusal, SegmentRemoved};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::segment::names::Names;
use crate::console::segment::rows;
use crate::console::segment::rows::GroupRow;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::catalogue::grouped;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::Input;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::segment::{Segment, SegmentCondition, SegmentGroup};
use domain::value::{FieldProblem, SegmentId};
use storage::segment::segments;

/// How many people are meant, in words.
pub(super) struct CountText {
    /// The class of the note around it; empty for a number.
    pub(super) tone: &'static str,
    /// The number of people, or why it is not known.
    pub(super) members: String,
    /// How many of them can be sent mail; empty while it is not known.
    pub(super) mailable: String,
}

#[derive(Template)]
#[template(path = "console/segment/editor.html")]
struct EditorPage {
    frame: ConsoleFrame,
    action: String,
    /// Empty for a new segment.
    id: String,
    version: String,
    problems: Problems,
    name: Input,
    groups: Vec<GroupRow>,
    count: CountText,
}

/// What the editor shows.
struct Edited<'a> {
    segment: Option<&'a Segment>,
    name: String,
    version: String,
    condition: SegmentCondition,
    problems: Vec<FieldProblem>,
}

/// Shows the editor for a new segment.
pub async fn new(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    session.may_edit()?;
    let condition = SegmentCondition { groups: vec![SegmentGroup::default()] };
    let edited = Edited {
        segment: None,
        name: String::new(),
        version: String::new(),
        condition,
        problems: Vec::new(),
    };
    let names = Names::read(&state, session.account.workspace, &session.words).await?;
    page(&state, &session, edited, &names).await
}

/// Shows a segment and how many people it has.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let segment = find(&state, &session, &id).await?;
    shown(&state, &session, &segment, Vec::new()).await
}

/// Makes a segment, or does what a button of the editor asks for.
pub async fn create(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    posted.session.may_edit()?;
    store(&state, &posted.session, &posted.form, None).await
}

/// Changes a segment, or does what a button of the editor asks for.
pub async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    posted.session.may_edit()?;
    let segment = find(&state, &posted.session, &id).await?;
    store(&state, &posted.session, &posted.form, Some(&segment)).await
}

/// Removes a segment that nothing uses.
pub async fn remove(
    State(state): State<AppState>,
    Path(id): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let segment = find(&state, session, &id).await?;
    let actor = session.account.email.as_str();
    match actions::remove(&state, session.account.workspace, segment.id, actor).await? {
        SegmentRemoved::Removed => Ok(Redirect::to("/console/segments?done=removed").into_response()),
        SegmentRemoved::NotFound => Err(session.page_error(PageError::not_found())),
        SegmentRemoved::InUse(names) => {
            let names = session.words.list(names);
            let problem = FieldProblem::new("", "segment-in-use").with("names", names);
            let page = shown(&state, session, &segment, vec![problem]).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

/// A segment of the workspace.
pub(super) async fn find(state: &AppState, session: &SignedIn, id: &str) -> Result<Segment, PageError> {
    let missing = || session.page_error(PageError::not_found());
    let id: SegmentId = id.parse().map_err(|_| missing())?;
    segments::find(&state.database.read(), session.account.workspace, id).await?.ok_or_else(missing)
}

async fn store(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    segment: Option<&Segment>,
) -> Result<Response, PageError> {
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let names = Names::read(state, workspace, &session.words).await?;
    let mut condition = rows::read(form);
    let is_changed = rows::change(&mut condition, form, &names);
    let mut edited = Edited {
        segment,
        name: form.text("name").to_owned(),
        version: form.text("version").to_owned(),
        condition,
        problems: Vec::new(),
    };
    if is_changed {
        return page(state, session, edited, &names).await;
    }
    let input = SegmentInput {
        name: edited.name.clone(),
        condition: edited.condition.clone(),
        seen: segment.map(|segment| form.number("version").unwrap_or(segment.version)),
    };
    match actions::save(state, workspace, segment.map(|segment| segment.id), input, actor).await? {
        Ok(saved) => {
            let done = if segment.is_some() { "saved" } else { "created" };
            Ok(Redirect::to(&format!("/console/segments/{}?done={done}", saved.id)).into_response())
        }
        Err(SegmentRefusal::NotFound) => Err(session.page_error(PageError::not_found())),
        Err(SegmentRefusal::Faults(problems)) => {
            if problems.iter().any(|problem| problem.code == "changed-meanwhile") {
                edited.version = segment.map(|segment| segment.version.to_string()).unwrap_or_default();
            }
            edited.problems = problems;
            let page = page(state, session, edited, &names).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn shown(
    state: &AppState,
    session: &SignedIn,
    segment: &Segment,
    problems: Vec<FieldProblem>,
) -> Result<Response, PageError> {
    let names = Names::read(state, session.account.workspace, &session.words).await?;
    let edited = Edited {
        segment: Some(segment),
        name: segment.name.clone(),
        version: segment.version.to_string(),
        condition: segment.condition.clone(),
        problems,
    };
    page(state, session, edited, &names).await
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    edited: Edited<'_>,
    names: &Names,
) -> Result<Response, PageError> {
    let t = &session.words;
    let own = edited.segment.map(|segment| segment.id);
    let counted = count(state, session.account.workspace, &edited.condition, own).await?;
    let mut problems = edited.problems;
    // A kept segment that can't be asked says so at each place; one that is being written says it when it is saved.
    let is_kept = edited.segment.is_some_and(|segment| segment.condition == edited.condition);
    if let (true, true, Counted::Broken(faults)) = (is_kept, problems.is_empty(), &counted) {
        problems.clone_from(faults);
    }
    let mut groups = rows::rows(t, &edited.condition, names, own);
    let mut name = Input::line(t, "name", t.text("segment-name"), &edited.name).required(true);
    let problems: Vec<FieldProblem> = problems.into_iter().map(to_input_name).collect();
    let inputs = groups.iter_mut().flat_map(|group| {
        let terms = group.terms.iter_mut().flat_map(|term| term.inputs.iter_mut().map(|(_, input)| input));
        terms.chain([&mut group.add])
    });
    let problems = Problems::add(t, &problems, std::iter::once(&mut name).chain(inputs));
    let title = if own.is_some() { "segment-title" } else { "segment-new-title" };
    let frame = ConsoleFrame::new(state, session, "segments", title).await?;
    let frame = match edited.segment {
        Some(segment) => frame.named(segment.name.clone()),
        None => frame,
    };
    let id = own.map(|id| id.to_string()).unwrap_or_default();
    render(&EditorPage {
        action: format!("/console/segments/{}", if id.is_empty() { "new" } else { &id }),
        version: edited.version,
        problems,
        name,
        groups,
        count: count_text(session, &counted),
        id,
        frame,
    })
}

/// What is known of a number, in words.
pub(super) fn count_text(session: &SignedIn, counted: &Counted) -> CountText {
    let t = &session.words;
    let number = |count: u64| grouped(&count.to_string()).into_owned();
    match counted {
        Counted::Known(count) => CountText {
            tone: "",
            members: t.fill("segment-count", "count", number(count.members)),
            mailable: t.fill("segment-mailable", "count", number(count.mailable)),
        },
        Counted::Preparing => {
            CountText { tone: "note", members: t.text("segment-count-preparing"), mailable: String::new() }
        }
        Counted::Broken(_) => {
            CountText { tone: "note warn", members: t.text("segment-count-unknown"), mailable: String::new() }
        }
    }
}

/// Faults are shown at inputs: what a field can't be changed of stands at the first one of its term.
fn to_input_name(mut problem: FieldProblem) -> FieldProblem {
    if let Some(term) = problem.field.strip_suffix(".field") {
        problem.field = format!("{term}.operator");
    } else if let Some(group) = problem.field.strip_suffix(".all").and_then(|at| at.strip_prefix("any")) {
        problem.field = format!("add{group}");
    } else if problem.field == "any" {
        problem.field = "add[0]".to_owned();
    }
    problem
}
