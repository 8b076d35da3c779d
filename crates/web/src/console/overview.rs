//! The first page of the console: the connection, what is under way, what comes next.

use crate::auth::session::SignedIn;
use crate::console::overview_charts::charts;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::catalogue::grouped;
use crate::text::translator::Translator;
use crate::ui::chart::Chart;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::delivery::{DeliveryState, SalesforceSettings};
use domain::list::{Direction, Position};
use domain::run::{RunKind, RunState};
use storage::booking::{bookings, pages};
use storage::delivery::deliveries;
use storage::org::connections::{ApiUsage, Connection};
use storage::org::{api_calls, connections};
use storage::run::runs;
use storage::run::runs::RunFilter;
use storage::workspace::settings;

/// Today's API calls, ours and the org's (C9).
pub struct Calls {
    /// Ours, by feature.
    pub ours: Vec<(String, String)>,
    /// What the org counted, of how many it allows, and the sentence that says so.
    pub org: Option<(i64, i64, String)>,
}

struct NextStep {
    key: &'static str,
    address: String,
    done: bool,
}

struct Recent {
    address: String,
    when: String,
    who: String,
    title: String,
}

#[derive(Template)]
#[template(path = "console/overview.html")]
struct OverviewPage {
    frame: ConsoleFrame,
    connection: Option<Connection>,
    connected_at: String,
    counts: Vec<(&'static str, i64)>,
    next: Vec<NextStep>,
    to_do: bool,
    recent: Vec<Recent>,
    calls: Calls,
    charts: Vec<Chart>,
    fresh: Vec<(String, String, String)>,
    held: i64,
}

/// Shows it.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let read = state.database.read();
    let workspace = session.account.workspace;
    let t = &session.words;
    let connection = connections::find(&read, workspace).await?;
    let counted = deliveries::count_by_state(&read, workspace).await?;
    let count = |state: DeliveryState| counted.iter().find(|(one, _)| *one == state).map_or(0, |(_, n)| *n);
    let pages = pages::list(&read, workspace).await?;
    let settings = settings::find::<SalesforceSettings>(&read, workspace).await?;
    let latest = bookings::list(&read, workspace, None, 5).await?;
    let does_something = settings.todo.enabled
        || settings.campaign.enabled
        || pages.iter().any(|page| page.salesforce.writes_records());
    let trial =
        pages.first().map_or_else(|| "/console/pages".to_owned(), |page| format!("/b/{}", page.path()));
    let next = vec![
        NextStep { key: "connect", address: "/console/connection".to_owned(), done: connection.is_some() },
        NextStep { key: "page", address: "/console/pages".to_owned(), done: !pages.is_empty() },
        NextStep { key: "settings", address: "/console/settings".to_owned(), done: does_something },
        NextStep { key: "book", address: trial, done: !latest.is_empty() },
    ];
    let recent = latest.iter().map(|booking| Recent {
        address: format!("/console/bookings/{}", booking.id),
        when: t.date_time(booking.start),
        who: booking.attendee.name.display(booking.language),
        title: booking.title.clone(),
    });
    render(&OverviewPage {
        recent: recent.collect(),
        connected_at: connection.as_ref().map(|one| t.date_time(one.connected_at)).unwrap_or_default(),
        calls: calls(&state, &session, connection.as_ref()).await?,
        charts: charts(&state, &session).await?,
        fresh: freshness(&state, &session).await?,
        counts: DeliveryState::ALL.into_iter().map(|state| (state.name(), count(state))).collect(),
        held: count(DeliveryState::Held),
        to_do: next.iter().any(|step| !step.done),
        next,
        connection,
        frame: ConsoleFrame::new(&state, &session, "overview", "nav-overview").await?,
    })
}

/// How fresh what is synced is: kind, when it was synced last, and where to look.
async fn freshness(state: &AppState, session: &SignedIn) -> Result<Vec<(String, String, String)>, PageError> {
    let (read, workspace, t) = (state.database.read(), session.account.workspace, &session.words);
    let mut told = Vec::new();
    for kind in RunKind::ALL {
        let filter = RunFilter { kind: Some(kind), state: Some(RunState::Done) };
        let last = runs::select(&read, workspace, filter, Direction::Descending, &Position::Start, 1).await?;
        if let Some(run) = last.rows.first() {
            let until = run.receipt.covered_until.unwrap_or(run.requested_at);
            let address = format!("/console/runs?kind={}", kind.name());
            told.push((t.word("run-kind", kind.name()), t.date_time(until), address));
        }
    }
    Ok(told)
}

/// Today's API calls.
pub async fn calls(
    state: &AppState,
    session: &SignedIn,
    connection: Option<&Connection>,
) -> Result<Calls, PageError> {
    let day = state.clock.now().to_jiff().strftime("%Y-%m-%d").to_string();
    let ours = api_calls::of_day(&state.database.read(), session.account.workspace, &day).await?;
    let t = &session.words;
    Ok(Calls {
        ours: ours
            .into_iter()
            .map(|(feature, calls)| (t.word("feature", &feature), grouped(&calls.to_string()).into_owned()))
            .collect(),
        org: connection
            .and_then(|connection| connection.api_usage)
            .map(|usage| (usage.used, usage.allowed, render_usage(t, usage))),
    })
}

fn render_usage(t: &Translator, usage: ApiUsage) -> String {
    let values = [
        ("used", usage.used.to_string()),
        ("allowed", usage.allowed.to_string()),
        ("left", (usage.allowed - usage.used).max(0).to_string()),
        ("at", t.date_time(usage.at)),
    ];
    t.sentence("calls-org", values)
}
