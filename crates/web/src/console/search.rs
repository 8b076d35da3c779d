//! The command search: pages of the console, bookings, companies and people by name.

use crate::actions::company::list::Companies;
use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::catalogue::find_text;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::navigation::{Entry, MENU, ON_TOP};
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::list::{Direction, Position};
use domain::value::search_key;
use serde::Serialize;
use storage::booking::bookings::{BookingFilter, BookingSort};
use storage::booking::{bookings, pages};
use storage::workspace::teams;

/// Results of one kind.
const EACH: usize = 6;
/// The longest text that is searched for.
const MAX_TYPED: usize = 100;

/// Something that was found.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    /// What it is called.
    label: String,
    /// What kind of thing it is.
    place: String,
    /// Where it is.
    href: String,
}

#[derive(Template)]
#[template(path = "console/search.html")]
struct SearchPage {
    frame: ConsoleFrame,
    typed: String,
    found: Vec<Found>,
}

/// Shows everything that fits, as a page.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let typed: String = visitor.query.text("q").chars().take(MAX_TYPED).collect();
    render(&SearchPage {
        found: find(&state, &session, &typed).await?,
        typed,
        frame: ConsoleFrame::new(&state, &session, "search", "search-title").await?,
    })
}

/// The same while one types.
pub async fn suggest(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Json<Vec<Found>>, PageError> {
    let typed: String = visitor.query.text("q").chars().take(MAX_TYPED).collect();
    Ok(Json(find(&state, &session, &typed).await?))
}

async fn find(state: &AppState, session: &SignedIn, typed: &str) -> Result<Vec<Found>, PageError> {
    let t = &session.words;
    let key = search_key(typed);
    let mut found = menu(t, session.account.role.may_configure(), &key);
    if key.is_empty() {
        return Ok(found);
    }
    let read = state.database.read();
    let workspace = session.account.workspace;
    let pages = pages::list(&read, workspace).await?;
    let fitting = pages.iter().filter(|page| {
        [&page.title, &page.title_en, &page.slug].iter().any(|name| search_key(name).contains(&key))
    });
    found.extend(fitting.take(EACH).map(|page| Found {
        label: page.title_in(t.language).to_owned(),
        place: t.text("nav-pages"),
        href: format!("/console/pages/{}", page.id),
    }));
    let filter = BookingFilter { search: typed.to_owned(), ..BookingFilter::default() };
    let order = (BookingSort::Start, Direction::Descending);
    let each = u32::try_from(EACH).unwrap_or(u32::MAX);
    let bookings = bookings::select(&read, workspace, &filter, order, &Position::Start, each).await?;
    found.extend(bookings.rows.iter().map(|booking| {
        let name = booking.attendee.name.display(booking.language);
        let names = [name.as_str(), booking.attendee.company.as_str()];
        Found {
            label: t.list(names.into_iter().filter(|name| !name.is_empty())),
            place: t.pair(t.text("nav-bookings"), t.date_time(booking.start)),
            href: format!("/console/bookings/{}", booking.id),
        }
    }));
    let companies = Companies::find(state, workspace).await?;
    if companies.were_imported() {
        let rows = companies.search(state, typed.trim(), each).await?;
        found.extend(rows.iter().map(|row| Found {
            label: domain::company::name(row),
            place: t.text("nav-companies"),
            href: format!("/console/companies/record/{}", row.record_id),
        }));
    }
    let members = teams::list_members(&read, workspace).await?;
    let fitting = members
        .iter()
        .filter(|member| search_key(&member.name).contains(&key) || member.email.key().contains(&key));
    found.extend(fitting.take(EACH).map(|member| Found {
        label: member.name.clone(),
        place: t.text("bookable-members"),
        href: format!("/console/members?member={}#member-form", member.id),
    }));
    Ok(found)
}

/// Entries of the menu whose name, group or other words hold what was typed; all of them for nothing.
fn menu(t: &Translator, may_configure: bool, key: &str) -> Vec<Found> {
    let entries = MENU.iter().flat_map(|group| group.entries.iter().map(move |entry| (group.key, *entry)));
    let entries = entries.chain(ON_TOP.map(|entry| ("", entry)));
    let fits = |entry: &Entry| {
        let words = find_text(t.language, &format!("nav-words-{}", entry.key)).unwrap_or_default();
        search_key(&format!("{} {words}", t.word("nav", entry.key))).contains(key)
    };
    entries
        .filter(|(_, entry)| may_configure || !entry.is_for_admins)
        .filter(|(_, entry)| fits(entry))
        .map(|(group, entry)| Found {
            label: t.word("nav", entry.key),
            place: if group.is_empty() { String::new() } else { t.word("nav-group", group) },
            href: entry.path.to_owned(),
        })
        .collect()
}
