//! The list of routers.

use crate::actions::router::context;
use crate::auth::session::SignedIn;
use crate::console::router::loaded::{address, standing};
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::router::check_chart;
use storage::router::{decisions, routers};

/// Decisions of so many days are counted.
const COUNTED_DAYS: i64 = 30;

struct RouterRow {
    address: String,
    name: String,
    slug: String,
    tone: &'static str,
    standing: String,
    changed: String,
    faults: usize,
    decisions: i64,
}

#[derive(Template)]
#[template(path = "console/router/list.html")]
struct RoutersPage {
    frame: ConsoleFrame,
    rows: Vec<RouterRow>,
}

/// Shows it, those that are put away last.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let t = &session.words;
    let workspace = session.account.workspace;
    let read = state.database.read();
    let since = state.clock.now().plus_minutes(-COUNTED_DAYS * 24 * 60);
    let counts = decisions::counts_since(&read, workspace, since).await?;
    let mut routers = routers::list(&read, workspace).await?;
    routers.sort_by_key(|router| router.archived_at.is_some());
    let context = context::find(&state, workspace).await?;
    let rows = routers.into_iter().map(|router| {
        let (tone, standing) = standing(t, &router);
        let count = counts.iter().find(|(id, _)| *id == router.id).map_or(0, |(_, count)| *count);
        RouterRow {
            address: address(&router),
            faults: check_chart(&router.draft, &context).len(),
            tone,
            standing,
            changed: t.date_time(router.updated_at),
            decisions: count,
            name: router.name,
            slug: router.slug,
        }
    });
    render(&RoutersPage {
        rows: rows.collect(),
        frame: ConsoleFrame::new(&state, &session, "routers", "nav-routers").await?,
    })
}
