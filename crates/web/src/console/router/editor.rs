//! A router's chart: its picture and its outline, its faults, and what can be done with it (G1, G3).

use crate::actions::router::routers as actions;
use crate::actions::router::routers::RouterInput;
use crate::actions::router::{context, link};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::router::difference;
use crate::console::router::difference::DifferenceLine;
use crate::console::router::loaded::{address, find, gone, is_current, refused, standing};
use crate::http::form::Form as Typed;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::catalogue;
use crate::ui::flowchart::both_faces::BothFaces;
use crate::ui::flowchart::links::{ChartLinks, step_link};
use crate::ui::flowchart::lit_path::LitPath;
use crate::ui::flowchart::words::ChartWords;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::router::{EdgeFrom, NodeFault, Router, check_chart};
use domain::value::FieldProblem;
use storage::router::{drafts, routers};

/// Faults that stand above the chart at once.
const FIRST_FAULTS: usize = 8;

/// A fault of the chart with the node where it is.
struct FaultLine {
    link: String,
    title: String,
    text: String,
}

/// The read-only link.
struct SharedLink {
    address: String,
    until: String,
}

#[derive(Template)]
#[template(path = "console/router/editor.html")]
struct EditorPage {
    frame: ConsoleFrame,
    base: String,
    version: String,
    problems: Problems,
    faults: Vec<FaultLine>,
    /// Those beyond the first ones, which would push the chart out of sight.
    more_faults: Vec<FaultLine>,
    faces: BothFaces,
    /// What the draft changes in the published version.
    differences: Vec<DifferenceLine>,
    published: u32,
    /// Where visitors find the router as a page of its own.
    public_address: String,
    is_archived: bool,
    /// Who made the last change, and when; empty if there is nothing to undo.
    undo: String,
    inputs: Vec<Input>,
    shared: Option<SharedLink>,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let router = find(&state, &session, &slug).await?;
    page(&state, &session, &router, &of_router(&router), &[]).await
}

/// Saves its name, its address and where it begins.
pub async fn save(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let (session, typed) = (&posted.session, &posted.form);
    session.may_edit()?;
    let router = find(&state, session, &slug).await?;
    if !is_current(&router, typed) {
        let problem = actions::changed_meanwhile();
        return Ok(refused(page(&state, session, &router, typed, &[problem]).await?));
    }
    let mut chart = router.draft.clone();
    if typed.find("start").is_some() && chart.point(&EdgeFrom::Start, typed.text("start")).is_err() {
        return Ok(refused(page(&state, session, &router, typed, &[gone()]).await?));
    }
    let input =
        RouterInput { slug: typed.text("slug").to_owned(), name: typed.text("name").to_owned(), chart };
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    match actions::save(&state, workspace, Some(&router), input, actor).await? {
        Ok(saved) => Ok(Redirect::to(&format!("{}?done=saved", address(&saved))).into_response()),
        Err(problems) => Ok(refused(page(&state, session, &router, typed, &problems).await?)),
    }
}

/// The inputs' names with what the router holds.
pub(super) fn of_router(router: &Router) -> Typed {
    Typed::of([
        ("name", router.name.clone()),
        ("slug", router.slug.clone()),
        ("start", router.draft.start.clone()),
    ])
}

/// The page, with what was wrong with what was sent.
pub(super) async fn page(
    state: &AppState,
    session: &SignedIn,
    router: &Router,
    typed: &Typed,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let workspace = session.account.workspace;
    let read = state.database.read();
    let context = context::find(state, workspace).await?;
    let words = ChartWords { t, chart: &router.draft, context: &context };
    let base = address(router);
    let found = check_chart(&router.draft, &context);
    let links = ChartLinks::editing(&base, session.account.role.may_edit());
    let mut inputs = inputs(&words, typed);
    let summary = Problems::add(t, problems, &mut inputs);
    let published = routers::find_version(&read, workspace, router.id, router.published).await?;
    let differences = published.as_ref().map(|version| {
        let before = ChartWords { chart: &version.chart, ..words };
        difference::lines(&before, &words)
    });
    let undo = drafts::find_latest(&read, workspace, router.id).await?.map(|former| {
        let by = catalogue::actor(t.language, &former.replaced_by);
        t.sentence("router-undo-text", [("by", by), ("when", t.date_time(former.replaced_at))])
    });
    let public_url = state.settings.public_url.as_str().trim_end_matches('/');
    let shared = link::token(state, workspace, router)?.map(|token| SharedLink {
        address: format!("{public_url}/routers/{token}"),
        until: router.link.until.map(|until| t.date_time(until)).unwrap_or_default(),
    });
    let (tone, word) = standing(t, router);
    let line = |fault: &NodeFault| FaultLine {
        link: if fault.node.is_empty() { String::new() } else { step_link(&fault.node) },
        title: if fault.node.is_empty() { String::new() } else { words.title(&fault.node) },
        text: words.fault(&fault.fault),
    };
    let mut faults: Vec<FaultLine> = found.iter().map(line).collect();
    let more_faults = faults.split_off(faults.len().min(FIRST_FAULTS));
    render(&EditorPage {
        version: router.draft_version.to_string(),
        problems: summary,
        faults,
        more_faults,
        faces: BothFaces::new(&words, &links, &found, &LitPath::default()),
        differences: differences.unwrap_or_default(),
        published: router.published,
        public_address: format!("{public_url}/r/{}", router.slug),
        is_archived: router.archived_at.is_some(),
        undo: undo.unwrap_or_default(),
        inputs,
        shared,
        base,
        frame: ConsoleFrame::new(state, session, "routers", "router-edit-title")
            .await?
            .named(&router.name)
            .standing(tone, word),
    })
}

fn inputs(words: &ChartWords<'_>, typed: &Typed) -> Vec<Input> {
    let t = words.t;
    let line = |name: &str, label: &str| Input::line(t, name, t.text(label), typed.text(name));
    let mut inputs = vec![
        line("name", "router-name").required(true),
        line("slug", "router-slug").medium().required(true).hint(t.text("router-slug-hint")),
    ];
    if !words.chart.nodes.is_empty() {
        let mut nodes = vec![(String::new(), t.text("route-leads-nowhere"))];
        nodes.extend(words.chart.nodes.keys().map(|id| (id.clone(), words.title(id))));
        let chosen = [typed.text("start").to_owned()];
        inputs.push(line("start", "router-start").choices(Control::Select, nodes, &chosen));
    }
    inputs
}
