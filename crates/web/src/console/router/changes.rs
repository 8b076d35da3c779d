//! What a router's buttons do: publish, undo, copy, put away, share.

use crate::actions::router::routers as actions;
use crate::actions::router::{archive as archiving, copy as copying, link as linking};
use crate::auth::posted::SignedForm;
use crate::console::router::editor;
use crate::console::router::loaded::{address, find, is_current, refused};
use crate::http::page_error::PageError;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::router::Router;
use domain::value::FieldProblem;

/// Publishes the draft that was looked at.
pub async fn publish(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let router = find(&state, session, &slug).await?;
    if !is_current(&router, &posted.form) {
        return again(&state, &posted, &router, &[draft_changed()]).await;
    }
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    match actions::publish(&state, workspace, &router, actor).await? {
        Ok(_) => Ok(to(&router, "published")),
        Err(problems) => {
            // The page tells the faults of nodes by itself.
            let of_chart = |problem: &FieldProblem| !problem.field.starts_with("nodes.");
            let told: Vec<FieldProblem> =
                problems.into_iter().filter(of_chart).map(as_draft_changed).collect();
            let router = find(&state, session, &slug).await?;
            again(&state, &posted, &router, &told).await
        }
    }
}

/// Takes the last change of the draft back.
pub async fn undo(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let router = find(&state, session, &slug).await?;
    if !is_current(&router, &posted.form) {
        return again(&state, &posted, &router, &[draft_changed()]).await;
    }
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    match actions::undo(&state, workspace, &router, actor).await? {
        Ok(Some(_)) => Ok(to(&router, "undone")),
        Ok(None) => Ok(to(&router, "nothing-to-undo")),
        Err(_) => again(&state, &posted, &router, &[draft_changed()]).await,
    }
}

/// Copies the draft into a new router.
pub async fn copy(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let router = find(&state, session, &slug).await?;
    let name = session.words.fill("router-copy-name", "name", &router.name);
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    match copying::copy(&state, workspace, &router, &name, actor).await? {
        Ok(copied) => Ok(to(&copied, "created")),
        Err(problems) => again(&state, &posted, &router, &problems).await,
    }
}

/// Puts it away, or takes it out again.
pub async fn archive(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let router = find(&state, session, &slug).await?;
    let is_archived = posted.form.is_on("archived");
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    match archiving::set_archived(&state, workspace, &router, is_archived, actor).await? {
        Ok(()) => Ok(to(&router, if is_archived { "archived" } else { "unarchived" })),
        Err(problems) => again(&state, &posted, &router, &problems).await,
    }
}

/// Makes a new read-only link, or ends the one there is.
pub async fn link(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let router = find(&state, session, &slug).await?;
    let opens = posted.form.text("do") != "end";
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    linking::renew(&state, workspace, &router, opens, actor).await?;
    Ok(to(&router, if opens { "link-made" } else { "link-ended" }))
}

fn to(router: &Router, done: &str) -> Response {
    Redirect::to(&format!("{}?done={done}", address(router))).into_response()
}

/// The problem of a button that was pressed on an older draft.
pub(super) fn draft_changed() -> FieldProblem {
    FieldProblem::new("", "draft-changed")
}

fn as_draft_changed(problem: FieldProblem) -> FieldProblem {
    if problem.code == actions::changed_meanwhile().code { draft_changed() } else { problem }
}

async fn again(
    state: &AppState,
    posted: &SignedForm,
    router: &Router,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let page = editor::page(state, &posted.session, router, &editor::of_router(router), problems).await?;
    Ok(refused(page))
}
