//! Which decisions of the last 90 days would have gone elsewhere with the draft (G7).

use crate::actions::router::backtest::{ChangedDecision, DAYS};
use crate::actions::router::{backtest, context};
use crate::auth::session::SignedIn;
use crate::console::router::loaded::{address, find, frame};
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::flowchart::words::ChartWords;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::router::Chart;

struct ChangedRow {
    address: String,
    visitor: String,
    when: String,
    was: String,
    would_be: String,
    is_unsure: bool,
}

#[derive(Template)]
#[template(path = "console/router/backtest.html")]
struct BacktestPage {
    frame: ConsoleFrame,
    summary: String,
    unsure: usize,
    decisions: usize,
    rows: Vec<ChangedRow>,
}

/// Runs the draft over the decisions.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let router = find(&state, &session, &slug).await?;
    let t = &session.words;
    let found = backtest::run(&state, session.account.workspace, &router).await?;
    let context = context::find(&state, session.account.workspace).await?;
    let words = ChartWords { t, chart: &Chart::default(), context: &context };
    let row = |one: &ChangedDecision| ChangedRow {
        address: format!("{}/decisions/{}", address(&router), one.decision),
        visitor: if one.email.is_empty() { t.text("router-visitor-unknown") } else { one.email.clone() },
        when: t.date_time(one.at),
        was: words.outcome(&one.was),
        would_be: words.outcome(&one.would_be),
        is_unsure: one.is_unsure,
    };
    let counts = [
        ("days", DAYS.to_string()),
        ("decisions", found.decisions.to_string()),
        ("changed", found.changed.to_string()),
    ];
    render(&BacktestPage {
        summary: t.sentence("router-backtest-summary", counts),
        unsure: found.unsure,
        decisions: found.decisions,
        rows: found.listed.iter().map(row).collect(),
        frame: frame(&state, &session, &router, "router-backtest-title").await?,
    })
}
