//! The people of the customer database.

use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::listing::{Answer, Cell, List, ListRow, ListView, Loaded, respond};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::list::{Column, Direction, Request, Spec};
use domain::people::{EMAIL, LinkState, PeopleSync, Person};
use domain::value::PersonId;
use std::collections::BTreeMap;
use storage::people::{links, person};
use storage::workspace::settings;

#[derive(Template)]
#[template(path = "console/people/list.html")]
struct PeoplePage {
    frame: ConsoleFrame,
    is_on: bool,
    list: Box<ListView>,
}

/// Shows them.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let list = match respond::<PeopleList>(&state, &session, &visitor).await? {
        Answer::File(file) => return Ok(file),
        Answer::Shown(list) => list,
    };
    let sync = settings::find::<PeopleSync>(&state.database.read(), session.account.workspace).await?;
    let frame = ConsoleFrame::new(&state, &session, "people", "nav-people").await?;
    render(&PeoplePage { frame, is_on: sync.enabled, list })
}

/// The list.
pub struct PeopleList;

impl List for PeopleList {
    const SPEC: Spec = Spec {
        name: "customers",
        path: "/console/people",
        tabs: &[],
        columns: &[
            Column::shown("person"),
            Column::shown("person-email"),
            Column::shown("person-company"),
            Column::shown("sync-state"),
            Column::shown("changed").sorted(),
        ],
        filters: &[],
        sort: ("changed", Direction::Descending),
        searches: true,
        watched: "runs",
    };

    async fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        limit: u32,
    ) -> Result<Loaded, PageError> {
        let (read, workspace) = (state.database.read(), session.account.workspace);
        let found = person::select(&read, workspace, &request.search, &request.position, limit).await?;
        let ids: Vec<PersonId> = found.rows.iter().map(|person| person.id).collect();
        let partners = links::of_people(&read, workspace, &ids).await?;
        let states: BTreeMap<PersonId, LinkState> =
            partners.iter().filter(|link| link.is_partner).map(|link| (link.person, link.state)).collect();
        let t = &session.words;
        Ok(Loaded::of(found, |person| row(t, &person, states.get(&person.id).copied())))
    }
}

fn row(t: &Translator, person: &Person, partner: Option<LinkState>) -> ListRow {
    let value = |name: &str| person.snapshot.values.get(name).cloned().unwrap_or_default();
    let state = state_of(person, partner);
    ListRow {
        id: String::new(),
        address: format!("/console/people/{}", person.id),
        is_marked: false,
        cells: vec![
            ("person", Cell::text(name_of(person))),
            ("person-email", Cell::text(value(EMAIL))),
            ("person-company", Cell::text(value("company"))),
            ("sync-state", Cell::chips(vec![(state.name(), t.word("person-sync", state.name()))])),
            ("changed", Cell::time(t.date_time(person.updated_at), person.updated_at)),
        ],
    }
}

/// How the sync of a person stands.
pub(super) fn state_of(person: &Person, partner: Option<LinkState>) -> LinkState {
    if person.is_pending { LinkState::Waiting } else { partner.unwrap_or(LinkState::Waiting) }
}

/// What a person is called: the name, else the address.
pub(in crate::console) fn name_of(person: &Person) -> String {
    let value = |name: &str| person.snapshot.values.get(name).map_or("", String::as_str).trim();
    let parts: Vec<&str> =
        [value("last_name"), value("first_name")].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { value(EMAIL).to_owned() } else { parts.join(" ") }
}
