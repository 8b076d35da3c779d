//! The first page: objects with their counts, faults in force, the latest changes.

use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response};

use crate::engagement::table::Table;
use crate::lock::lock;
use crate::org::history::{Action, Change};
use crate::org::store::Org;
use crate::pages::org::parts::{Frame, link};
use crate::pages::render::page;
use crate::pages::words::Words;
use crate::state::EmulatorState;

const CHANGES: usize = 12;
/// Objects shown first.
const FIRST: [&str; 9] =
    ["Lead", "Contact", "Account", "Opportunity", "Task", "Event", "Campaign", "CampaignMember", "User"];

struct Tile {
    name: String,
    label: String,
    count: usize,
}

struct Unit {
    name: String,
    id: String,
    records: String,
}

struct Latest {
    at: String,
    what: &'static str,
    object: String,
    name: String,
    address: String,
    fields: String,
}

#[derive(Template)]
#[template(path = "org_home.html")]
struct Home {
    frame: Frame,
    words: &'static Words,
    objects: Vec<Tile>,
    others: Vec<Tile>,
    campaigns: Vec<(String, String)>,
    latest: Vec<Latest>,
    engagement: Vec<Unit>,
    faults: Vec<String>,
    used: u64,
    limit: u64,
}

/// The first page.
pub(crate) async fn home(
    State(state): State<Arc<EmulatorState>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let used = lock(&state.usage).used(state.clock.now());
    let org = state.read();
    let frame = Frame::new(&org, &headers, "/", query.as_deref().unwrap_or_default());
    let tile = |name: &str| {
        let object = org.schema.object(name)?;
        let count = org.live(name).count();
        Some(Tile { name: object.name.clone(), label: frame.label(object), count })
    };
    let mut others: Vec<Tile> = org
        .schema
        .objects()
        .map(|object| object.name.as_str())
        .filter(|name| !FIRST.contains(name))
        .filter_map(tile)
        .collect();
    others.retain(|tile| tile.count > 0);
    let objects = FIRST.iter().filter_map(|name| tile(name)).collect();
    let latest = org.history.latest().take(CHANGES).map(|change| latest(&frame, &org, change)).collect();
    let campaigns = campaigns(&org);
    let faults = state.faults.to_json().iter().map(ToString::to_string).collect();
    let engagement = engagement(&state);
    let limit = org.settings.limits.daily_api_requests;
    page(
        200,
        &Home {
            words: frame.words,
            objects,
            others,
            campaigns,
            latest,
            engagement,
            faults,
            used,
            limit,
            frame,
        },
    )
}

/// Business units with the number of their prospects, lists and memberships.
fn engagement(state: &EmulatorState) -> Vec<Unit> {
    let engagement = lock(&state.engagement);
    let units = engagement.units().iter().map(|unit| {
        let collections = ["prospects", "lists", "list-memberships"];
        let counts = collections.map(|name| format!("{name} {}", unit.table(name).map_or(0, Table::count)));
        Unit { name: unit.name.clone(), id: unit.id.clone(), records: counts.join(" · ") }
    });
    units.collect()
}

fn campaigns(org: &Org) -> Vec<(String, String)> {
    let Some(object) = org.schema.object("Campaign") else { return Vec::new() };
    let active = org.live("Campaign").filter(|record| record.value(object, "IsActive").is_true());
    active.take(10).map(|record| (record.value(object, "Name").to_text(), record.id.to_string())).collect()
}

fn latest(frame: &Frame, org: &Org, change: &Change) -> Latest {
    let to = link(org, change.id);
    let fields: Vec<&str> = change.fields.iter().take(6).map(|field| field.field.as_str()).collect();
    Latest {
        at: frame.time(change.at),
        what: what(frame.words, change.action),
        object: org.schema.object(&change.object).map(|object| frame.label(object)).unwrap_or_default(),
        name: to.as_ref().map(|to| to.name.clone()).unwrap_or_default(),
        address: to.map(|to| to.address).unwrap_or_default(),
        fields: if change.action == Action::Updated { fields.join(", ") } else { String::new() },
    }
}

/// What was done, in words.
pub(super) fn what(words: &'static Words, action: Action) -> &'static str {
    match action {
        Action::Created => words.created,
        Action::Updated => words.updated,
        Action::Deleted => words.deleted,
        Action::Undeleted => words.undeleted,
    }
}
