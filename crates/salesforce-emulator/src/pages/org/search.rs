//! The search box: records by their words, or one by its id.

use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response};

use crate::org::ids::RecordId;
use crate::org::store::Org;
use crate::pages::org::parts::{Frame, Link, link, parameter};
use crate::pages::render::{moved, page};
use crate::pages::words::Words;
use crate::soql::eval::Reader;
use crate::sosl::{self, Search};
use crate::state::EmulatorState;

/// Records shown.
const SHOWN: usize = 100;

struct Group {
    label: String,
    rows: Vec<Link>,
}

#[derive(Template)]
#[template(path = "org_search.html")]
struct Results {
    frame: Frame,
    words: &'static Words,
    wanted: String,
    groups: Vec<Group>,
}

/// What the search box finds; an id leads straight to its record.
pub(crate) async fn search(
    State(state): State<Arc<EmulatorState>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let query = query.unwrap_or_default();
    // A search looks at every record there is.
    let found = tokio::task::spawn_blocking(move || results(&state, &query, &headers)).await;
    found.unwrap_or_default()
}

fn results(state: &EmulatorState, query: &str, headers: &HeaderMap) -> Response<Body> {
    let wanted = parameter(query, "q").trim().to_owned();
    let org = state.read();
    let frame = Frame::new(&org, headers, "/emulator/search", query);
    if let Some(found) = RecordId::parse(&wanted).and_then(|id| link(&org, id)) {
        return moved(&format!("{}?language={}", found.address, frame.words.code));
    }
    let groups = groups(&frame, &org, &wanted);
    page(200, &Results { words: frame.words, wanted, groups, frame })
}

fn groups(frame: &Frame, org: &Org, wanted: &str) -> Vec<Group> {
    let zone = jiff::tz::TimeZone::UTC;
    let user = org.settings.admin;
    let reader = Reader { org, zone: &zone, version: 66, user, all_rows: false, base_path: "" };
    // People type the beginning of a word.
    let begun: Vec<String> = wanted.split_whitespace().map(|word| format!("{word}*")).collect();
    let search = Search { text: begun.join(" "), limit: Some(SHOWN), ..Search::default() };
    let found = sosl::search(&reader, &search).unwrap_or_default();
    let group = |found: &sosl::Found| Group {
        label: frame.label(&found.prepared.object),
        rows: found.records.iter().filter_map(|record| link(org, record.id)).collect(),
    };
    found.iter().filter(|found| !found.records.is_empty()).map(group).collect()
}
