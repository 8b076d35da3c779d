//! Messages to the people of the workspace (N1).

use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::notification_text::address;
use crate::text::translator::Translator;
use crate::ui::listing::{Bulk, Cell, List, ListRow, Loaded, page};
use axum::extract::State;
use axum::response::{Redirect, Response};
use domain::list::{Column, Direction, Filter, FilterKind, Request, Spec};
use domain::notification::{InboxMessage, NoticeKind};
use storage::notification::inbox;
use storage::notification::inbox::MessageFilter;

/// Messages that are marked at once.
const MOST: usize = 500;

/// The list.
pub struct Messages;

/// Shows it, the latest first.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    page::show::<Messages>(&state, &session, &visitor, "notices").await
}

/// Marks those that were chosen as seen, or all.
pub async fn mark_read(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let chosen: Vec<_> = posted.form.all("id").iter().filter_map(|id| id.parse().ok()).take(MOST).collect();
    let workspace = posted.session.account.workspace;
    let write = state.database.write().await?;
    if chosen.is_empty() {
        inbox::mark_read(&write, workspace).await?;
    } else {
        inbox::mark_some_read(&write, workspace, &chosen).await?;
    }
    write.commit().await?;
    let done = if chosen.is_empty() { "read" } else { "some-read" };
    Ok(Redirect::to(&format!("/console/notices?done={done}")))
}

impl List for Messages {
    const SPEC: Spec = Spec {
        name: "notices",
        path: "/console/notices",
        tabs: &["everything", "unread"],
        columns: &[Column::shown("message"), Column::shown("at").sorted()],
        filters: &[Filter { key: "notice", kind: FilterKind::Things }],
        sort: ("at", Direction::Descending),
        searches: false,
        watched: "notices",
    };

    async fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        limit: u32,
    ) -> Result<Loaded, PageError> {
        let filter = MessageFilter {
            only_unread: request.tab == "unread",
            kind: request.filter("notice").map(str::to_owned),
        };
        let (read, workspace) = (state.database.read(), session.account.workspace);
        let found =
            inbox::select(&read, workspace, &filter, request.direction, &request.position, limit).await?;
        Ok(Loaded::of(found, |message| row(&session.words, &message)))
    }

    async fn things(
        _state: &AppState,
        session: &SignedIn,
        _filter: &str,
    ) -> Result<Vec<(String, String)>, PageError> {
        let t = &session.words;
        let kinds = NoticeKind::all().map(|kind| {
            let event = kind.event().map_or("test", domain::notification::NotificationEvent::name);
            let told = match kind {
                NoticeKind::Run(run, _) => {
                    t.pair(t.word("notification-event", event), t.word("run-kind", run.name()))
                }
                _ => t.word("notification-event", event),
            };
            (kind.name(), told)
        });
        Ok(kinds.collect())
    }

    fn bulk(_session: &SignedIn, _request: &Request) -> Vec<Bulk> {
        vec![Bulk { text: "notices-mark-these-read", action: "/console/notices", icon: "check" }]
    }
}

fn row(t: &Translator, message: &InboxMessage) -> ListRow {
    let text = Cell::text(t.render("notice", &message.notice.message));
    ListRow {
        id: message.id.to_string(),
        address: address(&message.notice, 1),
        is_marked: false,
        cells: vec![
            ("message", if message.read { text } else { text.with_chip("warn", t.text("notice-new")) }),
            ("at", Cell::time(t.date_time(message.at), message.at)),
        ],
    }
}
