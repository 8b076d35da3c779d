//! Who changed what, and when; for reading and as a file (N3).

use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::catalogue;
use crate::text::translator::Translator;
use crate::ui::listing::{Cell, List, ListRow, Loaded, csv, dates, page};
use axum::extract::State;
use axum::response::Response;
use domain::list::{Column, Direction, Filter, FilterKind, Request, Spec};
use storage::workspace::audit;
use storage::workspace::audit::{AuditFilter, Entry};

/// The list.
pub struct AuditLog;

/// Shows it, the latest first.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    session.may_configure()?;
    page::show::<AuditLog>(&state, &session, &visitor, "audit").await
}

/// Gives all lines as CSV, which spreadsheets open as UTF-8 by its first bytes.
pub async fn export(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    session.may_configure()?;
    let mut request = Request::read(&AuditLog::SPEC, &[]);
    request.columns = AuditLog::SPEC.columns.iter().map(|column| column.key).collect();
    Ok(csv::file::<AuditLog>(state, session, request, true))
}

/// Actions that belong together, for the filter.
const AREAS: [(&str, &[&str]); 5] = [
    ("sign-in", &["signed-in", "sign-in-failed", "password-changed"]),
    (
        "people",
        &[
            "account-made",
            "account-saved",
            "account-removed",
            "password-reset",
            "team-saved",
            "team-made",
            "member-saved",
        ],
    ),
    (
        "salesforce",
        &["connected", "disconnected", "connection-released", "settings-saved", "synced-fields-saved"],
    ),
    ("pages", &["page-made", "page-saved"]),
    ("keys", &["api-key-made", "api-key-removed"]),
];

impl List for AuditLog {
    const SPEC: Spec = Spec {
        name: "audit",
        path: "/console/audit",
        tabs: &[],
        columns: &[
            Column::shown("at").sorted(),
            Column::shown("actor"),
            Column::shown("action"),
            Column::hidden("code"),
        ],
        filters: &[
            Filter {
                key: "area",
                kind: FilterKind::Words(&["sign-in", "people", "salesforce", "pages", "keys"]),
            },
            Filter { key: "day", kind: FilterKind::Days },
        ],
        sort: ("at", Direction::Descending),
        searches: true,
        watched: "",
    };

    async fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        limit: u32,
    ) -> Result<Loaded, PageError> {
        let area = request.filter("area").and_then(|area| AREAS.iter().find(|(known, _)| *known == area));
        let (from, until) = dates::span(request, "day", &session.workspace.time_zone);
        let filter = AuditFilter {
            search: request.search.clone(),
            actions: area
                .map(|(_, codes)| codes.iter().map(|code| (*code).to_owned()).collect())
                .unwrap_or_default(),
            from,
            until,
        };
        let (read, workspace) = (state.database.read(), session.account.workspace);
        let found =
            audit::select(&read, workspace, &filter, request.direction, &request.position, limit).await?;
        Ok(Loaded::of(found, |entry| row(&session.words, &entry)))
    }
}

fn row(t: &Translator, entry: &Entry) -> ListRow {
    let actor = catalogue::actor(t.language, &entry.actor);
    ListRow {
        id: String::new(),
        address: String::new(),
        is_marked: false,
        cells: vec![
            ("at", Cell::time(t.date_time(entry.at), entry.at)),
            ("actor", Cell::text(actor)),
            ("action", Cell::text(t.render("audit", &entry.action))),
            ("code", Cell::code(&entry.action.code)),
        ],
    }
}
