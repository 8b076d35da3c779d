//! What needs attention (要対応): deliveries that were given up, by cause, with what cures it.

use crate::auth::session::SignedIn;
use crate::console::delivery::cures::{self, Cure};
use crate::console::delivery::failed_actions::address_of;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::listing::{Answer, Bulk, Cell, List, ListRow, ListView, Loaded, respond};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::booking::Booking;
use domain::delivery::{Delivery, DeliveryKind, DeliveryState};
use domain::form::Submission;
use domain::list::{Column, Direction, Filter, FilterKind, Request, Spec};
use domain::value::{BookingId, SubmissionId};
use storage::booking::bookings;
use storage::delivery::ignored::FailedFilter;
use storage::delivery::{deliveries, ignored};
use storage::form::submissions;
use storage::org::connections;

/// Causes that the page shows.
const CAUSES: u32 = 20;

/// The list.
pub struct Failed;

struct Cause {
    code: String,
    text: String,
    said: String,
    count: String,
    cure: Option<Cure>,
    list: String,
}

#[derive(Template)]
#[template(path = "console/delivery/failed.html")]
struct ErrorsPage {
    frame: ConsoleFrame,
    causes: Vec<Cause>,
    held: i64,
    list: Box<ListView>,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let list = match respond::<Failed>(&state, &session, &visitor).await? {
        Answer::File(file) => return Ok(file),
        Answer::Shown(list) => list,
    };
    let read = state.database.read();
    let workspace = session.account.workspace;
    let counts = deliveries::count_by_state(&read, workspace).await?;
    let held = counts.iter().find(|(state, _)| *state == DeliveryState::Held).map_or(0, |(_, n)| *n);
    let is_first = list.request.tab == "open" && !list.request.is_narrowed();
    render(&ErrorsPage {
        causes: if is_first { causes(&state, &session).await? } else { Vec::new() },
        held,
        list,
        frame: ConsoleFrame::new(&state, &session, "errors", "nav-errors").await?,
    })
}

async fn causes(state: &AppState, session: &SignedIn) -> Result<Vec<Cause>, PageError> {
    let t = &session.words;
    let read = state.database.read();
    let workspace = session.account.workspace;
    let org = connections::find(&read, workspace).await?;
    let instance = org.as_ref().map(|org| org.instance_url.as_str());
    let mut causes = Vec::new();
    for cause in ignored::causes(&read, workspace, CAUSES).await? {
        let latest = deliveries::find(&read, workspace, cause.latest).await?;
        causes.push(Cause {
            text: cures::cause_text(t, &cause.code),
            said: latest.map(|latest| cures::response_text(t, &cause.code, &latest)).unwrap_or_default(),
            count: t.fill("errors-count", "count", cause.count),
            cure: cures::cure(t, &cause.code, instance),
            list: format!("{}?cause={}", Failed::SPEC.path, cause.code),
            code: cause.code,
        });
    }
    Ok(causes)
}

impl List for Failed {
    const SPEC: Spec = Spec {
        name: "errors",
        path: "/console/errors",
        tabs: &["open", "ignored", "held"],
        columns: &[
            Column::shown("visitor"),
            Column::shown("work"),
            Column::shown("cause"),
            Column::shown("tried").sorted(),
            Column::hidden("start"),
            Column::hidden("attempts"),
        ],
        filters: &[
            Filter { key: "cause", kind: FilterKind::Things },
            Filter { key: "work", kind: FilterKind::Words(&["page", "todo", "campaign", "record"]) },
        ],
        sort: ("tried", Direction::Descending),
        searches: true,
        watched: "deliveries",
    };

    async fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        limit: u32,
    ) -> Result<Loaded, PageError> {
        let read = state.database.read();
        let workspace = session.account.workspace;
        let filter = FailedFilter {
            state: if request.tab == "held" { DeliveryState::Held } else { DeliveryState::Failed },
            ignored: request.tab == "ignored",
            search: request.search.clone(),
            cause: request.filter("cause").map(str::to_owned),
            kind: request.filter("work").and_then(DeliveryKind::from_name),
        };
        let found =
            ignored::select(&read, workspace, &filter, request.direction, &request.position, limit).await?;
        let ids: Vec<BookingId> =
            found.rows.iter().filter_map(|delivery| delivery.subject.booking()).collect();
        let bookings = bookings::find_many(&read, workspace, &ids).await?;
        let ids: Vec<SubmissionId> =
            found.rows.iter().filter_map(|delivery| delivery.subject.submission()).collect();
        let submissions = submissions::find_many(&read, workspace, &ids).await?;
        Ok(Loaded::of(found, |delivery| row(&session.words, &delivery, &bookings, &submissions)))
    }

    async fn things(
        state: &AppState,
        session: &SignedIn,
        _filter: &str,
    ) -> Result<Vec<(String, String)>, PageError> {
        let found = ignored::causes(&state.database.read(), session.account.workspace, CAUSES).await?;
        Ok(found.into_iter().map(|cause| (cause.code.clone(), cause.code)).collect())
    }

    fn bulk(session: &SignedIn, request: &Request) -> Vec<Bulk> {
        let retry = Bulk { text: "retry", action: "/console/errors/retry", icon: "rotate-ccw" };
        let ignore = Bulk { text: "ignore", action: "/console/errors/ignore", icon: "x" };
        let notice = Bulk { text: "stop-ignoring", action: "/console/errors/unignore", icon: "undo-2" };
        match request.tab {
            _ if !session.account.role.may_edit() => Vec::new(),
            "open" => vec![retry, ignore],
            "ignored" => vec![retry, notice],
            _ => Vec::new(),
        }
    }
}

fn row(t: &Translator, delivery: &Delivery, bookings: &[Booking], submissions: &[Submission]) -> ListRow {
    let id = delivery.subject.booking();
    let booking = bookings.iter().find(|booking| Some(booking.id) == id);
    let visitor = booking.map(|booking| {
        Cell::text(booking.attendee.name.display(booking.language)).and(&booking.attendee.company)
    });
    let submission = submissions.iter().find(|one| Some(one.id) == delivery.subject.submission());
    let visitor = visitor.or(submission.map(|one| {
        let email = one.email.as_ref().map_or("", domain::value::EmailAddress::as_str);
        Cell::text(if email.is_empty() { one.form_title.as_str() } else { email }).and(&one.form_title)
    }));
    ListRow {
        id: delivery.id.to_string(),
        address: address_of(delivery.subject),
        is_marked: false,
        cells: vec![
            ("visitor", visitor.unwrap_or_else(|| Cell::code(delivery.id.to_string()))),
            ("work", Cell::text(t.word("delivery-kind", delivery.kind.name()))),
            ("cause", Cell::code(delivery.error_code.clone().unwrap_or_default())),
            ("tried", Cell::time(t.date_time(delivery.due_at), delivery.due_at)),
            ("start", booking.map(|one| Cell::time(t.date_time(one.start), one.start)).unwrap_or_default()),
            ("attempts", Cell::text(delivery.attempts.to_string())),
        ],
    }
}
