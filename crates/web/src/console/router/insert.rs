//! Inserting a node on an edge of a chart, or letting the edge lead to a node that is there.

use crate::actions::router::context;
use crate::actions::router::routers as actions;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::router::changes::draft_changed;
use crate::console::router::loaded::{address, find, frame, is_current, refused};
use crate::console::router::node::{change, to_step};
use crate::console::router::node_form::NodeForm;
use crate::console::router::node_inputs::{Offered, target};
use crate::console::router::node_rows::NodeRows;
use crate::console::router::node_typed::{blank, read};
use crate::http::form::Form as Typed;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::flowchart::words::ChartWords;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::Input;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::router::{Chart, ChartContext, EdgeFrom, Exit, Router};
use domain::value::FieldProblem;

/// Every kind of node, in the order in which they are offered.
const KINDS: [&str; 5] = ["condition", "find", "list", "split", "outcome"];

/// A kind of node with what it is for.
struct KindChoice {
    kind: &'static str,
    link: String,
}

#[derive(Template)]
#[template(path = "console/router/insert.html")]
struct InsertPage {
    frame: ConsoleFrame,
    problems: Problems,
    place: String,
    kinds: Vec<KindChoice>,
    action: String,
    version: String,
    from: String,
    exit: String,
    existing: Option<Input>,
}

/// Asks for the kind of the new node; then shows its form.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    session.may_edit()?;
    let router = find(&state, &session, &slug).await?;
    let query = &visitor.query;
    let not_found = session.page_error(PageError::not_found());
    let from = EdgeFrom::parse(query.text("from"), query.text("exit")).ok_or(not_found)?;
    let followed = router.draft.target(&from).map_err(|_| not_found)?.to_owned();
    let context = context::find(&state, session.account.workspace).await?;
    let Some((typed, rows)) = blank(query.text("kind")) else {
        return kinds(&state, &session, &router, &context, &from, &[]).await;
    };
    let (typed, rows) = leading_to(&typed, rows, &followed);
    let form = NodeForm {
        router: &router,
        context: &context,
        id: None,
        from: Some(&from),
        typed: &typed,
        rows: &rows,
        problems: &[],
    };
    form.page(&state, &session).await
}

/// Puts the new node onto the edge.
pub async fn insert(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let (session, typed) = (&posted.session, &posted.form);
    session.may_edit()?;
    let router = find(&state, session, &slug).await?;
    let not_found = session.page_error(PageError::not_found());
    let from = EdgeFrom::parse(typed.text("from"), typed.text("exit")).ok_or(not_found)?;
    let context = context::find(&state, session.account.workspace).await?;
    let mut rows = NodeRows::read(typed);
    let form = |rows, problems| NodeForm {
        router: &router,
        context: &context,
        id: None,
        from: Some(&from),
        typed,
        rows,
        problems,
    };
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
    let mut made = String::new();
    let edit = |chart: &mut Chart| {
        made = chart.insert(&from, node)?;
        Ok(())
    };
    match change(&state, session, &router, edit).await? {
        Ok(saved) => Ok(to_step(&saved, &made, "saved")),
        Err(problem) => Ok(refused(form(&rows, &[problem]).page(&state, session).await?)),
    }
}

/// Lets an edge lead to a node that is there.
pub async fn point(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let (session, typed) = (&posted.session, &posted.form);
    session.may_edit()?;
    let router = find(&state, session, &slug).await?;
    let not_found = session.page_error(PageError::not_found());
    let from = EdgeFrom::parse(typed.text("from"), typed.text("exit")).ok_or(not_found)?;
    let to = typed.text("to");
    let problem = if is_current(&router, typed) {
        match change(&state, session, &router, |chart| chart.point(&from, to)).await? {
            Ok(saved) => return Ok(to_step(&saved, from.names().0, "saved")),
            Err(problem) => problem,
        }
    } else {
        draft_changed()
    };
    if router.draft.target(&from).is_err() {
        return Err(not_found);
    }
    let context = context::find(&state, session.account.workspace).await?;
    Ok(refused(kinds(&state, session, &router, &context, &from, &[problem]).await?))
}

/// A blank node whose exits lead to where the edge led, as nothing is lost then.
fn leading_to(typed: &Typed, mut rows: NodeRows, followed: &str) -> (Typed, NodeRows) {
    let mut pairs = typed.pairs().to_vec();
    for exit in [Exit::Match, Exit::Otherwise, Exit::Error] {
        pairs.push((format!("next.{}", exit.name()), followed.to_owned()));
    }
    for way in &mut rows.ways {
        followed.clone_into(&mut way.next);
    }
    (Typed::of(pairs), rows)
}

async fn kinds(
    state: &AppState,
    session: &SignedIn,
    router: &Router,
    context: &ChartContext,
    from: &EdgeFrom,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let words = ChartWords { t, chart: &router.draft, context };
    let (node, exit) = from.names();
    let base = address(router);
    let place = match from {
        EdgeFrom::Start => t.text("node-insert-first"),
        EdgeFrom::Exit { node: id, exit } => {
            let node = router.draft.nodes.get(id).ok_or(session.page_error(PageError::not_found()))?;
            t.sentence("node-insert-after", [("node", words.title(id)), ("exit", words.exit(node, *exit))])
        }
    };
    let link = |kind: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("from", node).append_pair("exit", &exit).append_pair("kind", kind);
        format!("{base}/insert?{}", query.finish())
    };
    let chosen = router.draft.target(from).unwrap_or_default();
    let existing = target(Offered { words, own: node }, "to", t.text("node-existing"), chosen);
    render(&InsertPage {
        problems: Problems::add(t, problems, []),
        place,
        kinds: KINDS.map(|kind| KindChoice { kind, link: link(kind) }).into(),
        action: format!("{base}/point"),
        version: router.draft_version.to_string(),
        from: node.to_owned(),
        exit: exit.clone(),
        existing: (!router.draft.nodes.is_empty()).then_some(existing),
        frame: frame(state, session, router, "node-insert-title").await?,
    })
}
