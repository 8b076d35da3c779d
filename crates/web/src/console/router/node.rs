//! One node of a router's chart: seen, changed, moved and taken out.

use crate::actions::router::context;
use crate::actions::router::routers as actions;
use crate::actions::router::routers::RouterInput;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::router::changes::draft_changed;
use crate::console::router::loaded::{address, find, gone, is_current, refused};
use crate::console::router::node_form::{NodeForm, read_edge};
use crate::console::router::node_rows::NodeRows;
use crate::console::router::node_typed::{of_node, read};
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::flowchart::links::step_link;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::router::{Chart, ChartEditError, Exit, Router};
use domain::value::FieldProblem;

/// Shows a node's form.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let router = find(&state, &session, &slug).await?;
    stored(&state, &session, &router, &id, &[]).await
}

/// Saves a node, or does what a button of its rows asks for.
pub async fn save(
    State(state): State<AppState>,
    Path((slug, id)): Path<(String, String)>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let (session, typed) = (&posted.session, &posted.form);
    session.may_edit()?;
    let router = find(&state, session, &slug).await?;
    let context = context::find(&state, session.account.workspace).await?;
    let mut rows = NodeRows::read(typed);
    let form = |rows, problems| NodeForm {
        router: &router,
        context: &context,
        id: Some(id.as_str()).filter(|id| router.draft.nodes.contains_key(*id)),
        from: None,
        typed,
        rows,
        problems,
    };
    if !router.draft.nodes.contains_key(&id) && is_current(&router, typed) {
        return Err(session.page_error(PageError::not_found()));
    }
    if rows.change(typed.text("do")) {
        return form(&rows, &[]).page(&state, session).await;
    }
    let mut problems = Vec::new();
    if !is_current(&router, typed) {
        problems.push(actions::changed_meanwhile());
    }
    let node = read(typed, &rows, &router.draft).map_err(|found| problems.extend(found));
    let (Ok(node), true) = (node, problems.is_empty()) else {
        return Ok(refused(form(&rows, &problems).page(&state, session).await?));
    };
    match change(&state, session, &router, |chart| chart.replace(&id, node)).await? {
        Ok(saved) => Ok(to_step(&saved, &id, "saved")),
        Err(problem) => Ok(refused(form(&rows, &[problem]).page(&state, session).await?)),
    }
}

/// Takes a node out; one of its exits takes its place.
pub async fn remove(
    State(state): State<AppState>,
    Path((slug, id)): Path<(String, String)>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let heir = Exit::from_name(posted.form.text("heir"));
    rearrange(&state, &slug, &id, &posted, "removed", |chart, id| chart.remove(id, heir)).await
}

/// Moves a node to another edge.
pub async fn relocate(
    State(state): State<AppState>,
    Path((slug, id)): Path<(String, String)>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let place = read_edge(posted.form.text("place"));
    rearrange(&state, &slug, &id, &posted, "saved", |chart, id| match &place {
        Some(place) => chart.relocate(id, place),
        None => Err(ChartEditError::NoSuchNode(String::new())),
    })
    .await
}

async fn rearrange(
    state: &AppState,
    slug: &str,
    id: &str,
    posted: &SignedForm,
    done: &str,
    edit: impl FnOnce(&mut Chart, &str) -> Result<(), ChartEditError>,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let router = find(state, session, slug).await?;
    if !router.draft.nodes.contains_key(id) {
        return Err(session.page_error(PageError::not_found()));
    }
    if !is_current(&router, &posted.form) {
        return Ok(refused(stored(state, session, &router, id, &[draft_changed()]).await?));
    }
    match change(state, session, &router, |chart| edit(chart, id)).await? {
        Ok(saved) => Ok(to_step(&saved, id, done)),
        Err(problem) => Ok(refused(stored(state, session, &router, id, &[problem]).await?)),
    }
}

/// A node's form with what the chart holds.
async fn stored(
    state: &AppState,
    session: &SignedIn,
    router: &Router,
    id: &str,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let node = router.draft.nodes.get(id).ok_or(session.page_error(PageError::not_found()))?;
    let context = context::find(state, session.account.workspace).await?;
    let (typed, rows) = (of_node(node), NodeRows::of_node(node));
    let form = NodeForm {
        router,
        context: &context,
        id: Some(id),
        from: None,
        typed: &typed,
        rows: &rows,
        problems,
    };
    form.page(state, session).await
}

/// Changes the draft and saves it; a problem if it can't be changed so.
pub(super) async fn change(
    state: &AppState,
    session: &SignedIn,
    router: &Router,
    edit: impl FnOnce(&mut Chart) -> Result<(), ChartEditError>,
) -> Result<Result<Router, FieldProblem>, PageError> {
    let mut chart = router.draft.clone();
    match edit(&mut chart) {
        Ok(()) => {}
        Err(ChartEditError::TooManyNodes) => {
            let problem = FieldProblem::new("", "too-many").with("max", domain::router::MAX_NODES);
            return Ok(Err(problem));
        }
        Err(_) => return Ok(Err(gone())),
    }
    let input = RouterInput { slug: router.slug.clone(), name: router.name.clone(), chart };
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let saved = actions::save(state, workspace, Some(router), input, actor).await?;
    Ok(saved.map_err(|problems| problems.into_iter().next().unwrap_or_else(gone)))
}

/// Back to the chart, at a node.
pub(super) fn to_step(router: &Router, id: &str, done: &str) -> Response {
    let place = if router.draft.nodes.contains_key(id) { step_link(id) } else { String::new() };
    Redirect::to(&format!("{}?done={done}{place}", address(router))).into_response()
}
