//! The people of a segment.

use crate::actions::segment::count::{count, ready};
use crate::auth::session::SignedIn;
use crate::console::people::list::name_of;
use crate::console::segment::editor::{CountText, count_text};
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::listing::{Answer, Cell, List, ListRow, ListView, Loaded, respond};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::list::{Column, Direction, Filter, FilterKind, Request, Spec};
use domain::people::{EMAIL, Person};
use domain::segment::Segment;
use domain::value::PersonId;
use std::collections::BTreeMap;
use storage::people::person;
use storage::segment::{members, segments};

#[derive(Template)]
#[template(path = "console/segment/members.html")]
struct MembersPage {
    frame: ConsoleFrame,
    count: Option<CountText>,
    list: Box<ListView>,
}

/// Shows them.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let list = match respond::<SegmentPeople>(&state, &session, &visitor).await? {
        Answer::File(file) => return Ok(file),
        Answer::Shown(list) => list,
    };
    let frame = ConsoleFrame::new(&state, &session, "segments", "segment-people-title").await?;
    let Some(segment) = chosen(&state, &session, visitor.query.text("segment")).await? else {
        return render(&MembersPage { frame, count: None, list });
    };
    let counted = count(&state, session.account.workspace, &segment.condition, Some(segment.id)).await?;
    let frame = frame.under(segment.name, format!("/console/segments/{}", segment.id));
    render(&MembersPage { frame, count: Some(count_text(&session, &counted)), list })
}

async fn chosen(state: &AppState, session: &SignedIn, id: &str) -> Result<Option<Segment>, PageError> {
    let Ok(id) = id.parse() else { return Ok(None) };
    Ok(segments::find(&state.database.read(), session.account.workspace, id).await?)
}

/// The list.
pub struct SegmentPeople;

impl List for SegmentPeople {
    const SPEC: Spec = Spec {
        name: "segment-people",
        path: "/console/segments/people",
        tabs: &[],
        columns: &[
            Column::shown("person"),
            Column::shown("person-email"),
            Column::shown("person-company"),
            Column::shown("person-opted-out"),
            Column::hidden("changed"),
        ],
        filters: &[Filter { key: "segment", kind: FilterKind::Things }],
        sort: ("person", Direction::Ascending),
        searches: false,
        watched: "",
    };

    async fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        limit: u32,
    ) -> Result<Loaded, PageError> {
        let workspace = session.account.workspace;
        let wanted = request.filter("segment").unwrap_or_default();
        let Some(segment) = chosen(state, session, wanted).await? else { return Ok(Loaded::default()) };
        let Ok(Some(condition)) = ready(state, workspace, &segment.condition, Some(segment.id)).await? else {
            return Ok(Loaded::default());
        };
        let read = state.database.read();
        let found = members::list(&read, workspace, &condition, &request.position, limit).await?;
        let Some(found) = found else { return Ok(Loaded::default()) };
        let ids: Vec<PersonId> = found.rows.iter().map(|member| member.person).collect();
        let people = person::find_many(&read, workspace, &ids).await?;
        let people: BTreeMap<PersonId, Person> =
            people.into_iter().map(|person| (person.id, person)).collect();
        let t = &session.words;
        Ok(Loaded {
            rows: ids.iter().filter_map(|id| people.get(id)).map(|person| row(t, person)).collect(),
            before: found.before,
            after: found.after,
            count: None,
        })
    }

    async fn things(
        state: &AppState,
        session: &SignedIn,
        _filter: &str,
    ) -> Result<Vec<(String, String)>, PageError> {
        let found = segments::list(&state.database.read(), session.account.workspace).await?;
        Ok(found.into_iter().map(|segment| (segment.id.to_string(), segment.name)).collect())
    }
}

fn row(t: &Translator, person: &Person) -> ListRow {
    let value = |name: &str| person.snapshot.values.get(name).cloned().unwrap_or_default();
    let refusal = match person.opted_out {
        true => Cell::chips(vec![("warn", t.text("person-opted-out-yes"))]),
        false => Cell::default(),
    };
    ListRow {
        id: String::new(),
        address: format!("/console/people/{}", person.id),
        is_marked: false,
        cells: vec![
            ("person", Cell::text(name_of(person))),
            ("person-email", Cell::text(value(EMAIL))),
            ("person-company", Cell::text(value("company"))),
            ("person-opted-out", refusal),
            ("changed", Cell::time(t.date_time(person.updated_at), person.updated_at)),
        ],
    }
}
