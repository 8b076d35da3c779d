//! How many visitors took which way through the published chart, and how many of them booked (G3).

use crate::actions::router::analytics;
use crate::actions::router::analytics::{DAYS, Visitors};
use crate::actions::router::context;
use crate::auth::session::SignedIn;
use crate::console::router::loaded::{find, frame};
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::flowchart::both_faces::BothFaces;
use crate::ui::flowchart::links::ChartLinks;
use crate::ui::flowchart::lit_path::LitPath;
use crate::ui::flowchart::words::ChartWords;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use storage::router::routers;

struct OutcomeRow {
    outcome: String,
    visitors: u32,
    booked: u32,
    rate: u32,
}

#[derive(Template)]
#[template(path = "console/router/analytics.html")]
struct AnalyticsPage {
    frame: ConsoleFrame,
    days: i64,
    version: u32,
    visitors: u32,
    booked: u32,
    outcomes: Vec<OutcomeRow>,
    faces: BothFaces,
}

/// Shows the published chart with its visitors.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let router = find(&state, &session, &slug).await?;
    let (t, workspace) = (&session.words, session.account.workspace);
    let counted = analytics::count(&state, workspace, &router, Some(router.published)).await?;
    let read = state.database.read();
    let version = routers::find_version(&read, workspace, router.id, router.published).await?;
    let chart = version.map(|version| version.chart).unwrap_or_default();
    let context = context::find(&state, workspace).await?;
    let words = ChartWords { t, chart: &chart, context: &context };
    let texts = counted.exits.into_iter().map(|(exit, visitors)| (exit, visitors.all.to_string()));
    let Visitors { all, booked } = counted.visitors;
    let row = |(kind, visitors): (&str, Visitors)| OutcomeRow {
        outcome: t.word("route-outcome", kind),
        visitors: visitors.all,
        booked: visitors.booked,
        rate: visitors.booked * 100 / visitors.all.max(1),
    };
    render(&AnalyticsPage {
        days: DAYS,
        version: router.published,
        visitors: all,
        booked,
        outcomes: counted.outcomes.into_iter().map(row).collect(),
        faces: BothFaces::new(&words, &ChartLinks::none(), &[], &LitPath::counted(texts.collect())),
        frame: frame(&state, &session, &router, "router-analytics-title").await?,
    })
}
