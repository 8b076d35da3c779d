//! The list of bookings (予約一覧).

use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::listing::{Cell, List, ListRow, Loaded, dates, page};
use axum::extract::State;
use axum::response::Response;
use domain::booking::{Booking, BookingState};
use domain::delivery::{Delivery, DeliveryState, Subject};
use domain::list::{Column, Direction, Filter, FilterKind, Request, Spec};
use domain::value::Timestamp;
use storage::booking::bookings::{BookingFilter, BookingSort};
use storage::booking::{bookings, pages};
use storage::delivery::deliveries;

/// The list.
pub struct Bookings;

/// Shows it, the latest made first.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    page::show::<Bookings>(&state, &session, &visitor, "bookings").await
}

impl List for Bookings {
    const SPEC: Spec = Spec {
        name: "bookings",
        path: "/console/bookings",
        tabs: &["all", "upcoming", "past", "cancelled"],
        columns: &[
            Column::shown("visitor"),
            Column::shown("start").sorted(),
            Column::shown("made").sorted(),
            Column::hidden("title"),
            Column::shown("hosts"),
            Column::hidden("email"),
            Column::hidden("page"),
            Column::hidden("external-id"),
            Column::shown("salesforce"),
        ],
        filters: &[
            Filter { key: "page", kind: FilterKind::Things },
            Filter {
                key: "salesforce",
                kind: FilterKind::Words(&["due", "held", "done", "skipped", "failed", "cancelled"]),
            },
            Filter { key: "start", kind: FilterKind::Days },
            Filter { key: "made", kind: FilterKind::Days },
        ],
        sort: ("made", Direction::Descending),
        searches: true,
        watched: "bookings deliveries",
    };

    async fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        limit: u32,
    ) -> Result<Loaded, PageError> {
        let read = state.database.read();
        let workspace = session.account.workspace;
        let filter = filter(request, &session.workspace.time_zone, state.clock.now());
        let sort = if request.sort == "start" { BookingSort::Start } else { BookingSort::Made };
        let order = (sort, request.direction);
        let found = bookings::select(&read, workspace, &filter, order, &request.position, limit).await?;
        let subjects: Vec<Subject> = found.rows.iter().map(|booking| booking.id.into()).collect();
        let deliveries = deliveries::of_subjects(&read, workspace, &subjects).await?;
        Ok(Loaded::of(found, |booking| row(&session.words, &booking, &deliveries)))
    }

    async fn things(
        state: &AppState,
        session: &SignedIn,
        _filter: &str,
    ) -> Result<Vec<(String, String)>, PageError> {
        let pages = pages::list(&state.database.read(), session.account.workspace).await?;
        let language = session.words.language;
        Ok(pages.iter().map(|page| (page.id.to_string(), page.title_in(language).to_owned())).collect())
    }
}

fn filter(request: &Request, zone: &str, now: Timestamp) -> BookingFilter {
    let (start_from, start_until) = dates::span(request, "start", zone);
    let (made_from, made_until) = dates::span(request, "made", zone);
    let (state, from, until) = match request.tab {
        "upcoming" => (Some(BookingState::Confirmed), Some(now), None),
        "past" => (Some(BookingState::Confirmed), None, Some(now)),
        "cancelled" => (Some(BookingState::Cancelled), None, None),
        _ => (None, None, None),
    };
    BookingFilter {
        search: request.search.clone(),
        state,
        page: request.filter("page").map(str::to_owned),
        delivery_state: request.filter("salesforce").and_then(DeliveryState::from_name),
        start_from: start_from.max(from),
        start_until: match (start_until, until) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        },
        made_from,
        made_until,
    }
}

fn row(t: &Translator, booking: &Booking, deliveries: &[Delivery]) -> ListRow {
    let own = deliveries.iter().filter(|delivery| delivery.subject == booking.id.into());
    let visitor = Cell::text(booking.attendee.name.display(booking.language)).and(&booking.attendee.company);
    let is_cancelled = booking.state == BookingState::Cancelled;
    let state = t.word("booking-state", booking.state.name());
    ListRow {
        id: String::new(),
        address: format!("/console/bookings/{}", booking.id),
        is_marked: false,
        cells: vec![
            ("visitor", if is_cancelled { visitor.with_chip("cancelled", state) } else { visitor }),
            ("start", Cell::time(t.date_time(booking.start), booking.start)),
            ("made", Cell::time(t.date_time(booking.created_at), booking.created_at)),
            ("title", Cell::text(&booking.title)),
            ("hosts", Cell::text(t.list(booking.hosts.iter().map(|host| &host.name)))),
            ("email", Cell::text(booking.attendee.email.as_str())),
            ("page", Cell::code(&booking.page_path)),
            ("external-id", Cell::code(booking.external_id.clone().unwrap_or_default())),
            ("salesforce", Cell::chips(chips(t, own))),
        ],
    }
}

/// One word when all stand alike; otherwise each that isn't done, by its kind.
fn chips<'a>(t: &Translator, deliveries: impl Iterator<Item = &'a Delivery>) -> Vec<(&'static str, String)> {
    let all: Vec<&Delivery> = deliveries.collect();
    let state = |delivery: &Delivery| t.word("delivery-state", delivery.state.name());
    match all.as_slice() {
        [] => Vec::new(),
        [first, rest @ ..] if rest.iter().all(|one| one.state == first.state) => {
            vec![(first.state.name(), state(first))]
        }
        all => {
            let open = all.iter().filter(|one| one.state != DeliveryState::Done);
            open.map(|one| (one.state.name(), t.pair(t.word("delivery-short", one.kind.name()), state(one))))
                .collect()
        }
    }
}
