//! A router's published versions: who published what, what differs, and how one becomes the draft again (G3).

use crate::actions::router::{context, routers as actions};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::router::changes::draft_changed;
use crate::console::router::difference;
use crate::console::router::difference::DifferenceLine;
use crate::console::router::loaded::{address, find, frame, is_current, refused};
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::catalogue;
use crate::ui::flowchart::both_faces::BothFaces;
use crate::ui::flowchart::links::ChartLinks;
use crate::ui::flowchart::lit_path::LitPath;
use crate::ui::flowchart::words::ChartWords;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::router::{Chart, Router, RouterVersion};
use storage::router::routers;

/// Versions that are listed.
const MAX_VERSIONS: u32 = 200;
/// The word for the draft in place of a version's number.
const DRAFT: &str = "draft";

struct VersionRow {
    number: u32,
    address: String,
    when: String,
    by: String,
    nodes: usize,
    /// What it changed in the version before; the number of nodes.
    changed: usize,
    decides: bool,
}

#[derive(Template)]
#[template(path = "console/router/versions.html")]
struct VersionsPage {
    frame: ConsoleFrame,
    base: String,
    problems: Problems,
    version: String,
    rows: Vec<VersionRow>,
    compared: Vec<Input>,
    /// What differs between the two that are compared; `None` if nobody has asked.
    differences: Option<Vec<DifferenceLine>>,
}

#[derive(Template)]
#[template(path = "console/router/version.html")]
struct VersionPage {
    frame: ConsoleFrame,
    base: String,
    version: String,
    number: u32,
    about: String,
    faces: BothFaces,
}

/// Lists them, and compares two.
pub async fn list(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let router = find(&state, &session, &slug).await?;
    let (from, to) = (visitor.query.text("from"), visitor.query.text("to"));
    page(&state, &session, &router, (from, to), false).await
}

/// Shows one as it was published.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path((slug, number)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let router = find(&state, &session, &slug).await?;
    let found = version(&state, &session, &router, &number).await?;
    let t = &session.words;
    let context = context::find(&state, session.account.workspace).await?;
    let words = ChartWords { t, chart: &found.chart, context: &context };
    let by = catalogue::actor(t.language, &found.published_by);
    let title = t.fill("router-version", "version", found.version);
    let frame = frame(&state, &session, &router, "router-versions-title").await?;
    let frame = frame.under(t.text("router-versions-title"), format!("{}/versions", address(&router)));
    render(&VersionPage {
        base: address(&router),
        version: router.draft_version.to_string(),
        number: found.version,
        about: t.sentence("router-version-about", [("by", by), ("when", t.date_time(found.published_at))]),
        faces: BothFaces::new(&words, &ChartLinks::none(), &[], &LitPath::default()),
        frame: match found.version == router.published {
            true => frame.named(title).standing("good", t.text("router-version-decides")),
            false => frame.named(title),
        },
    })
}

/// Makes one the draft again.
pub async fn restore(
    State(state): State<AppState>,
    Path((slug, number)): Path<(String, String)>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let router = find(&state, session, &slug).await?;
    let found = version(&state, session, &router, &number).await?;
    if !is_current(&router, &posted.form) {
        return Ok(refused(page(&state, session, &router, ("", ""), true).await?));
    }
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    match actions::restore(&state, workspace, &router, found, actor).await? {
        Ok(restored) => Ok(Redirect::to(&format!("{}?done=restored", address(&restored))).into_response()),
        Err(_) => Ok(refused(page(&state, session, &router, ("", ""), true).await?)),
    }
}

async fn version(
    state: &AppState,
    session: &SignedIn,
    router: &Router,
    number: &str,
) -> Result<RouterVersion, PageError> {
    let not_found = session.page_error(PageError::not_found());
    let number = number.parse().map_err(|_| not_found)?;
    let read = state.database.read();
    let found = routers::find_version(&read, session.account.workspace, router.id, number).await?;
    found.ok_or(not_found)
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    router: &Router,
    (from, to): (&str, &str),
    is_told: bool,
) -> Result<Response, PageError> {
    let t = &session.words;
    let workspace = session.account.workspace;
    let versions = routers::versions(&state.database.read(), workspace, router.id, MAX_VERSIONS).await?;
    let context = context::find(state, workspace).await?;
    let words = |chart| ChartWords { t, chart, context: &context };
    let base = address(router);
    let rows = versions.iter().enumerate().map(|(place, one)| VersionRow {
        number: one.version,
        address: format!("{base}/versions/{}", one.version),
        when: t.date_time(one.published_at),
        by: catalogue::actor(t.language, &one.published_by),
        nodes: one.chart.nodes.len(),
        changed: (versions.get(place + 1))
            .map_or(0, |before| difference::lines(&words(&before.chart), &words(&one.chart)).len()),
        decides: one.version == router.published,
    });
    let chart = |name: &str| -> Option<&Chart> {
        if name == DRAFT {
            return Some(&router.draft);
        }
        versions.iter().find(|one| one.version.to_string() == name).map(|one| &one.chart)
    };
    let differences = match (chart(from), chart(to)) {
        (Some(before), Some(after)) => Some(difference::lines(&words(before), &words(after))),
        _ => None,
    };
    let mut problems = Problems::none(t);
    if is_told {
        problems = problems.and(t.problem(&draft_changed()));
    }
    render(&VersionsPage {
        problems,
        version: router.draft_version.to_string(),
        rows: rows.collect(),
        compared: compared(session, router, &versions, (from, to)),
        differences,
        base,
        frame: frame(state, session, router, "router-versions-title").await?,
    })
}

/// The two that are compared; without a choice the version that decides, and the draft.
fn compared(
    session: &SignedIn,
    router: &Router,
    versions: &[RouterVersion],
    (from, to): (&str, &str),
) -> Vec<Input> {
    let t = &session.words;
    let mut offered = vec![(DRAFT.to_owned(), t.text("router-is-draft"))];
    offered.extend(
        versions
            .iter()
            .map(|one| (one.version.to_string(), t.fill("router-version", "version", one.version))),
    );
    let choice = |name: &str, label: &str, chosen: &str, usual: String| {
        let chosen = if chosen.is_empty() { usual } else { chosen.to_owned() };
        Input::line(t, name, t.text(label), "").medium().choices(Control::Select, offered.clone(), &[chosen])
    };
    vec![
        choice("from", "router-compare-from", from, router.published.to_string()),
        choice("to", "router-compare-to", to, DRAFT.to_owned()),
    ]
}
