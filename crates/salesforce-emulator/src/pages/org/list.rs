//! The records of one object, newest first.

use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Response};

use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::pages::language::Language;
use crate::pages::org::parts::{Frame, missing, name_of};
use crate::pages::render::page;
use crate::pages::words::Words;
use crate::state::EmulatorState;

/// Records on one page.
const PAGE: usize = 50;
/// Columns that say most about a record, as far as an object has them.
const TELLING: [&str; 11] = [
    "Email",
    "Company",
    "Status",
    "StageName",
    "Subject",
    "ActivityDate",
    "StartDateTime",
    "CampaignId",
    "Industry",
    "Username",
    "IsActive",
];

struct Row {
    name: String,
    address: String,
    cells: Vec<String>,
    deleted: bool,
}

#[derive(Template)]
#[template(path = "org_list.html")]
struct List {
    frame: Frame,
    words: &'static Words,
    label: String,
    name: String,
    columns: Vec<String>,
    rows: Vec<Row>,
    total: usize,
    previous: Option<String>,
    next: Option<String>,
}

/// The records of one object.
pub(crate) async fn list(
    State(state): State<Arc<EmulatorState>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let query = query.unwrap_or_default();
    let org = state.read();
    let Some(object) = org.schema.object(&name) else { return missing(Language::of(&headers, &query)) };
    let path = format!("/lightning/o/{}/list", object.name);
    let frame = Frame::new(&org, &headers, &path, &query);
    let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "page");
    let number: usize = asked.and_then(|(_, page)| page.parse().ok()).unwrap_or(1).clamp(1, 1_000_000);
    let columns: Vec<usize> = TELLING.iter().filter_map(|name| object.index_of(name)).take(4).collect();
    let total = org.table(&object.name).map_or(0, crate::org::records::Table::count_all);
    let rows = rows(&frame, &org, object, &columns, number);
    let turn = |to: usize| Some(format!("{path}?page={to}&language={}", frame.words.code));
    let japanese = frame.language.is_japanese();
    let shown = List {
        words: frame.words,
        label: frame.label(object),
        name: object.name.clone(),
        columns: columns.iter().map(|index| object.fields()[*index].label_in(japanese).to_owned()).collect(),
        rows,
        total,
        previous: (number > 1).then(|| turn(number - 1)).flatten(),
        next: (number * PAGE < total).then(|| turn(number + 1)).flatten(),
        frame,
    };
    page(200, &shown)
}

fn rows(frame: &Frame, org: &Org, object: &Arc<ObjectType>, columns: &[usize], number: usize) -> Vec<Row> {
    let all = org.table(&object.name).into_iter().flat_map(|table| table.rows().rev());
    let shown = all.skip((number - 1) * PAGE).take(PAGE);
    let row = |record: &Arc<Record>| Row {
        name: name_of(object, record),
        address: format!("/lightning/r/{}/{}/view", object.name, record.id),
        cells: columns.iter().map(|index| cell(frame, org, object, record, *index)).collect(),
        deleted: record.is_deleted(object),
    };
    shown.map(row).collect()
}

fn cell(frame: &Frame, org: &Org, object: &ObjectType, record: &Record, index: usize) -> String {
    let value = crate::soql::resolve::stored(object, record, index);
    let target = value.as_id().and_then(|id| crate::pages::org::parts::link(org, id));
    target.map_or_else(|| frame.value(&value), |link| link.name)
}
