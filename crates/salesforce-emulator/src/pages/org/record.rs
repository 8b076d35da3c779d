//! One record: its fields, what happened to it, and what hangs on it.

use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Response};

use crate::org::history::Change;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;
use crate::pages::language::Language;
use crate::pages::org::home::what;
use crate::pages::org::parts::{Frame, Link, link, missing, name_of};
use crate::pages::render::page;
use crate::pages::words::Words;
use crate::soql::resolve::stored;
use crate::state::EmulatorState;

/// Lists that are shown first on a record, and how many entries of each list are.
const FIRST: [&str; 5] = ["Tasks", "Events", "CampaignMembers", "Contacts", "Opportunities"];
const SHOWN: usize = 20;

struct Shown {
    label: String,
    name: String,
    value: String,
    link: Option<String>,
}

struct Step {
    at: String,
    by: String,
    what: &'static str,
    fields: Vec<(String, String, String)>,
}

struct Related {
    label: String,
    total: usize,
    rows: Vec<(Link, String)>,
}

#[derive(Template)]
#[template(path = "org_record.html")]
struct Page {
    frame: Frame,
    words: &'static Words,
    object: String,
    label: String,
    title: String,
    id: String,
    deleted: bool,
    convertible: bool,
    deletable: bool,
    fields: Vec<Shown>,
    empty: Vec<String>,
    steps: Vec<Step>,
    related: Vec<Related>,
}

/// A record by object and id, as Lightning addresses it.
pub(crate) async fn by_name(
    State(state): State<Arc<EmulatorState>>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    show(&state, &id, &query.unwrap_or_default(), &headers)
}

/// A record by its id alone.
pub(crate) async fn by_id(
    State(state): State<Arc<EmulatorState>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    show(&state, &id, &query.unwrap_or_default(), &headers)
}

fn show(state: &EmulatorState, id: &str, query: &str, headers: &HeaderMap) -> Response<Body> {
    let org = state.read();
    let found = RecordId::parse(id).and_then(|id| org.record(id));
    let Some((object, record)) = found else { return missing(Language::of(headers, query)) };
    let path = format!("/lightning/r/{}/{}/view", object.name, record.id);
    let frame = Frame::new(&org, headers, &path, query);
    let (fields, empty) = fields(&frame, &org, object, record);
    let shown = Page {
        words: frame.words,
        object: object.name.clone(),
        label: frame.label(object),
        title: name_of(object, record),
        id: record.id.to_string(),
        deleted: record.is_deleted(object),
        convertible: object.name == "Lead" && !record.value(object, "IsConverted").is_true(),
        deletable: object.access.delete,
        fields,
        empty,
        steps: org.history.of(record.id).take(50).map(|change| step(&frame, &org, object, change)).collect(),
        related: related(&frame, &org, object, record),
        frame,
    };
    page(200, &shown)
}

fn fields(frame: &Frame, org: &Org, object: &ObjectType, record: &Record) -> (Vec<Shown>, Vec<String>) {
    let japanese = frame.language.is_japanese();
    let (mut filled, mut empty) = (Vec::new(), Vec::new());
    for (index, field) in object.fields().iter().enumerate() {
        if field.kind.is_compound() {
            continue;
        }
        let value = stored(object, record, index);
        let label = field.label_in(japanese).to_owned();
        if value.is_null() {
            empty.push(label);
            continue;
        }
        let to = value.as_id().filter(|id| *id != record.id).and_then(|id| link(org, id));
        let (text, address) = match to {
            Some(to) => (to.name, Some(to.address)),
            None => (frame.value(&value), None),
        };
        filled.push(Shown { label, name: field.name.clone(), value: text, link: address });
    }
    (filled, empty)
}

fn step(frame: &Frame, org: &Org, object: &ObjectType, change: &Change) -> Step {
    let japanese = frame.language.is_japanese();
    let label = |name: &str| {
        object.field(name).map_or_else(|| name.to_owned(), |field| field.label_in(japanese).to_owned())
    };
    let shown = |text: &str| {
        let target = RecordId::parse(text).filter(|_| text.len() == 18).and_then(|id| link(org, id));
        target.map_or_else(|| text.to_owned(), |link| link.name)
    };
    Step {
        at: frame.time(change.at),
        by: link(org, change.user).map(|user| user.name).unwrap_or_default(),
        what: what(frame.words, change.action),
        fields: change
            .fields
            .iter()
            .map(|field| (label(&field.field), shown(&field.before), shown(&field.after)))
            .collect(),
    }
}

fn related(frame: &Frame, org: &Org, object: &ObjectType, record: &Record) -> Vec<Related> {
    let mut children: Vec<_> = org.schema.children_of(&object.name).collect();
    children.retain(|child| child.field.children.is_some());
    children.sort_by_key(|child| {
        FIRST.iter().position(|name| child.field.children.as_deref() == Some(name)).unwrap_or(FIRST.len())
    });
    let mut lists = Vec::new();
    for child in children {
        let found = org.find(&child.object.name, &child.field.name, &Value::Id(record.id));
        let rows: Vec<(Link, String)> = found
            .iter()
            .rev()
            .take(SHOWN)
            .filter_map(|row| Some((link(org, row.id)?, detail(frame, org, child.object, row))))
            .collect();
        if !rows.is_empty() {
            lists.push(Related { label: frame.label(child.object), total: found.len(), rows });
        }
    }
    lists
}

/// What says most about a row besides its name.
fn detail(frame: &Frame, org: &Org, object: &ObjectType, row: &Record) -> String {
    let names = ["CampaignId", "Status", "StageName", "StartDateTime", "ActivityDate", "Email"];
    let values = names.iter().map(|name| row.value(object, name)).filter(|value| !value.is_null());
    let texts = values.take(2).map(|value| {
        let target = value.as_id().and_then(|id| link(org, id));
        target.map_or_else(|| frame.value(value), |link| link.name)
    });
    texts.collect::<Vec<_>>().join(" · ")
}
