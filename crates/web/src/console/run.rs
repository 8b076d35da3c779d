//! Every run of a sync or an import (同期履歴).

use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::listing::{Cell, List, ListRow, Loaded, page};
use crate::ui::run_list::run_lines;
use axum::extract::State;
use axum::response::Response;
use domain::list::{Column, Direction, Filter, FilterKind, Request, Spec};
use domain::run::{Run, RunKind, RunState};
use storage::run::runs;
use storage::run::runs::RunFilter;

/// The list.
pub struct Runs;

/// Shows it, the latest first.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    page::show::<Runs>(&state, &session, &visitor, "runs").await
}

impl List for Runs {
    const SPEC: Spec = Spec {
        name: "runs",
        path: "/console/runs",
        tabs: &[],
        columns: &[
            Column::shown("kind"),
            Column::shown("state"),
            Column::shown("requested").sorted(),
            Column::hidden("origin"),
            Column::shown("counts"),
            Column::shown("duration"),
            Column::shown("calls"),
            Column::hidden("receipt"),
        ],
        filters: &[
            Filter {
                key: "kind",
                kind: FilterKind::Words(&[
                    "synced_fields",
                    "company_import",
                    "engagement_lists",
                    "tag_reconciliation",
                    "people_sync",
                ]),
            },
            Filter {
                key: "run-state",
                kind: FilterKind::Words(&["waiting", "running", "done", "failed", "stopped"]),
            },
        ],
        sort: ("requested", Direction::Descending),
        searches: false,
        watched: "runs",
    };

    async fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        limit: u32,
    ) -> Result<Loaded, PageError> {
        let filter = RunFilter {
            kind: request.filter("kind").and_then(RunKind::parse),
            state: request.filter("run-state").and_then(RunState::parse),
        };
        let (read, workspace) = (state.database.read(), session.account.workspace);
        let found =
            runs::select(&read, workspace, filter, request.direction, &request.position, limit).await?;
        Ok(Loaded::of(found, |run| row(&session.words, &run)))
    }
}

fn row(t: &Translator, run: &Run) -> ListRow {
    let address = match run.kind {
        RunKind::SyncedFields => "/console/synced-fields",
        RunKind::CompanyImport => "/console/companies",
        RunKind::EngagementLists => "/console/engagement-lists",
        RunKind::TagReconciliation => "/console/tag",
        RunKind::PeopleSync => "/console/people/sync",
    };
    let told = run_lines(t, std::slice::from_ref(run)).pop();
    let (counts, reason, receipt) =
        told.map(|line| (line.counts, line.reason, line.receipt)).unwrap_or_default();
    let seconds = run.started_at.zip(run.finished_at).map(|(from, to)| to.seconds() - from.seconds());
    ListRow {
        id: String::new(),
        address: address.to_owned(),
        is_marked: false,
        cells: vec![
            ("kind", Cell::text(t.word("run-kind", run.kind.name()))),
            (
                "state",
                Cell::chips(vec![(run.state.name(), t.word("run-state", run.state.name()))]).and(reason),
            ),
            ("requested", Cell::time(t.date_time(run.requested_at), run.requested_at)),
            ("origin", Cell::text(t.word("run-origin", run.origin.name()))),
            ("counts", Cell::text(counts)),
            (
                "duration",
                Cell::text(seconds.map(|seconds| t.fill("seconds", "count", seconds)).unwrap_or_default()),
            ),
            ("calls", Cell::text(run.receipt.calls.to_string())),
            ("receipt", Cell::text(receipt)),
        ],
    }
}
